using Mesh.Common.V1;
using Mesh.Dialog.Flows;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Understanding;

/// <summary>Takes a customer's words for commands to the dialog. It reads; it decides nothing and changes nothing.</summary>
public interface IUnderstanding
{
    /// <summary>
    /// Never empty: what cannot be read is <see cref="Command.Types.Type.CannotHandle"/>. More than one command comes in the order in which the words ask for them.
    /// Works without the embedding service, by words alone, when that is down.
    /// </summary>
    Task<UnderstandingResult> UnderstandAsync(UnderstandingInput input, CancellationToken cancellationToken);
}

/// <summary>The customer's words and what the conversation knows around them.</summary>
public sealed record UnderstandingInput
{
    /// <summary>1 to 4,000 characters, control characters and direction overrides removed. Spans in the result are UTF-16 offsets into it.</summary>
    public required string Text { get; init; }

    public required FlowCatalogue Catalogue { get; init; }

    /// <summary>Flow in progress (the top of the stack), null when there is none.</summary>
    public string? OpenFlow { get; init; }

    /// <summary>Slot that the bot asked for last and that is still open.</summary>
    public string? AskedSlot { get; init; }

    /// <summary>What the bot's last message asked, with the answers it offered.</summary>
    public OpenQuestion Question { get; init; } = OpenQuestion.None;

    /// <summary>Values that the open flow knows, in the form that <see cref="SlotType"/> describes: giving one of them again is a correction.</summary>
    public IReadOnlyDictionary<string, string> FilledSlots { get; init; } = new Dictionary<string, string>();

    /// <summary>Open flows, outermost first, the open one included.</summary>
    public IReadOnlyList<string> FlowStack { get; init; } = [];

    /// <summary>The customer's last texts before this one, oldest first, at most six.</summary>
    public IReadOnlyList<string> RecentCustomerTexts { get; init; } = [];

    /// <summary>"zh" or "en" as far as known; a short text ("SO2026110001", "ok") keeps it.</summary>
    public string? Language { get; init; }

    /// <summary>The calendar day that 今天 and "yesterday" are reckoned from, in the shop's time zone.</summary>
    public required DateOnly Today { get; init; }
}

/// <summary>What kind of answer the bot waits for.</summary>
public enum QuestionKind
{
    None,

    /// <summary>A value of <see cref="UnderstandingInput.AskedSlot"/>; options are candidates, <see cref="QuestionOption.Value"/> is the slot's value.</summary>
    Slot,

    /// <summary>Yes or no to something that will have an effect: Affirm or Deny, and nothing is taken for yes that is not clearly one.</summary>
    Confirmation,

    /// <summary>Whether to go on with an interrupted flow: Affirm or Deny.</summary>
    Resume,

    /// <summary>Which flow was meant; options are flows, <see cref="QuestionOption.Value"/> is the flow's name: StartFlow.</summary>
    Flow,

    /// <summary>Whether a person should come: Affirm or Deny.</summary>
    HandOver,
}

/// <summary>What the bot asked last.</summary>
/// <param name="Options">Offered answers, in the order shown: "第二个" and "2" mean the second.</param>
public sealed record OpenQuestion(QuestionKind Kind, IReadOnlyList<QuestionOption> Options)
{
    public static readonly OpenQuestion None = new(QuestionKind.None, []);
}

/// <param name="Value">What choosing it means.</param>
/// <param name="Title">What the customer saw on the button.</param>
/// <param name="Message">What the button sends as the customer's text.</param>
public sealed record QuestionOption(string Value, string Title, string Message);

/// <summary>What the words were taken to mean.</summary>
/// <param name="Language">"zh" or "en".</param>
/// <param name="Commands">
/// At least one, with calibrated scores and UTF-16 spans. Values of SetSlot and CorrectSlot have the form that the slot's type describes;
/// a value that cannot be one (an order number too short) is still given, the flow's validation says so to the customer.
/// ResumeFlow has value "true" to go on and "false" to drop.
/// </param>
/// <param name="Entities">Everything recognised, used or not: a flow that starts takes from them what it needs.</param>
/// <param name="Degraded">Part that was left out because a service was down ("embedding"); empty if none.</param>
public sealed record UnderstandingResult(string Language, IReadOnlyList<Command> Commands, IReadOnlyList<Entity> Entities, string Degraded = "");

/// <summary>A value found in the text.</summary>
/// <param name="Value">Normalised as <see cref="SlotType"/> describes.</param>
/// <param name="Span">UTF-16 offsets into the text.</param>
/// <param name="Score">0 to 1.</param>
public sealed record Entity(SlotType Type, string Value, TextSpan Span, double Score);
