using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Vectors.Rpc;

/// <summary>Around every Qdrant call: the API key, when one is configured (metadata <c>api-key</c> or a bearer token), and what a failure becomes.</summary>
internal sealed partial class CallGuard(IOptions<VectorsOptions> options, TimeProvider time, ILogger<CallGuard> logger)
{
    private const string Bearer = "Bearer ";

    private readonly byte[]? _key = options.Value.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    public async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            if (_key is not null) CheckKey(context.RequestHeaders, _key);
            return await call();
        }
        catch (Exception e) when (e is not RpcException)
        {
            var status = ErrorTable.ToStatus(e, context.Deadline <= time.GetUtcNow().UtcDateTime);
            if (status.Code == (int)Google.Rpc.Code.Internal) LogFailed(context.Method, e);
            throw status.ToRpcException();
        }
    }

    private static void CheckKey(Metadata headers, byte[] key)
    {
        var authorization = headers.GetValue("authorization");
        var token = authorization?.StartsWith(Bearer, StringComparison.Ordinal) == true ? authorization[Bearer.Length..] : null;
        var given = headers.GetValue("api-key") ?? token;
        if (given is null) throw new RpcException(new Status(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token"));
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), key))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "Invalid API key or JWT"));
    }

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "{Method} failed")]
    private partial void LogFailed(string method, Exception exception);
}
