namespace Mesh.Dialog.Flows;

/// <summary>Loads the flows before the service accepts calls.</summary>
internal sealed partial class FlowCheck(IServiceProvider services, ILogger<FlowCheck> log) : IHostedService
{
    /// <exception cref="InvalidFlowsException">The flows hold mistakes; the message lists them all.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var catalogue = services.GetRequiredService<FlowCatalogue>();
        LogLoaded(catalogue.Flows.Count, catalogue.Slots.Count, catalogue.Revision[..12]);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "{Flows} flows and {Slots} slots, revision {Revision}")]
    private partial void LogLoaded(int flows, int slots, string revision);
}
