using System.Data.Common;

using Dapper;

using Mesh.ServiceDefaults.Data;

namespace Mesh.Guard.Pseudonyms;

/// <summary>A stored pseudonym; the value is sealed.</summary>
internal sealed record StoredPseudonym(string Token, byte[] Sealed);

/// <summary>Pseudonyms and their sealed values, by tenant and scope.</summary>
internal sealed class PseudonymStore(MeshDatabase database, TimeProvider time)
{
    public const string Database = "guard";

    /// <summary>value_mac: keyed hash of category and canonical value, by which a value is found again without being readable.</summary>
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE pseudonyms (
          tenant TEXT NOT NULL,
          scope TEXT NOT NULL,
          token TEXT NOT NULL,
          value_mac TEXT NOT NULL,
          surface_mac TEXT NOT NULL,
          sealed {blob} NOT NULL,
          created_ms BIGINT NOT NULL,
          PRIMARY KEY (tenant, scope, token)
        );
        CREATE UNIQUE INDEX pseudonyms_by_surface ON pseudonyms (tenant, scope, surface_mac);
        CREATE INDEX pseudonyms_by_value ON pseudonyms (tenant, scope, value_mac);
        """,
    ];

    public Task<T> InTransactionAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        database.InTransactionAsync(work, cancellationToken);

    /// <summary>The token of one way of writing a value, or null.</summary>
    public static Task<string?> FindSurfaceAsync(DbConnection connection, DbTransaction transaction, string tenant, string scope, string surfaceMac, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT token FROM pseudonyms WHERE tenant = @tenant AND scope = @scope AND surface_mac = @surfaceMac",
            new { tenant, scope, surfaceMac }, transaction, cancellationToken: cancellationToken));

    /// <summary>Tokens of every way in which a value was written, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> FindValueAsync(DbConnection connection, DbTransaction transaction, string tenant, string scope, string valueMac, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT token FROM pseudonyms WHERE tenant = @tenant AND scope = @scope AND value_mac = @valueMac ORDER BY length(token), token",
            new { tenant, scope, valueMac }, transaction, cancellationToken: cancellationToken))];

    /// <returns>False if the token is taken by another value.</returns>
    public async Task<bool> AddAsync(
        DbConnection connection, DbTransaction transaction, string tenant, string scope, string token, string valueMac, string surfaceMac, byte[] sealedValue, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO pseudonyms (tenant, scope, token, value_mac, surface_mac, sealed, created_ms)
            VALUES (@tenant, @scope, @token, @valueMac, @surfaceMac, @sealedValue, @now)
            ON CONFLICT DO NOTHING
            """,
            new { tenant, scope, token, valueMac, surfaceMac, sealedValue, now = time.GetUtcNow().ToUnixTimeMilliseconds() }, transaction, cancellationToken: cancellationToken)) == 1;

    public async Task<IReadOnlyDictionary<string, byte[]>> FindAsync(string tenant, string scope, IReadOnlyCollection<string> tokens, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var token in tokens)
        {
            var sealedValue = await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(
                "SELECT sealed FROM pseudonyms WHERE tenant = @tenant AND scope = @scope AND token = @token",
                new { tenant, scope, token }, cancellationToken: cancellationToken));
            if (sealedValue is not null)
                found[token] = sealedValue;
        }

        return found;
    }

    public async Task<int> EraseAsync(string tenant, string scope, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM pseudonyms WHERE tenant = @tenant AND scope = @scope", new { tenant, scope }, cancellationToken: cancellationToken));
    }
}
