using Dapper;
using Mesh.ServiceDefaults.Data;

namespace Mesh.Tools.Effects;

/// <summary>A change that was asked for, kept from the question until long after its result.</summary>
internal sealed class EffectRecord
{
    /// <summary>The customer has not decided yet.</summary>
    public const string Awaiting = "awaiting";

    /// <summary>The customer said no.</summary>
    public const string Declined = "declined";

    /// <summary>It was or may have been sent; its result is not known yet.</summary>
    public const string Started = "started";

    /// <summary>Its result is known.</summary>
    public const string Done = "done";

    public required string TenantId { get; init; }
    public required string IdempotencyKey { get; init; }

    /// <summary>Hash of the tool, its arguments, the customer and the conversation: one key stands for one of them.</summary>
    public required string Fingerprint { get; init; }
    public required string Tool { get; init; }

    /// <summary>JSON; emptied once nothing is to be sent any more.</summary>
    public required string Arguments { get; init; }
    public required string CustomerId { get; init; }
    public required string ConversationId { get; init; }
    public required string Language { get; init; }
    public required string State { get; init; }

    /// <summary>The token by which the customer's decision comes back; null for an effect that is not asked about.</summary>
    public string? ConfirmationId { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>A mesh.tools.v1.ToolResult.</summary>
    public byte[]? Result { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }
}

/// <summary>Effects by tenant and idempotency key. Each change of state happens once, whoever else tries.</summary>
internal sealed class EffectStore(MeshDatabase database)
{
    public static readonly string[] Migrations =
    [
        """
        CREATE TABLE tool_effects (
          tenant_id TEXT NOT NULL, idempotency_key TEXT NOT NULL, fingerprint TEXT NOT NULL, tool TEXT NOT NULL, arguments TEXT NOT NULL,
          customer_id TEXT NOT NULL, conversation_id TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
          confirmation_id TEXT, expires_at BIGINT NOT NULL, result {blob}, created_at BIGINT NOT NULL,
          PRIMARY KEY (tenant_id, idempotency_key));
        CREATE UNIQUE INDEX tool_effects_confirmation ON tool_effects (confirmation_id);
        CREATE INDEX tool_effects_created ON tool_effects (created_at);
        """,
    ];

    private const string Columns = """
        tenant_id AS TenantId, idempotency_key AS IdempotencyKey, fingerprint AS Fingerprint, tool AS Tool, arguments AS Arguments, customer_id AS CustomerId,
        conversation_id AS ConversationId, language AS Language, state AS State, confirmation_id AS ConfirmationId, expires_at AS ExpiresAt, result AS Result,
        created_at AS CreatedAt
        """;

    /// <summary>The effect under this key: the given one if the key is new, else the one that is there.</summary>
    public async Task<(EffectRecord Effect, bool Added)> AddOrGetAsync(EffectRecord effect, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tool_effects (tenant_id, idempotency_key, fingerprint, tool, arguments, customer_id, conversation_id, language, state, confirmation_id, expires_at, created_at)
            VALUES (@TenantId, @IdempotencyKey, @Fingerprint, @Tool, @Arguments, @CustomerId, @ConversationId, @Language, @State, @ConfirmationId, @ExpiresAt, @CreatedAt)
            ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
            """, effect, cancellationToken: cancellationToken));
        return (added == 1 ? effect : await GetAsync(effect.TenantId, effect.IdempotencyKey, cancellationToken), added == 1);
    }

    public async Task<EffectRecord> GetAsync(string tenantId, string idempotencyKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleAsync<EffectRecord>(new CommandDefinition(
            $"SELECT {Columns} FROM tool_effects WHERE tenant_id = @tenantId AND idempotency_key = @idempotencyKey", new { tenantId, idempotencyKey },
            cancellationToken: cancellationToken));
    }

    /// <summary>The effect that a customer was asked about, or null if this customer was not in this conversation.</summary>
    public async Task<EffectRecord?> FindAsync(string tenantId, string confirmationId, string customerId, string conversationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<EffectRecord>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM tool_effects
            WHERE tenant_id = @tenantId AND confirmation_id = @confirmationId AND customer_id = @customerId AND conversation_id = @conversationId
            """, new { tenantId, confirmationId, customerId, conversationId }, cancellationToken: cancellationToken));
    }

    /// <summary>Asks again under a new token; whether the effect was still waiting.</summary>
    public Task<bool> RenewAsync(EffectRecord effect, string confirmationId, long expiresAt, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE tool_effects SET confirmation_id = @confirmationId, expires_at = @expiresAt WHERE tenant_id = @TenantId AND idempotency_key = @IdempotencyKey AND state = 'awaiting' AND confirmation_id = @old",
        new { effect.TenantId, effect.IdempotencyKey, confirmationId, expiresAt, old = effect.ConfirmationId }, cancellationToken);

    /// <summary>From waiting to started; false if somebody else was faster.</summary>
    public Task<bool> StartAsync(EffectRecord effect, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE tool_effects SET state = 'started' WHERE tenant_id = @TenantId AND idempotency_key = @IdempotencyKey AND state = 'awaiting'",
        new { effect.TenantId, effect.IdempotencyKey }, cancellationToken);

    /// <summary>From waiting to declined; false if somebody else was faster.</summary>
    public Task<bool> DeclineAsync(EffectRecord effect, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE tool_effects SET state = 'declined', arguments = '' WHERE tenant_id = @TenantId AND idempotency_key = @IdempotencyKey AND state = 'awaiting'",
        new { effect.TenantId, effect.IdempotencyKey }, cancellationToken);

    /// <summary>Takes a start back, because nothing was sent: the customer may decide anew, or the key be used anew.</summary>
    public Task<bool> UndoStartAsync(EffectRecord effect, CancellationToken cancellationToken) => ChangeAsync(
        effect.ConfirmationId is null
            ? "DELETE FROM tool_effects WHERE tenant_id = @TenantId AND idempotency_key = @IdempotencyKey AND state = 'started'"
            : "UPDATE tool_effects SET state = 'awaiting' WHERE tenant_id = @TenantId AND idempotency_key = @IdempotencyKey AND state = 'started'",
        new { effect.TenantId, effect.IdempotencyKey }, cancellationToken);

    /// <summary>To done, also if a call beside this one took its own start back; false if a result was there already.</summary>
    public Task<bool> FinishAsync(EffectRecord effect, byte[] result, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE tool_effects SET state = 'done', result = @result, arguments = '' WHERE tenant_id = @TenantId AND idempotency_key = @IdempotencyKey AND state IN ('started', 'awaiting')",
        new { effect.TenantId, effect.IdempotencyKey, result }, cancellationToken);

    /// <summary>Forgets effects older than <paramref name="before"/> (Unix milliseconds); how many.</summary>
    public async Task<int> PurgeAsync(long before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition("DELETE FROM tool_effects WHERE created_at < @before", new { before }, cancellationToken: cancellationToken));
    }

    private async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) == 1;
    }
}
