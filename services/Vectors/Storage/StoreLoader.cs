namespace Mesh.Vectors.Storage;

/// <summary>Loads the store while the service already answers that it is loading. A database that cannot be read ends the process with exit code 1.</summary>
internal sealed partial class StoreLoader(VectorStore store, IHostApplicationLifetime lifetime, ILogger<StoreLoader> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Load(stoppingToken), stoppingToken);

    private void Load(CancellationToken stopping)
    {
        try
        {
            store.Load(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(EventId = 3004, Level = LogLevel.Critical, Message = "The collections cannot be loaded")]
    private partial void LogFailed(Exception exception);
}
