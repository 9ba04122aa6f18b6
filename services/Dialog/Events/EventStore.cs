using System.Data.Common;
using System.Globalization;
using Dapper;
using Google.Protobuf;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Data;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Events;

/// <summary>Events as protobuf bytes in one table, and beside it one row per conversation that is derived from them: what appends are checked against and lists are sorted by.</summary>
internal sealed class EventStore(MeshDatabase database, EventSignal signal) : IEventStore
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE events (
            position {autoincrement},
            tenant TEXT NOT NULL,
            conversation TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            client_message_id TEXT NULL,
            payload {blob} NOT NULL,
            UNIQUE (tenant, conversation, sequence),
            UNIQUE (tenant, conversation, client_message_id));
        CREATE INDEX events_by_tenant ON events (tenant, position);
        CREATE TABLE conversations (
            tenant TEXT NOT NULL,
            conversation TEXT NOT NULL,
            customer TEXT NOT NULL,
            owner BIGINT NOT NULL,
            owner_epoch BIGINT NOT NULL,
            last_sequence BIGINT NOT NULL,
            updated_ms BIGINT NOT NULL,
            waiting_ms BIGINT NOT NULL,
            PRIMARY KEY (tenant, conversation));
        CREATE INDEX conversations_by_time ON conversations (tenant, updated_ms);
        CREATE INDEX conversations_by_owner ON conversations (tenant, owner, waiting_ms);
        """,
    ];

    // Appends of all replicas take turns, so that positions become visible in order: a tail that has seen N never misses an N-1 that commits later. SQLite's write lock does the same.
    private const string AppendLock = "SELECT pg_advisory_xact_lock(62834502)";

    public async Task AppendAsync(ConversationKey key, long expectedSequence, IReadOnlyList<ConversationEvent> events, CancellationToken cancellationToken)
    {
        var positions = await database.InTransactionAsync(
            (connection, transaction) => AppendAsync(connection, transaction, key, expectedSequence, events, cancellationToken), cancellationToken);
        for (var i = 0; i < events.Count; i++)
            events[i].Position = positions[i];
        signal.Pulse();
    }

    private async Task<long[]> AppendAsync(
        DbConnection connection, DbTransaction transaction, ConversationKey key, long expectedSequence, IReadOnlyList<ConversationEvent> events,
        CancellationToken cancellationToken)
    {
        if (database.Dialect == SqlDialect.PostgreSql)
            await connection.ExecuteAsync(new CommandDefinition(AppendLock, transaction: transaction, cancellationToken: cancellationToken));
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT customer AS Customer, owner AS Owner, owner_epoch AS OwnerEpoch, last_sequence AS LastSequence, updated_ms AS UpdatedMs, waiting_ms AS WaitingMs
            FROM conversations WHERE tenant = @TenantId AND conversation = @ConversationId
            """,
            key, transaction, cancellationToken: cancellationToken)) ?? new Row();
        if (row.LastSequence != expectedSequence)
            throw new ConflictException(IEventStore.SequenceConflict, $"the conversation is at {row.LastSequence}, not at {expectedSequence}");

        var positions = new long[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            var next = events[i];
            if (next.OwnerEpoch < row.OwnerEpoch)
                throw new ConflictException(IEventStore.EpochConflict, $"the event is of epoch {next.OwnerEpoch}, the conversation is in epoch {row.OwnerEpoch}");
            row.Apply(next);
            positions[i] = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                """
                INSERT INTO events (tenant, conversation, sequence, client_message_id, payload)
                VALUES (@TenantId, @ConversationId, @Sequence, @ClientMessageId, @Payload) RETURNING position
                """,
                new
                {
                    key.TenantId,
                    key.ConversationId,
                    next.Sequence,
                    ClientMessageId = next.CustomerMessage?.ClientMessageId is { Length: > 0 } id ? id : null,
                    Payload = Stored(next),
                },
                transaction,
                cancellationToken: cancellationToken));
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO conversations (tenant, conversation, customer, owner, owner_epoch, last_sequence, updated_ms, waiting_ms)
            VALUES (@TenantId, @ConversationId, @Customer, @Owner, @OwnerEpoch, @LastSequence, @UpdatedMs, @WaitingMs)
            ON CONFLICT (tenant, conversation) DO UPDATE SET owner = excluded.owner, owner_epoch = excluded.owner_epoch,
                last_sequence = excluded.last_sequence, updated_ms = excluded.updated_ms, waiting_ms = excluded.waiting_ms
            """,
            new { key.TenantId, key.ConversationId, row.Customer, row.Owner, row.OwnerEpoch, row.LastSequence, row.UpdatedMs, row.WaitingMs },
            transaction,
            cancellationToken: cancellationToken));
        return positions;
    }

    public Task<IReadOnlyList<ConversationEvent>> ReadAsync(ConversationKey key, long afterSequence, CancellationToken cancellationToken) => QueryAsync(
        "SELECT position AS Position, payload AS Payload FROM events WHERE tenant = @TenantId AND conversation = @ConversationId AND sequence > @afterSequence ORDER BY sequence",
        new { key.TenantId, key.ConversationId, afterSequence },
        cancellationToken);

    public Task<IReadOnlyList<ConversationEvent>> ReadLogAsync(string? tenantId, long afterPosition, int limit, CancellationToken cancellationToken) => QueryAsync(
        tenantId is null
            ? "SELECT position AS Position, payload AS Payload FROM events WHERE position > @afterPosition ORDER BY position LIMIT @limit"
            : "SELECT position AS Position, payload AS Payload FROM events WHERE tenant = @tenantId AND position > @afterPosition ORDER BY position LIMIT @limit",
        new { tenantId, afterPosition, limit },
        cancellationToken);

    public async Task<IReadOnlyList<ListedConversation>> ListAsync(ListConversationsQuery query, CancellationToken cancellationToken)
    {
        var waiting = query.Owner == Owner.Waiting;
        var (column, order, beyond) = waiting ? ("waiting_ms", "", ">") : ("updated_ms", "DESC", "<");
        var sql = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT conversation AS ConversationId, {column} AS SortKey FROM conversations
            WHERE tenant = @TenantId AND (@Owner = 0 OR owner = @Owner) AND (@CustomerId = '' OR customer = @CustomerId)
            {(query.After is null ? "" : $"AND ({column} {beyond} @SortKey OR ({column} = @SortKey AND conversation {beyond} @AfterId))")}
            ORDER BY {column} {order}, conversation {order} LIMIT @Limit
            """);
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<ListedConversation>(new CommandDefinition(
            sql,
            new { query.TenantId, Owner = (long)query.Owner, query.CustomerId, SortKey = query.After?.SortKey ?? 0, AfterId = query.After?.ConversationId ?? "", query.Limit },
            cancellationToken: cancellationToken));
        return [.. rows];
    }

    public async Task<int> CountWaitingBeforeAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            SELECT COUNT(*) FROM conversations
            WHERE tenant = @TenantId AND owner = @Waiting AND conversation <> @ConversationId
              AND waiting_ms < COALESCE((SELECT waiting_ms FROM conversations WHERE tenant = @TenantId AND conversation = @ConversationId AND owner = @Waiting), @Max)
            """,
            new { key.TenantId, key.ConversationId, Waiting = (long)Owner.Waiting, Max = long.MaxValue },
            cancellationToken: cancellationToken));
    }

    private async Task<IReadOnlyList<ConversationEvent>> QueryAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Position, byte[] Payload)>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row =>
        {
            var stored = ConversationEvent.Parser.ParseFrom(row.Payload);
            stored.Position = row.Position;
            return stored;
        })];
    }

    private static byte[] Stored(ConversationEvent next)
    {
        next.Position = 0;
        return next.ToByteArray();
    }

    private sealed class Row
    {
        public string Customer { get; private set; } = "";
        public long Owner { get; private set; } = (long)V1.Owner.Bot;
        public long OwnerEpoch { get; private set; } = 1;
        public long LastSequence { get; private set; }
        public long UpdatedMs { get; private set; }
        public long WaitingMs { get; private set; }

        public void Apply(ConversationEvent next)
        {
            if (next.Sequence != LastSequence + 1)
                throw new InvalidOperationException($"Event {next.Sequence} does not follow {LastSequence}.");
            LastSequence = next.Sequence;
            UpdatedMs = next.Time.ToDateTimeOffset().ToUnixTimeMilliseconds();
            if (next.ConversationStarted is { } started)
                Customer = started.CustomerId;
            if (next.OwnerChanged is { } changed)
            {
                if (changed.Epoch != OwnerEpoch + 1)
                    throw new InvalidOperationException($"Epoch {changed.Epoch} does not follow {OwnerEpoch}.");
                (Owner, OwnerEpoch) = ((long)changed.Owner, changed.Epoch);
                WaitingMs = changed.Owner == V1.Owner.Waiting ? UpdatedMs : 0;
            }
        }
    }
}
