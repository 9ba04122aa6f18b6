using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Vectors.Storage;

/// <summary>Loads the store while the service already answers that it is loading. A database that cannot be read ends the process.</summary>
internal sealed class StoreLoader(VectorStore store) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => store.Load(stoppingToken), stoppingToken);
}

/// <summary>Not ready until the collections are in memory.</summary>
internal sealed class StoreReadiness(VectorStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Loaded.IsCompletedSuccessfully ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("loading"));
}
