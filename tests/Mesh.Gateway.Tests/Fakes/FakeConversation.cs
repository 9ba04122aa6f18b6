using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.V1;

namespace Mesh.Gateway.Tests.Fakes;

/// <summary>Events of one conversation, and their fold as far as the page needs it.</summary>
public sealed class FakeConversation(string id, ConversationTarget target)
{
    private readonly Lock _lock = new();
    private readonly List<ConversationEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;
    public ConversationTarget Target => target;
    public Owner Owner => Events.Where(e => e.OwnerChanged is not null).Select(e => e.OwnerChanged.Owner).LastOrDefault(Owner.Bot);
    public long LastSequence => Events.Count;

    public IReadOnlyList<ConversationEvent> Events
    {
        get { lock (_lock) return [.. _events]; }
    }

    public ConversationEvent Append(ConversationEvent e)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            e.ConversationId = id;
            e.TenantId = "default";
            e.Sequence = _events.Count + 1;
            e.Time = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
            _events.Add(e);
            more = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        more.SetResult();
        return e;
    }

    public ConversationEvent? Find(string clientMessageId) =>
        clientMessageId.Length == 0 ? null : Events.FirstOrDefault(e => e.CustomerMessage?.ClientMessageId == clientMessageId);

    public BotMessage? Answer(string clientMessageId)
    {
        var turn = Find(clientMessageId)?.TurnId;
        return Events.FirstOrDefault(e => e.TurnId == turn && e.BotMessage is not null)?.BotMessage;
    }

    public async IAsyncEnumerable<ConversationEvent> TailAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            ConversationEvent[] found;
            lock (_lock)
            {
                found = [.. _events.Skip((int)after)];
                more = _more.Task;
            }
            foreach (var e in found) yield return e;
            after += found.Length;
            if (found.Length == 0) await more.WaitAsync(cancellationToken);
        }
    }

    public Conversation Fold(bool headerOnly)
    {
        var events = Events;
        var conversation = new Conversation
        {
            ConversationId = id,
            CustomerId = target.CustomerId,
            Channel = target.Channel,
            Owner = Owner,
            AgentId = "agent-7",
            AgentName = events.LastOrDefault(e => e.OwnerChanged is not null)?.OwnerChanged.AgentName ?? "",
            LastSequence = events.Count,
        };
        if (Owner == Owner.Waiting) conversation.HandOver = new HandOver { Summary = "internal summary", QueuePosition = 2 };
        var answered = events.Where(e => e.ConfirmationAnswered is not null).Select(e => e.ConfirmationAnswered.ConfirmationId).ToHashSet();
        foreach (var e in events)
        {
            if (e.ConfirmationAsked is { } asked && !answered.Contains(asked.ConfirmationId))
                conversation.PendingConfirmation = new ConfirmationRequest { ConfirmationId = asked.ConfirmationId, Tool = asked.Tool, Summary = asked.Summary, ExpiresAt = asked.ExpiresAt };
            if (headerOnly) continue;
            var rating = events.LastOrDefault(f => f.FeedbackGiven is not null && f.FeedbackGiven.MessageId == (e.BotMessage?.MessageId ?? "-"))?.FeedbackGiven.Rating ?? 0;
            if (e.CustomerMessage is { Text.Length: > 0 } customer)
                conversation.Messages.Add(new Message { MessageId = customer.ClientMessageId, Author = Message.Types.Author.Customer, Text = customer.Text, Time = e.Time, Sequence = e.Sequence });
            if (e.BotMessage is { } bot)
                conversation.Messages.Add(new Message
                {
                    MessageId = bot.MessageId,
                    Author = Message.Types.Author.Bot,
                    Text = bot.Text,
                    Time = e.Time,
                    Citations = { bot.Citations },
                    QuickReplies = { bot.QuickReplies },
                    Rating = rating,
                    Sequence = e.Sequence,
                });
            if (e.AgentMessage is { } agent)
                conversation.Messages.Add(new Message { MessageId = agent.MessageId, Author = Message.Types.Author.Agent, Text = agent.Text, AgentName = agent.AgentName, Time = e.Time, Sequence = e.Sequence });
        }
        return conversation;
    }
}
