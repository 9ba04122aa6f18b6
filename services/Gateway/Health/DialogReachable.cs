using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Gateway.Health;

/// <summary>Whether the dialog service answers. If not, the edge still stands and says so to its callers, so it is degraded and not unhealthy.</summary>
internal sealed class DialogReachable(Grpc.Health.V1.Health.HealthClient dialog, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await dialog.CheckAsync(new HealthCheckRequest(), deadline: (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken: cancellationToken);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"the dialog service says {answer.Status}");
        }
        catch (RpcException e)
        {
            return HealthCheckResult.Degraded($"the dialog service does not answer: {e.StatusCode}");
        }
    }
}
