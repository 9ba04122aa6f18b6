using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Vectors.Storage;

/// <summary>Not ready until the collections are in memory.</summary>
internal sealed class StoreReadiness(VectorStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Loaded.IsCompletedSuccessfully ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("loading"));
}
