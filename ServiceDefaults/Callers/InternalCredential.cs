using System.Security.Cryptography;
using System.Text;
using Mesh.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mesh.ServiceDefaults.Callers;

/// <summary>Compares what a caller shows with the mesh's own secret, in time that does not depend on it.</summary>
public sealed class InternalCredential(IOptions<InternalCredentialOptions> options)
{
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.Key));

    public bool Accepts(string? given) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), _key);
}

public static class InternalEndpointExtensions
{
    /// <summary>An HTTP command for the mesh's operator (a button of the dashboard): without the internal credential it answers 401.</summary>
    public static RouteHandlerBuilder MapInternalCommand(this IEndpointRouteBuilder endpoints, string path, Delegate command) =>
        endpoints.MapPost(path, command).AddEndpointFilter(async (context, next) =>
        {
            if (!context.HttpContext.RequestServices.GetRequiredService<InternalCredential>().Accepts(context.HttpContext.Request.Headers[Caller.KeyHeader]))
                return Results.Unauthorized();
            try
            {
                return await next(context);
            }
            catch (MeshException e)
            {
                var status = ErrorTable.ToStatus(e, deadlinePassed: false);
                return Results.Problem(status.Message, statusCode: ErrorTable.ToHttp((Google.Rpc.Code)status.Code));
            }
        });
}
