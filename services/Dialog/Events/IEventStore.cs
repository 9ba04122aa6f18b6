using Mesh.Dialog.V1;

namespace Mesh.Dialog.Events;

/// <summary>One conversation of one tenant.</summary>
internal readonly record struct ConversationKey(string TenantId, string ConversationId);

/// <summary>The log of all conversations. What is in it is the state; nothing else is kept.</summary>
internal interface IEventStore
{
    /// <summary>
    /// Appends events of one conversation in one transaction: all of them or none. Sets their log positions, which grow in commit order.
    /// </summary>
    /// <param name="expectedSequence">Last sequence that the writer has seen; the events continue it without a gap.</param>
    /// <exception cref="ServiceDefaults.Errors.ConflictException">
    /// <see cref="SequenceConflict"/>: others wrote meanwhile. <see cref="EpochConflict"/>: an event is of an older ownership period than the current one.
    /// </exception>
    Task AppendAsync(ConversationKey key, long expectedSequence, IReadOnlyList<ConversationEvent> events, CancellationToken cancellationToken);

    /// <summary>Events of a conversation after a sequence, in order; empty for an unknown one.</summary>
    Task<IReadOnlyList<ConversationEvent>> ReadAsync(ConversationKey key, long afterSequence, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> events after a log position, in order.</summary>
    /// <param name="tenantId">Null for all tenants.</param>
    Task<IReadOnlyList<ConversationEvent>> ReadLogAsync(string? tenantId, long afterPosition, int limit, CancellationToken cancellationToken);

    /// <summary>Ids of a tenant's conversations: those that wait for a person by how long they wait, others by the time of their last event, newest first.</summary>
    Task<IReadOnlyList<ListedConversation>> ListAsync(ListConversationsQuery query, CancellationToken cancellationToken);

    /// <summary>How many conversations of the tenant have waited for a person for longer than this one.</summary>
    Task<int> CountWaitingBeforeAsync(ConversationKey key, CancellationToken cancellationToken);

    const string SequenceConflict = "SEQUENCE_STALE";
    const string EpochConflict = "OWNER_EPOCH_STALE";
}

/// <param name="Owner">Unspecified for all.</param>
/// <param name="CustomerId">Empty for all.</param>
/// <param name="After">Last row of the page before; null for the first page.</param>
internal sealed record ListConversationsQuery(string TenantId, Owner Owner, string CustomerId, int Limit, ListedConversation? After);

/// <param name="SortKey">Milliseconds since 1970: waiting since, or last event.</param>
internal sealed record ListedConversation(string ConversationId, long SortKey);
