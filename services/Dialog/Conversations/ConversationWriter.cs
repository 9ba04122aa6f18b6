using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.Events;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Conversations;

/// <summary>Writes what happens outside turns: people taking over, writing, giving back, rating.</summary>
internal sealed class ConversationWriter(IEventStore events, ConversationStore conversations, ConversationGates gates, TimeProvider time)
{
    private const int Attempts = 20;

    /// <summary>A person becomes the owner and a turn in progress ends. Of two who try at once, one wins.</summary>
    /// <exception cref="ConflictException">Another person owns it, or the epoch is not the current one.</exception>
    public async Task<ConversationState> TakeOverAsync(ConversationKey key, string agentId, string agentName, long epoch, CancellationToken cancellationToken)
    {
        var state = await AppendAsync(key, state =>
        {
            // The same person again, after an answer that was lost: nothing to do.
            if (state.Owner == Owner.Agent && state.AgentId == agentId)
                return [];
            Check(state, agentId, epoch);
            return [Owned(state, Owner.Agent, agentId, agentName)];
        }, cancellationToken);
        gates.CancelTurn(key);
        return state;
    }

    /// <summary>Gives the conversation to the bot, which answers the next message.</summary>
    public Task<ConversationState> HandBackAsync(ConversationKey key, string agentId, long epoch, CancellationToken cancellationToken) => AppendAsync(key, state =>
    {
        if (state.Owner == Owner.Bot)
            return [];
        Check(state, agentId, epoch);
        return [Owned(state, Owner.Bot, "", "")];
    }, cancellationToken);

    /// <summary>A person's message to the customer; takes the conversation over when no person owns it.</summary>
    /// <returns>Also the message, stored now or before under the same id.</returns>
    public async Task<(ConversationState State, Message Message)> PostAsync(
        ConversationKey key, AgentMessage message, long epoch, CancellationToken cancellationToken)
    {
        var state = await AppendAsync(key, state =>
        {
            if (state.Messages.Exists(said => said.MessageId == message.MessageId))
                return [];
            Check(state, message.AgentId, epoch);
            ConversationEvent written = new() { AgentMessage = message };
            return state.Owner == Owner.Agent ? [written] : [Owned(state, Owner.Agent, message.AgentId, message.AgentName), written];
        }, cancellationToken);
        gates.CancelTurn(key);
        return (state, state.Messages.FindLast(said => said.MessageId == message.MessageId)!);
    }

    public Task<ConversationState> NoteAsync(ConversationKey key, PrivateNote note, CancellationToken cancellationToken) =>
        AppendAsync(key, _ => [new ConversationEvent { PrivateNote = note }], cancellationToken);

    /// <exception cref="NotFoundException">There is no such message.</exception>
    public Task<ConversationState> RateAsync(ConversationKey key, FeedbackGiven feedback, CancellationToken cancellationToken) => AppendAsync(key, state =>
        state.Messages.Exists(message => message.MessageId == feedback.MessageId && message.Author is Message.Types.Author.Bot or Message.Types.Author.Agent)
            ? [new ConversationEvent { FeedbackGiven = feedback }]
            : throw new NotFoundException("message", feedback.MessageId), cancellationToken);

    private async Task<ConversationState> AppendAsync(ConversationKey key, Func<ConversationState, ConversationEvent[]> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var state = await conversations.RequireAsync(key, cancellationToken);
            var decided = decide(state);
            if (decided.Length == 0)
                return state;
            var before = state.LastSequence;
            foreach (var next in decided)
            {
                next.TenantId = key.TenantId;
                next.ConversationId = key.ConversationId;
                next.Sequence = state.LastSequence + 1;
                next.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
                next.OwnerEpoch = state.OwnerEpoch;
                next.SchemaVersion = 1;
                state = state.Apply(next);
            }

            try
            {
                await events.AppendAsync(key, before, decided, cancellationToken);
                conversations.Keep(state);
                return state;
            }
            catch (ConflictException) when (attempt < Attempts)
            {
                // Others wrote meanwhile: decide anew on what is there now.
            }
        }
    }

    private static void Check(ConversationState state, string agentId, long epoch)
    {
        if (state.Owner == Owner.Agent && state.AgentId != agentId)
            throw new ConflictException("OWNED_BY_OTHER", "another person owns the conversation");
        if (epoch != 0 && epoch != state.OwnerEpoch)
            throw new ConflictException(IEventStore.EpochConflict, $"the conversation is in ownership period {state.OwnerEpoch}, not {epoch}");
    }

    private static ConversationEvent Owned(ConversationState state, Owner owner, string agentId, string agentName) => new()
    {
        OwnerChanged = new OwnerChanged { Owner = owner, AgentId = agentId, AgentName = agentName, Epoch = state.OwnerEpoch + 1 },
    };
}
