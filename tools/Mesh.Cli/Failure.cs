using Google.Rpc;
using Grpc.Core;

namespace Mesh.Cli;

/// <summary>How a failed call is told: on standard error, so that standard output stays one JSON object or nothing.</summary>
internal static class Failure
{
    public static int Tell(RpcException exception, Uri address)
    {
        var status = StatusName(exception.StatusCode);
        Console.Error.WriteLine(exception.StatusCode == StatusCode.Unavailable && exception.GetRpcStatus() is null
            ? $"{status}: no mesh answers at {address}. Start one with: dotnet run --project AppHost"
            : $"{status}: {exception.Status.Detail}");
        if (exception.GetRpcStatus() is { } rich)
        {
            foreach (var violation in rich.GetDetail<BadRequest>()?.FieldViolations ?? [])
                Console.Error.WriteLine($"  {violation.Field}: {violation.Description}");
            if (rich.GetDetail<RetryInfo>() is { } retry)
                Console.Error.WriteLine($"  try again in {retry.RetryDelay.ToTimeSpan().TotalSeconds:0.#} s");
        }
        return 1;
    }

    /// <summary>The field's own spelling: "NOT_FOUND".</summary>
    public static string StatusName(StatusCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
