using Mesh.Dialog.Events;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Conversations;

/// <summary>States of conversations. What is cached is only a fold begun: events that were written since are always read.</summary>
internal sealed class ConversationStore(IEventStore events, IOptions<DialogOptions> options) : IDisposable
{
    private readonly MemoryCache _states = new(new MemoryCacheOptions { SizeLimit = options.Value.CachedConversations });

    /// <summary>The state now; <see cref="ConversationState.LastSequence"/> is 0 when there is no such conversation.</summary>
    public async Task<ConversationState> LoadAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        var state = _states.TryGetValue(key, out ConversationState? cached) && cached is not null ? cached : new ConversationState(key);
        var newer = await events.ReadAsync(key, state.LastSequence, cancellationToken);
        if (newer.Count == 0)
            return state;
        state = newer.Aggregate(state, (folded, next) => folded.Apply(next));
        Keep(state);
        return state;
    }

    /// <exception cref="NotFoundException">There is none in this tenant.</exception>
    public async Task<ConversationState> RequireAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        var state = await LoadAsync(key, cancellationToken);
        return state.LastSequence > 0 ? state : throw new NotFoundException("conversation", key.ConversationId);
    }

    /// <summary>Remembers a state all of whose events are stored.</summary>
    public void Keep(ConversationState state) => _states.Set(state.Key, state, new MemoryCacheEntryOptions { Size = 1 });

    public void Dispose() => _states.Dispose();
}
