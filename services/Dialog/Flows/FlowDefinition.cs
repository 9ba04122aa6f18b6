namespace Mesh.Dialog.Flows;

/// <summary>One thing that customers come for, and the steps that do it.</summary>
/// <param name="Name">Lower-case identifier, unique among all files.</param>
/// <param name="Title">How a customer would name it: "查物流".</param>
/// <param name="Examples">How customers ask for it; empty for a flow that only others link to.</param>
/// <param name="RequiresCustomer">An anonymous visitor is asked to sign in instead.</param>
/// <param name="Revision">Hash of the definition, lower-case hexadecimal.</param>
public sealed record FlowDefinition(
    string Name, LocalText Title, Examples Examples, bool RequiresCustomer, IReadOnlyList<FlowStep> Steps, string Revision)
{
    /// <summary>Offered to customers who did not say what they want.</summary>
    public bool Suggested { get; init; }

    /// <summary>Slots that its steps collect, in order.</summary>
    public IEnumerable<string> CollectedSlots => Steps.OfType<CollectStep>().Select(step => step.Slot);

    /// <exception cref="FlowFailedException">There is no such step (any more).</exception>
    public FlowStep Step(string id) => Steps.FirstOrDefault(step => step.Id == id) ?? throw new FlowFailedException($"Flow '{Name}' has no step '{id}'.");

    /// <summary>Id of the step that stands after <paramref name="step"/>, or <see cref="FlowStep.End"/>.</summary>
    public string After(FlowStep step)
    {
        if (step.Next is not null)
            return step.Next;
        for (var i = 0; i < Steps.Count - 1; i++)
        {
            if (Steps[i].Id == step.Id)
                return Steps[i + 1].Id;
        }

        return FlowStep.End;
    }
}

/// <summary>One step of a flow.</summary>
/// <param name="Id">Unique within the flow; made from the position where the file names none.</param>
/// <param name="Next">Step to go to afterwards, <see cref="End"/>, or null for the one that stands after it.</param>
public abstract record FlowStep(string Id, string? Next)
{
    /// <summary>The target that ends the flow.</summary>
    public const string End = "end";
}

/// <summary>Makes sure that a slot has a value; asks when it has none.</summary>
/// <param name="Choices">Candidates from a tool, offered as quick replies; null for none.</param>
public sealed record CollectStep(string Id, string? Next, string Slot, ToolChoices? Choices) : FlowStep(Id, Next);

/// <summary>Candidates for a slot out of a tool's result. A single one is taken without asking.</summary>
/// <param name="Tool">Name of a tool without effects.</param>
/// <param name="Arguments">Liquid templates by argument name.</param>
/// <param name="Items">Path of the list within the result, points between names.</param>
/// <param name="Value">Template over <c>item</c>: the slot's value.</param>
/// <param name="Title">Template over <c>item</c>: what the customer sees, at most 40 characters.</param>
/// <param name="When">Condition over <c>item</c>: candidates for which it is false are left out; null keeps all.</param>
/// <param name="Ask">The question above several candidates; null for the slot's own.</param>
/// <param name="None">Said when no candidate is left; the flow then ends. Null asks the open question instead.</param>
public sealed record ToolChoices(
    string Tool, IReadOnlyDictionary<string, TextTemplate> Arguments, string Items, TextTemplate Value, LocalTemplate Title, Condition? When, LocalTemplate? Ask, LocalTemplate? None);

/// <summary>Calls a tool; one with an effect asks for the customer's confirmation by itself.</summary>
/// <param name="Save">Name under which later templates see the result; null drops it.</param>
/// <param name="On">Step by error code, or by "rejected" (any other refusal), "unavailable" or "declined" (the customer said no).</param>
public sealed record ToolStep(
    string Id, string? Next, string Tool, IReadOnlyDictionary<string, TextTemplate> Arguments, string? Save, IReadOnlyDictionary<string, string> On) : FlowStep(Id, Next);

/// <summary>Goes to the first target whose condition holds.</summary>
public sealed record BranchStep(string Id, IReadOnlyList<BranchTarget> Targets) : FlowStep(Id, null);

/// <param name="When">Null always holds.</param>
public sealed record BranchTarget(Condition? When, string Next);

/// <summary>Says a text.</summary>
/// <param name="QuickReplies">Offered below it; empty for none.</param>
public sealed record SayStep(string Id, string? Next, LocalTemplate Text, IReadOnlyList<LocalText> QuickReplies) : FlowStep(Id, Next);

/// <summary>Ends this flow and begins another one with the same slots.</summary>
public sealed record LinkStep(string Id, string Flow) : FlowStep(Id, null);

/// <summary>Brings a person.</summary>
/// <param name="Reason">As in <c>HandOverRequested.reason</c>.</param>
public sealed record HandOverStep(string Id, string Reason) : FlowStep(Id, null);

/// <summary>Answers from the knowledge base.</summary>
public sealed record KnowledgeStep(string Id, string? Next, LocalTemplate Query) : FlowStep(Id, Next);

/// <summary>Gives slots values made from templates.</summary>
public sealed record SetStep(string Id, string? Next, IReadOnlyDictionary<string, TextTemplate> Values) : FlowStep(Id, Next);

/// <summary>Forgets slots.</summary>
public sealed record ClearStep(string Id, string? Next, IReadOnlyList<string> Slots) : FlowStep(Id, Next);
