using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Intents;
using Mesh.ServiceDefaults.Callers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Dialog.Understanding;

/// <summary>Trains the classifiers while the service starts, and says that it is not ready until they are: no customer waits for it, or is misunderstood meanwhile.</summary>
internal sealed class UnderstandingWarmUp(FlowCatalogue catalogue, IntentModels models, CallerAccessor callers) : BackgroundService, IHealthCheck
{
    private volatile bool _trained;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_trained ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("learning from the flows' example sentences"));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        async () =>
        {
            // No customer's call is behind this: the embedding service is asked in the mesh's own name.
            using (callers.Use(Caller.Internal()))
                await models.PrepareAsync(catalogue, stoppingToken);
            _trained = true;
        },
        stoppingToken);
}
