using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway.Edge;

/// <summary>A key that was shown and is known.</summary>
internal sealed record ApiKey(string Name, string Tenant, FrozenSet<string> Scopes);

/// <summary>The keys that are let in, by hash.</summary>
internal sealed class ApiKeys(IOptions<GatewayOptions> options)
{
    private const string Bearer = "Bearer ";

    private readonly (byte[] Hash, ApiKey Key)[] _keys =
        [.. options.Value.ApiKeys.Select(k => (Convert.FromHexString(k.Sha256), new ApiKey(k.Name, k.Tenant, k.Scopes.ToFrozenSet(StringComparer.Ordinal))))];

    /// <summary>What the client showed, from "authorization: Bearer …" or "x-api-key: …"; null if nothing.</summary>
    public static string? Shown(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        var key = headers["x-api-key"].ToString();
        return key.Length > 0 ? key : null;
    }

    /// <summary>The key with this secret; null if there is none. Takes the same time whichever it is and whether there is one.</summary>
    public ApiKey? Find(string secret)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        ApiKey? found = null;
        foreach (var (known, key) in _keys)
            if (CryptographicOperations.FixedTimeEquals(known, hash)) found = key;
        return found;
    }
}
