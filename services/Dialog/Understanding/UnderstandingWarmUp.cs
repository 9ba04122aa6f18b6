using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Intents;
using Mesh.ServiceDefaults.Callers;

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
