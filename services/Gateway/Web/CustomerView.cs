using Mesh.Common.V1;
using Mesh.Dialog.V1;

namespace Mesh.Gateway.Web;

/// <summary>
/// What of a conversation a customer's browser gets to see. Everything that is not named here stays inside: guard findings, understanding, tool arguments and results,
/// hand-over summaries, private notes, agents' ids, flows and slots.
/// </summary>
internal static class CustomerView
{
    /// <summary>The event as the customer sees it; null if not at all.</summary>
    public static TurnEvent? Of(TurnEvent e)
    {
        var seen = new TurnEvent { ConversationId = e.ConversationId, TurnId = e.TurnId, Time = e.Time };
        switch (e.EventCase)
        {
            case TurnEvent.EventOneofCase.Accepted: seen.Accepted = e.Accepted; break;
            // The page says what is being looked up, not with what.
            case TurnEvent.EventOneofCase.ToolCall: seen.ToolCall = new ToolCallStarted { CallId = e.ToolCall.CallId, Name = e.ToolCall.Name }; break;
            case TurnEvent.EventOneofCase.ToolResult: seen.ToolResult = new ToolCallResult { CallId = e.ToolResult.CallId, Name = e.ToolResult.Name, Status = e.ToolResult.Status }; break;
            case TurnEvent.EventOneofCase.TextDelta: seen.TextDelta = e.TextDelta; break;
            case TurnEvent.EventOneofCase.TextReplaced: seen.TextReplaced = new TextReplaced { MessageId = e.TextReplaced.MessageId, Text = e.TextReplaced.Text }; break;
            case TurnEvent.EventOneofCase.Citation: seen.Citation = Of(e.Citation); break;
            case TurnEvent.EventOneofCase.QuickReplies: seen.QuickReplies = e.QuickReplies; break;
            case TurnEvent.EventOneofCase.ConfirmationRequest: seen.ConfirmationRequest = Of(e.ConfirmationRequest); break;
            case TurnEvent.EventOneofCase.HandOver: seen.HandOver = new HandOver { QueuePosition = e.HandOver.QueuePosition }; break;
            case TurnEvent.EventOneofCase.AgentMessage: seen.AgentMessage = Of(e.AgentMessage); break;
            case TurnEvent.EventOneofCase.OwnerChanged: seen.OwnerChanged = Of(e.OwnerChanged); break;
            case TurnEvent.EventOneofCase.TurnCompleted:
                seen.TurnCompleted = new TurnDone { MessageId = e.TurnCompleted.MessageId, Sequence = e.TurnCompleted.Sequence, Owner = e.TurnCompleted.Owner };
                break;
            case TurnEvent.EventOneofCase.Error: seen.Error = new TurnError { Code = e.Error.Code, RetryAfter = e.Error.RetryAfter }; break;
            default: return null;
        }
        return seen;
    }

    /// <summary>The event as the customer sees it; null if not at all.</summary>
    public static ConversationEvent? Of(ConversationEvent e)
    {
        var seen = new ConversationEvent { ConversationId = e.ConversationId, Sequence = e.Sequence, Time = e.Time, TurnId = e.TurnId };
        switch (e.PayloadCase)
        {
            case ConversationEvent.PayloadOneofCase.CustomerMessage:
                var message = e.CustomerMessage;
                seen.CustomerMessage = new CustomerMessage
                {
                    ClientMessageId = message.ClientMessageId,
                    Text = message.Text,
                    ConfirmationId = message.ConfirmationId,
                    Approved = message.Approved,
                };
                break;
            case ConversationEvent.PayloadOneofCase.BotMessage:
                var bot = e.BotMessage;
                seen.BotMessage = new BotMessage
                {
                    MessageId = bot.MessageId,
                    Text = bot.Text,
                    Language = bot.Language,
                    Citations = { bot.Citations.Select(Of) },
                    QuickReplies = { bot.QuickReplies },
                };
                break;
            case ConversationEvent.PayloadOneofCase.AgentMessage: seen.AgentMessage = Of(e.AgentMessage); break;
            case ConversationEvent.PayloadOneofCase.HandOverRequested: seen.HandOverRequested = new HandOverRequested(); break;
            case ConversationEvent.PayloadOneofCase.OwnerChanged: seen.OwnerChanged = Of(e.OwnerChanged); break;
            case ConversationEvent.PayloadOneofCase.ConfirmationAsked:
                seen.ConfirmationAsked = new ConfirmationAsked
                {
                    ConfirmationId = e.ConfirmationAsked.ConfirmationId,
                    Summary = e.ConfirmationAsked.Summary,
                    ExpiresAt = e.ConfirmationAsked.ExpiresAt,
                };
                break;
            case ConversationEvent.PayloadOneofCase.ConfirmationAnswered: seen.ConfirmationAnswered = e.ConfirmationAnswered; break;
            case ConversationEvent.PayloadOneofCase.FeedbackGiven: seen.FeedbackGiven = new FeedbackGiven { MessageId = e.FeedbackGiven.MessageId, Rating = e.FeedbackGiven.Rating }; break;
            case ConversationEvent.PayloadOneofCase.TurnCompleted: seen.TurnCompleted = new TurnCompleted(); break;
            case ConversationEvent.PayloadOneofCase.TurnFailed: seen.TurnFailed = new TurnFailed { Status = e.TurnFailed.Status }; break;
            case ConversationEvent.PayloadOneofCase.ConversationClosed: seen.ConversationClosed = e.ConversationClosed; break;
            default: return null;
        }
        return seen;
    }

    public static Conversation Of(Conversation c)
    {
        var seen = new Conversation
        {
            ConversationId = c.ConversationId,
            Owner = c.Owner,
            AgentName = c.AgentName,
            StartedAt = c.StartedAt,
            UpdatedAt = c.UpdatedAt,
            LastSequence = c.LastSequence,
            Language = c.Language,
            Closed = c.Closed,
        };
        if (c.PendingConfirmation is { } pending) seen.PendingConfirmation = Of(pending);
        if (c.HandOver is { } handOver) seen.HandOver = new HandOver { QueuePosition = handOver.QueuePosition };
        foreach (var message in c.Messages)
        {
            seen.Messages.Add(new Message
            {
                MessageId = message.MessageId,
                Author = message.Author,
                Text = message.Text,
                Time = message.Time,
                Citations = { message.Citations.Select(Of) },
                QuickReplies = { message.QuickReplies },
                AgentName = message.AgentName,
                Rating = message.Rating,
                Sequence = message.Sequence,
            });
        }
        return seen;
    }

    private static Citation Of(Citation c) => new()
    {
        Index = c.Index,
        Title = c.Title,
        ChunkId = c.ChunkId,
        SnapshotId = c.SnapshotId,
        Excerpt = c.Excerpt,
        HeadingPath = { c.HeadingPath },
    };

    private static ConfirmationRequest Of(ConfirmationRequest c) => new() { ConfirmationId = c.ConfirmationId, Summary = c.Summary, ExpiresAt = c.ExpiresAt };

    private static AgentMessage Of(AgentMessage a) => new() { MessageId = a.MessageId, AgentName = a.AgentName, Text = a.Text };

    private static OwnerChanged Of(OwnerChanged o) => new() { Owner = o.Owner, AgentName = o.AgentName };
}
