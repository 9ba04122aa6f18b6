using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Intents;
using Mesh.ServiceDefaults.Callers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Dialog.Understanding;

/// <summary>Trains the classifiers while the service starts, so that no customer waits for it.</summary>
internal sealed class UnderstandingWarmUp(FlowCatalogue catalogue, IntentModels models, CallerAccessor callers) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        async () =>
        {
            // No customer's call is behind this: the embedding service is asked in the mesh's own name.
            using (callers.Use(Caller.Internal()))
                await models.PrepareAsync(catalogue, stoppingToken);
        },
        stoppingToken);
}

/// <summary>Not ready before the classifiers are trained: a customer would wait, or be misunderstood when the turn's budget for it ends.</summary>
internal sealed class UnderstandingTrained(FlowCatalogue catalogue, IntentModels models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(models.IsTrained(catalogue) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("learning from the flows' example sentences"));
}
