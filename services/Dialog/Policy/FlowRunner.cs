using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Policy;

/// <summary>Takes the innermost flow from step to step until it asks something or ends. Every step it takes is an event.</summary>
internal sealed class FlowRunner(FlowCatalogue catalogue, ToolCaller tools, KnowledgeAnswers knowledge, HandOverDesk desk, IOptions<DialogOptions> options)
{
    /// <summary>Steps in one turn; more is a loop in the flow.</summary>
    private const int MaxSteps = 100;

    private const int MaxChoices = 6;

    public FlowDefinition Definition(Frame frame) => Definition(frame.Flow);

    /// <exception cref="FlowFailedException">The flow is not in today's catalogue: it was taken out while it was open.</exception>
    public FlowDefinition Definition(string flow) =>
        catalogue.Flows.GetValueOrDefault(flow) ?? throw new FlowFailedException($"Flow '{flow}' does not exist any more.");

    /// <summary>Begins a flow on top of the open ones.</summary>
    public static Task StartAsync(Turn turn, FlowDefinition flow) => turn.RecordAsync(new ConversationEvent
    {
        FlowStarted = new FlowStarted { Flow = flow.Name, Revision = flow.Revision, Interrupted = turn.State.Top?.Flow ?? "" },
    }).AsTask();

    public static Task EndAsync(Turn turn, string flow, FlowEnded.Types.Reason reason) =>
        turn.RecordAsync(new ConversationEvent { FlowEnded = new FlowEnded { Flow = flow, Reason = reason } }).AsTask();

    public static Task SetAsync(Turn turn, string flow, string slot, Value value, string source, Common.V1.TextSpan? span = null) =>
        turn.RecordAsync(new ConversationEvent
        {
            SlotSet = new SlotSet
            {
                Flow = flow,
                Slot = slot,
                Value = value,
                Source = source,
                Span = span,
                Previous = turn.State.Frames.FindLast(frame => frame.Flow == flow)?.Slots.GetValueOrDefault(slot),
            },
        }).AsTask();

    /// <summary>Makes an open flow the innermost one: a value was given that is its.</summary>
    public static async Task BringUpAsync(Turn turn, Frame frame)
    {
        while (turn.State.Top is { } top && top.Flow != frame.Flow)
            await EndAsync(turn, top.Flow, FlowEnded.Types.Reason.Cancelled);
    }

    /// <summary>Runs the innermost flow; when it ends, goes on with the next wish or asks about the one that was interrupted.</summary>
    public async Task RunAsync(Turn turn)
    {
        for (var steps = 0; turn.State.Top is { } frame && !turn.HasAsked && turn.State.Owner == Owner.Bot; steps++)
        {
            if (steps >= MaxSteps)
                throw new FlowFailedException($"Flow '{frame.Flow}' took more than {MaxSteps} steps in one turn.");
            var flow = Definition(frame);
            if (frame.Step.Length == 0)
                await EnterAsync(turn, flow, flow.Steps[0].Id);
            else
                await StepAsync(turn, turn.State.Top, flow, flow.Step(frame.Step));
        }
    }

    /// <summary>
    /// Says what came of a tool call whose turn was cut off after it: the effect happened, the customer has not heard of it.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> CatchUpAsync(Turn turn)
    {
        if (turn.State.Top is not { StepOutcome.Length: > 0 } frame || turn.State.Confirmation is not null
            || Definition(frame).Step(frame.Step) is not ToolStep step)
            return false;
        var outcome = new ToolOutcome("", frame.StepOutcome, null, frame.Error?.Code ?? "", frame.Error?.Message ?? "", null);
        await ContinueAsync(turn, Definition(frame), step, outcome);
        await RunAsync(turn);
        return true;
    }

    /// <summary>Goes to a step of the innermost flow.</summary>
    public async Task EnterAsync(Turn turn, FlowDefinition flow, string step)
    {
        if (step == FlowStep.End)
            await FinishAsync(turn, flow, FlowEnded.Types.Reason.Completed);
        else
            await turn.RecordAsync(new ConversationEvent { FlowStepEntered = new FlowStepEntered { Flow = flow.Name, Step = step } });
    }

    /// <summary>Ends the innermost flow and says what comes next.</summary>
    public async Task FinishAsync(Turn turn, FlowDefinition flow, FlowEnded.Types.Reason reason)
    {
        await EndAsync(turn, flow.Name, reason);
        if (turn.State.Top is not { } next || turn.HasAsked)
            return;
        var title = Definition(next).Title.In(turn.Language);
        if (next.Step.Length == 0)
            turn.Say(Texts.Format(Texts.NextWish, turn.Language, title));
        else
            await turn.AskResumeAsync(Definition(next));
    }

    /// <summary>Asks for a slot.</summary>
    /// <param name="failed">The last answer was none: this counts as another attempt.</param>
    /// <param name="candidates">Answers to offer; null for those that the slot's own values give.</param>
    /// <param name="ask">Another question than the slot's own.</param>
    public async Task AskSlotAsync(
        Turn turn, Frame frame, string slot, bool failed = false, IEnumerable<AnswerOption>? candidates = null, LocalTemplate? ask = null)
    {
        var definition = catalogue.Slots[slot];
        AnswerOption[] offered = candidates is not null ? [.. candidates] : [.. Fixed(turn, definition)];
        turn.Say((ask ?? definition.Ask).In(turn.Language).Render(FlowScope.Of(turn.State, frame, turn.Language)), "template");
        turn.Offer(offered);
        await turn.RecordAsync(new ConversationEvent
        {
            SlotAsked = new SlotAsked { Flow = frame.Flow, Slot = slot, Attempt = Math.Max(1, frame.Attempts.GetValueOrDefault(slot) + (failed ? 1 : 0)), Options = { offered } },
        });
    }

    /// <summary>Says that a value cannot be right and asks again, or offers a person after too many attempts.</summary>
    public async Task AskAgainAsync(Turn turn, Frame frame, string slot, IEnumerable<AnswerOption>? candidates = null)
    {
        var definition = catalogue.Slots[slot];
        var title = definition.Title.In(turn.Language);
        if (frame.Attempts.GetValueOrDefault(slot) >= options.Value.SlotAttempts)
        {
            await EndAsync(turn, frame.Flow, FlowEnded.Types.Reason.Failed);
            await turn.OfferPersonAsync(new LocalText(Texts.Format(Texts.TooManyAttempts, "zh", title), Texts.Format(Texts.TooManyAttempts, "en", title)));
            return;
        }

        SayInvalid(turn, frame, definition);
        await AskSlotAsync(turn, frame, slot, failed: true, candidates);
    }

    /// <summary>Says that what was given cannot be such a value.</summary>
    public static void SayInvalid(Turn turn, Frame frame, SlotDefinition slot) => turn.Say(
        slot.Invalid?.In(turn.Language).Render(FlowScope.Of(turn.State, frame, turn.Language)) ?? Texts.Format(Texts.InvalidValue, turn.Language, slot.Title.In(turn.Language)),
        "template");

    /// <summary>Goes on after a tool step has its last word.</summary>
    public async Task ContinueAsync(Turn turn, FlowDefinition flow, ToolStep step, ToolOutcome outcome)
    {
        if (outcome.Ok)
        {
            await EnterAsync(turn, flow, flow.After(step));
            return;
        }

        var target = outcome.Status == "declined" ? step.On.GetValueOrDefault("declined")
            : outcome.Unavailable ? step.On.GetValueOrDefault("unavailable")
            : step.On.GetValueOrDefault(outcome.ErrorCode) ?? step.On.GetValueOrDefault("rejected");
        if (target is not null)
        {
            await EnterAsync(turn, flow, target);
            return;
        }

        await EndAsync(turn, flow.Name, outcome.Status == "declined" ? FlowEnded.Types.Reason.Cancelled : FlowEnded.Types.Reason.Failed);
        if (outcome.Status == "declined")
            turn.Say(Texts.NotDone.In(turn.Language));
        else if (outcome.Unavailable)
            await turn.OfferPersonAsync(Texts.ToolDown);
        else
            turn.Say(outcome.ErrorMessage.Length > 0 ? Texts.Rejected.In(turn.Language) + outcome.ErrorMessage : Texts.RejectedNoReason.In(turn.Language), "template");
    }

    private async Task StepAsync(Turn turn, Frame frame, FlowDefinition flow, FlowStep step)
    {
        switch (step)
        {
            case CollectStep collect:
                await CollectAsync(turn, frame, flow, collect);
                break;
            case ToolStep tool:
                var outcome = await tools.InvokeAsync(turn, tool.Tool, Rendered(turn, frame, tool.Arguments), flow.Name, tool.Id, tool.Save ?? "");
                if (outcome.Confirmation is { } confirmation)
                {
                    await turn.AskConfirmationAsync(new ConfirmationState(
                        confirmation.ConfirmationId, outcome.CallId, tool.Tool, confirmation.Summary, confirmation.ExpiresAt?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue, flow.Name, tool.Id));
                }
                else
                {
                    await ContinueAsync(turn, flow, tool, outcome);
                }

                break;
            case BranchStep branch:
                var scope = FlowScope.Of(turn.State, frame, turn.Language);
                await EnterAsync(turn, flow, branch.Targets.FirstOrDefault(target => target.When?.Holds(scope) ?? true)?.Next ?? FlowStep.End);
                break;
            case SayStep say:
                turn.Say(say.Text.In(turn.Language).Render(FlowScope.Of(turn.State, frame, turn.Language)), "template");
                turn.Offer(say.QuickReplies.Select(reply => Questions.Option("", reply.In(turn.Language))));
                await EnterAsync(turn, flow, flow.After(say));
                break;
            case LinkStep link:
                await LinkAsync(turn, frame, Definition(link.Flow));
                break;
            case HandOverStep handOver:
                await desk.RequestAsync(turn, handOver.Reason);
                break;
            case KnowledgeStep ask:
                await knowledge.AnswerAsync(turn, ask.Query.In(turn.Language).Render(FlowScope.Of(turn.State, frame, turn.Language)));
                await EnterAsync(turn, flow, flow.After(ask));
                break;
            case SetStep set:
                foreach (var (slot, template) in set.Values)
                {
                    var value = SlotValues.Parse(catalogue.Slots[slot], template.Render(FlowScope.Of(turn.State, frame, turn.Language)))
                        ?? throw new FlowFailedException($"Flow '{flow.Name}' sets slot '{slot}' to something it cannot be.");
                    await SetAsync(turn, flow.Name, slot, value, "flow");
                }

                await EnterAsync(turn, flow, flow.After(set));
                break;
            case ClearStep clear:
                foreach (var slot in clear.Slots)
                    await turn.RecordAsync(new ConversationEvent { SlotCleared = new SlotCleared { Flow = flow.Name, Slot = slot } });
                await EnterAsync(turn, flow, flow.After(clear));
                break;
        }
    }

    private async Task CollectAsync(Turn turn, Frame frame, FlowDefinition flow, CollectStep step)
    {
        if (frame.Slots.ContainsKey(step.Slot))
        {
            await EnterAsync(turn, flow, flow.After(step));
            return;
        }

        var slot = catalogue.Slots[step.Slot];
        // "它什么时候到": the order that was spoken of a moment ago is meant. What is done to it is shown, and effects are confirmed.
        if (slot.Type is SlotType.OrderId or SlotType.Product && turn.State.Remembered(slot.Name) is { } remembered)
        {
            await SetAsync(turn, flow.Name, slot.Name, remembered, "memory");
            return;
        }

        if (step.Choices is { } choices)
        {
            var candidates = await CandidatesAsync(turn, frame, flow, step, choices);
            if (candidates is null)
                return;
            if (candidates.Count == 1)
            {
                turn.Say(Texts.Format(Texts.Taken, turn.Language, slot.Title.In(turn.Language), candidates[0].Title), "template");
                await SetAsync(turn, flow.Name, slot.Name, Value.ForString(candidates[0].Value), "tool");
                return;
            }

            await AskSlotAsync(turn, turn.State.Top!, slot.Name, candidates: candidates.Take(MaxChoices), ask: choices.Ask);
            return;
        }

        await AskSlotAsync(turn, frame, slot.Name);
    }

    /// <summary>Candidates for a slot. Null when the flow went elsewhere: there is none, or the tool did not answer.</summary>
    private async Task<List<AnswerOption>?> CandidatesAsync(Turn turn, Frame frame, FlowDefinition flow, CollectStep step, ToolChoices choices)
    {
        var outcome = await tools.InvokeAsync(turn, choices.Tool, Rendered(turn, frame, choices.Arguments), flow.Name, step.Id);
        if (!outcome.Ok || outcome.Result is null)
        {
            // The open question needs no list. What needs the business system will find out whether it answers.
            await AskSlotAsync(turn, turn.State.Top!, step.Slot);
            return null;
        }

        var scope = FlowScope.Of(turn.State, frame, turn.Language);
        List<AnswerOption> candidates = [];
        foreach (var item in FlowScope.ListAt(outcome.Result, choices.Items) ?? [])
        {
            scope["item"] = item;
            var value = choices.Value.Render(scope);
            if ((choices.When?.Holds(scope) ?? true) && SlotValues.Parse(catalogue.Slots[step.Slot], value) is not null)
                candidates.Add(Questions.Option(value, choices.Title.In(turn.Language).Render(scope), value));
        }

        if (candidates.Count > 0)
            return candidates;
        if (choices.None is { } none)
        {
            turn.Say(none.In(turn.Language).Render(FlowScope.Of(turn.State, turn.State.Top!, turn.Language)), "template");
            await FinishAsync(turn, flow, FlowEnded.Types.Reason.Completed);
        }
        else
        {
            await AskSlotAsync(turn, turn.State.Top!, step.Slot);
        }

        return null;
    }

    private static async Task LinkAsync(Turn turn, Frame frame, FlowDefinition target)
    {
        await EndAsync(turn, frame.Flow, FlowEnded.Types.Reason.Linked);
        if (target.RequiresCustomer && turn.State.CustomerId.Length == 0)
        {
            await turn.OfferPersonAsync(Texts.SignIn);
            return;
        }

        await StartAsync(turn, target);
        foreach (var slot in target.CollectedSlots.Where(frame.Slots.ContainsKey))
            await SetAsync(turn, target.Name, slot, frame.Slots[slot], "memory");
    }

    private static IEnumerable<AnswerOption> Fixed(Turn turn, SlotDefinition slot) => slot.Type switch
    {
        SlotType.Choice => slot.Values.Take(MaxChoices).Select(value => Questions.Option(value.Value, value.Title.In(turn.Language))),
        SlotType.Boolean => [Questions.Option("true", Texts.Yes.In(turn.Language)), Questions.Option("false", Texts.No.In(turn.Language))],
        _ => [],
    };

    private static Dictionary<string, string> Rendered(Turn turn, Frame frame, IReadOnlyDictionary<string, TextTemplate> arguments)
    {
        var scope = FlowScope.Of(turn.State, frame, turn.Language);
        return arguments.ToDictionary(argument => argument.Key, argument => argument.Value.Render(scope), StringComparer.Ordinal);
    }
}
