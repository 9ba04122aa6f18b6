using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Intents;

namespace Mesh.Dialog.Understanding;

/// <summary>Trains the classifiers while the service starts, so that no customer waits for it.</summary>
internal sealed class UnderstandingWarmUp(FlowCatalogue catalogue, IntentModels models) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => models.PrepareAsync(catalogue, stoppingToken), stoppingToken);
}
