using Mesh.Gateway.Limits;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway.Edge;

/// <summary>A call from outside that was let in.</summary>
/// <param name="Method">Null for what the edge answers itself, such as reflection.</param>
internal sealed record EdgeCall(ApiKey Key, EdgeMethod? Method);

/// <summary>
/// Before every request: takes away what only the mesh may say, and of a gRPC call finds out by its key who calls, whether it may, and whether it asks too much.
/// From there on the request carries the mesh's own credential.
/// </summary>
internal sealed partial class EdgeGuard(
    ApiKeys keys, RateLimits limits, IOptions<InternalCredentialOptions> credential, ILogger<EdgeGuard> log)
{
    private const string MeshPrefix = "x-mesh-";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        foreach (var name in headers.Keys.Where(k => k.StartsWith(MeshPrefix, StringComparison.OrdinalIgnoreCase)).ToList())
            headers.Remove(name);

        // Health says nothing about anybody and is what load balancers ask.
        if (!IsGrpc(context.Request) || context.Request.Path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        try
        {
            var call = Admit(context);
            using var open = limits.OpenCall(call.Key.Name);
            context.Features.Set(call);
            Sign(headers, call.Key);
            await next(context);
        }
        catch (MeshException e)
        {
            var status = ErrorTable.ToStatus(e, deadlinePassed: false);
            LogRefused(context.Request.Path, status.Message);
            GrpcFailure.Answer(context, status);
        }
    }

    private EdgeCall Admit(HttpContext context)
    {
        var secret = ApiKeys.Shown(context.Request.Headers)
            ?? throw new UnauthenticatedException("an API key is needed: 'authorization: Bearer <key>' or 'x-api-key: <key>'");
        var key = keys.Find(secret) ?? throw new UnauthenticatedException("the API key is not known");
        limits.ChargeKey(key.Name, key.Tenant);
        var method = EdgeMethods.ByPath.GetValueOrDefault(context.Request.Path.Value ?? "");
        if (method is not null && !method.Scopes.Any(key.Scopes.Contains))
            throw new PermissionDeniedException(method.Scopes.Count == 0
                ? "this method is not open to callers outside the mesh"
                : $"the API key needs the scope {string.Join(" or ", method.Scopes.Select(s => $"'{s}'"))}");
        return new(key, method);
    }

    private void Sign(IHeaderDictionary headers, ApiKey key)
    {
        headers.Remove("authorization");
        headers.Remove("x-api-key");
        headers.Remove("cookie");
        headers[Caller.KeyHeader] = credential.Value.Key;
        headers[Caller.TenantHeader] = key.Tenant;
        headers[Caller.SubjectHeader] = $"key:{key.Name}";
        headers[Caller.ScopesHeader] = string.Join(' ', key.Scopes);
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "{Path} refused: {Reason}")]
    private partial void LogRefused(string path, string reason);
}
