using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Mesh.Vectors.Rpc;

/// <summary>When a key is configured, every Qdrant call must carry it as metadata <c>api-key</c> or as a bearer token.</summary>
internal sealed class ApiKeyCheck(IOptions<VectorsOptions> options)
{
    private const string Bearer = "Bearer ";

    private readonly byte[]? _expected = options.Value.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    /// <exception cref="RpcException">Unauthenticated.</exception>
    public void Check(Metadata headers)
    {
        if (_expected is null) return;
        var authorization = headers.GetValue("authorization");
        var given = headers.GetValue("api-key") ?? (authorization?.StartsWith(Bearer, StringComparison.Ordinal) == true ? authorization[Bearer.Length..] : null);
        if (given is null) throw new RpcException(new Status(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token"));
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _expected))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "Invalid API key or JWT"));
    }
}
