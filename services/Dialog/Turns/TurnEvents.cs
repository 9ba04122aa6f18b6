using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Turns;

/// <summary>What the client sees of an event: the same mapping for a turn as it happens and for a stored one.</summary>
internal static class TurnEvents
{
    /// <summary>Whether the client sees it at once; other events only once they are stored, so that nothing is said that a person's take-over or a conflict takes back.</summary>
    public static bool IsLive(ConversationEvent stored) => stored.PayloadCase is
        ConversationEvent.PayloadOneofCase.GuardChecked or ConversationEvent.PayloadOneofCase.Understood or ConversationEvent.PayloadOneofCase.ToolCalled
        or ConversationEvent.PayloadOneofCase.ToolReturned or ConversationEvent.PayloadOneofCase.PassagesFound;

    public static IEnumerable<TurnEvent> Of(ConversationEvent stored, Owner owner, string messageId, string language, int queuePosition = 0) => Payloads(stored, owner, messageId, language, queuePosition)
        .Select(shown =>
        {
            shown.ConversationId = stored.ConversationId;
            shown.TurnId = stored.TurnId;
            shown.Time = stored.Time;
            return shown;
        });

    private static IEnumerable<TurnEvent> Payloads(ConversationEvent stored, Owner owner, string messageId, string language, int queuePosition)
    {
        switch (stored.PayloadCase)
        {
            case ConversationEvent.PayloadOneofCase.GuardChecked:
                yield return new TurnEvent { GuardVerdict = new GuardVerdict { Stage = stored.GuardChecked.Stage, Action = stored.GuardChecked.Action, Findings = { stored.GuardChecked.Findings } } };
                break;
            case ConversationEvent.PayloadOneofCase.Understood:
                yield return new TurnEvent { Understanding = new V1.Understanding { Commands = { stored.Understood.Commands }, Language = language } };
                break;
            case ConversationEvent.PayloadOneofCase.ToolCalled:
                yield return new TurnEvent { ToolCall = new ToolCallStarted { CallId = stored.ToolCalled.CallId, Name = stored.ToolCalled.Tool, Arguments = stored.ToolCalled.Arguments } };
                break;
            case ConversationEvent.PayloadOneofCase.ToolReturned:
                var returned = stored.ToolReturned;
                yield return new TurnEvent
                {
                    ToolResult = new ToolCallResult
                    {
                        CallId = returned.CallId,
                        Name = returned.Tool,
                        Status = returned.Status,
                        Result = returned.Result,
                        ErrorCode = returned.ErrorCode,
                        ErrorMessage = returned.ErrorMessage,
                    },
                };
                break;
            case ConversationEvent.PayloadOneofCase.PassagesFound:
                yield return new TurnEvent
                {
                    Passages = new Passages
                    {
                        SnapshotId = stored.PassagesFound.SnapshotId,
                        Passages_ = { stored.PassagesFound.Passages },
                        Answerable = stored.PassagesFound.Answerable,
                    },
                };
                break;
            case ConversationEvent.PayloadOneofCase.ConfirmationAsked:
                yield return new TurnEvent { ConfirmationRequest = Request(stored.ConfirmationAsked) };
                break;
            case ConversationEvent.PayloadOneofCase.HandOverRequested:
                yield return new TurnEvent { HandOver = new HandOver { Reason = stored.HandOverRequested.Reason, Summary = stored.HandOverRequested.Summary, QueuePosition = queuePosition } };
                break;
            case ConversationEvent.PayloadOneofCase.OwnerChanged:
                yield return new TurnEvent { OwnerChanged = stored.OwnerChanged };
                break;
            case ConversationEvent.PayloadOneofCase.AgentMessage:
                yield return new TurnEvent { AgentMessage = stored.AgentMessage };
                break;
            case ConversationEvent.PayloadOneofCase.BotMessage:
                foreach (var piece in Sentences(stored.BotMessage.Text))
                    yield return new TurnEvent { TextDelta = new TextDelta { MessageId = stored.BotMessage.MessageId, Text = piece } };
                foreach (var citation in stored.BotMessage.Citations)
                    yield return new TurnEvent { Citation = citation };
                if (stored.BotMessage.QuickReplies.Count > 0)
                    yield return new TurnEvent { QuickReplies = new QuickReplies { Replies = { stored.BotMessage.QuickReplies } } };
                break;
            case ConversationEvent.PayloadOneofCase.TurnCompleted:
                yield return new TurnEvent
                {
                    TurnCompleted = new TurnDone
                    {
                        MessageId = messageId,
                        Usage = stored.TurnCompleted.Usage,
                        Timings = { stored.TurnCompleted.Timings },
                        Degradations = { stored.TurnCompleted.Degradations },
                        Sequence = stored.Sequence,
                        Owner = owner,
                    },
                };
                break;
            case ConversationEvent.PayloadOneofCase.TurnFailed:
                yield return new TurnEvent { Error = Error(stored.TurnFailed) };
                break;
        }
    }

    public static ConfirmationRequest Request(ConfirmationAsked asked) => new()
    {
        ConfirmationId = asked.ConfirmationId,
        Tool = asked.Tool,
        Summary = asked.Summary,
        ExpiresAt = asked.ExpiresAt,
    };

    private static TurnError Error(TurnFailed failed) => new()
    {
        Code = failed.Status switch
        {
            "CANCELLED" => 1,
            "DEADLINE_EXCEEDED" => 4,
            "ABORTED" => 10,
            "INTERRUPTED" or "UNAVAILABLE" => 14,
            _ => 13,
        },
        Message = failed.Message,
        RetryAfter = failed.Status is "INTERRUPTED" or "UNAVAILABLE" or "DEADLINE_EXCEEDED" ? Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) : null,
    };

    /// <summary>The text in pieces that end where a reader pauses; together they are the text.</summary>
    internal static IEnumerable<string> Sentences(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var ends = text[i] is '。' or '！' or '？' or '；' or '\n' || (text[i] is '.' or '!' or '?' && i + 1 < text.Length && text[i + 1] == ' ');
            if (!ends || i + 1 - start < 2)
                continue;
            yield return text[start..(i + 1)];
            start = i + 1;
        }

        if (start < text.Length)
            yield return text[start..];
    }
}
