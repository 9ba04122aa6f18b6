using System.Data.Common;
using System.Diagnostics.Metrics;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Data;

namespace Mesh.Datasets.Stats;

/// <summary>Counts of the log's events. A batch and the position it reaches are stored in one transaction.</summary>
internal sealed class StatsStore(MeshDatabase database)
{
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE datasets_log (id BIGINT PRIMARY KEY, position BIGINT NOT NULL, duplicates BIGINT NOT NULL);
        INSERT INTO datasets_log (id, position, duplicates) VALUES (1, 0, 0);
        CREATE TABLE datasets_events (tenant TEXT NOT NULL, type TEXT NOT NULL, count BIGINT NOT NULL, last_ms BIGINT NOT NULL, PRIMARY KEY (tenant, type));
        CREATE TABLE datasets_conversations (tenant TEXT NOT NULL, conversation TEXT NOT NULL, sequence BIGINT NOT NULL, PRIMARY KEY (tenant, conversation));
        """,
    ];

    private static readonly Counter<long> Counted =
        new Meter("Mesh.Datasets").CreateCounter<long>("mesh.datasets.events", "{event}", "Events of the conversation log that were read and stored.");

    public async Task<long> PositionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT position FROM datasets_log WHERE id = 1", cancellationToken: cancellationToken));
    }

    public async Task AddAsync(IReadOnlyList<ConversationEvent> events, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(async (connection, transaction) =>
        {
            var duplicates = 0L;
            foreach (var item in events)
                if (!await AddAsync(connection, transaction, item, cancellationToken)) duplicates++;
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE datasets_log SET position = CASE WHEN position < @Position THEN @Position ELSE position END, duplicates = duplicates + @Duplicates WHERE id = 1",
                new { events[^1].Position, Duplicates = duplicates }, transaction, cancellationToken: cancellationToken));
        }, cancellationToken);
        Counted.Add(events.Count);
    }

    /// <summary>All tenants when <paramref name="tenant"/> is null.</summary>
    public async Task<V1.Stats> ReadAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = new { Tenant = tenant ?? "" };
        var filter = tenant is null ? "" : " WHERE tenant = @Tenant";
        var (position, duplicates) = await connection.QuerySingleAsync<(long, long)>(
            new CommandDefinition("SELECT position, duplicates FROM datasets_log WHERE id = 1", cancellationToken: cancellationToken));
        var result = new V1.Stats
        {
            Position = position,
            Duplicates = duplicates,
            Conversations = await connection.ExecuteScalarAsync<long>(
                new CommandDefinition("SELECT COUNT(*) FROM datasets_conversations" + filter, parameters, cancellationToken: cancellationToken)),
        };
        foreach (var (type, count, last) in await connection.QueryAsync<(string, long, long)>(
            new CommandDefinition("SELECT type, CAST(SUM(count) AS BIGINT), MAX(last_ms) FROM datasets_events" + filter + " GROUP BY type ORDER BY type", parameters, cancellationToken: cancellationToken)))
        {
            result.Events += count;
            result.EventsByType[type] = count;
            var at = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(last));
            if (result.LastEventAt is null || result.LastEventAt < at) result.LastEventAt = at;
        }
        return result;
    }

    private static async Task<bool> AddAsync(DbConnection connection, DbTransaction transaction, ConversationEvent item, CancellationToken cancellationToken)
    {
        // The sequence is gapless: an event that does not move its conversation forward was counted before.
        var moved = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO datasets_conversations (tenant, conversation, sequence) VALUES (@TenantId, @ConversationId, @Sequence)
            ON CONFLICT (tenant, conversation) DO UPDATE SET sequence = excluded.sequence WHERE datasets_conversations.sequence < excluded.sequence
            """,
            new { item.TenantId, item.ConversationId, item.Sequence }, transaction, cancellationToken: cancellationToken));
        if (moved == 0) return false;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO datasets_events (tenant, type, count, last_ms) VALUES (@TenantId, @Type, 1, @Ms)
            ON CONFLICT (tenant, type) DO UPDATE SET count = datasets_events.count + 1, last_ms = excluded.last_ms
            """,
            new { item.TenantId, Type = TypeOf(item), Ms = item.Time.ToDateTimeOffset().ToUnixTimeMilliseconds() }, transaction, cancellationToken: cancellationToken));
        return true;
    }

    /// <summary>Name of the payload as in the proto; "unknown" for one that a newer dialog wrote.</summary>
    private static string TypeOf(ConversationEvent item) =>
        ConversationEvent.Descriptor.FindFieldByNumber((int)item.PayloadCase)?.Name ?? "unknown";
}
