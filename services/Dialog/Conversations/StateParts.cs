using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Conversations;

/// <summary>A flow in progress.</summary>
internal sealed record Frame(string Flow)
{
    /// <summary>Step that was entered last; empty for a flow that waits for its beginning.</summary>
    public string Step { get; init; } = "";

    public ImmutableDictionary<string, Value> Slots { get; init; } = ImmutableDictionary.Create<string, Value>(StringComparer.Ordinal);

    /// <summary>Tool results by the name under which the flow saved them.</summary>
    public ImmutableDictionary<string, Value> Results { get; init; } = ImmutableDictionary.Create<string, Value>(StringComparer.Ordinal);

    /// <summary>Slot that was asked for and not yet given; empty if none.</summary>
    public string AskedSlot { get; init; } = "";

    /// <summary>How often each slot was asked for.</summary>
    public ImmutableDictionary<string, int> Attempts { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Status of the tool call that the present step made and that has its last word; empty before.</summary>
    public string StepOutcome { get; init; } = "";

    /// <summary>Why the last tool call did not succeed; null if it did.</summary>
    public ToolError? Error { get; init; }
}

/// <param name="Code">Error code of the business system, or the status.</param>
internal sealed record ToolError(string Code, string Message);

/// <param name="Kind">"slot", "confirmation", or as in <c>QuestionAsked.kind</c>.</param>
/// <param name="TurnId">Turn that asked it: it is open for the next one only.</param>
internal sealed record QuestionState(string Kind, string Flow, ImmutableArray<AnswerOption> Options, string TurnId);

/// <summary>An effect that waits for the customer's word.</summary>
internal sealed record ConfirmationState(string ConfirmationId, string CallId, string Tool, string Summary, DateTimeOffset ExpiresAt, string Flow, string Step);

internal sealed record HandOverState(string Reason, string Summary, DateTimeOffset At);

internal enum TurnStatus
{
    Open,
    Completed,
    Failed,
}

/// <param name="Sequence">Of the customer's message.</param>
internal sealed record TurnState(string TurnId, string ClientMessageId, long Sequence, TurnStatus Status);
