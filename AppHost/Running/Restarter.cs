using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.AppHost.Running;

/// <summary>Starts a service again whose process ended by itself; the mesh answers meanwhile without it. One that keeps ending is started less and less often.</summary>
internal sealed partial class Restarter(
    ResourceNotificationService notifications, ResourceCommandService commands, TimeProvider time, ILogger<Restarter> log) : BackgroundService
{
    // Ended in order, by Ctrl+C and by SIGTERM: somebody wanted it.
    private static readonly int[] WantedExitCodes = [0, 130, 143];
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ended = new Dictionary<string, (DateTime? At, int Times)>(StringComparer.Ordinal);
        var restarts = new List<Task>();
        await foreach (var e in notifications.WatchAsync(stoppingToken))
        {
            if (e.Resource is not ProjectResource || e.Snapshot.State is not { } state || !KnownResourceStates.TerminalStates.Contains(state.Text)) continue;
            if (e.Snapshot.ExitCode is not { } exitCode || WantedExitCodes.Contains(exitCode)) continue;
            var before = ended.GetValueOrDefault(e.ResourceId);
            if (before.At is not null && before.At == e.Snapshot.StopTimeStamp) continue;
            var times = before.At is { } last && e.Snapshot.StopTimeStamp - last < TimeSpan.FromMinutes(1) ? before.Times + 1 : 1;
            ended[e.ResourceId] = (e.Snapshot.StopTimeStamp, times);
            restarts.RemoveAll(t => t.IsCompleted);
            restarts.Add(RestartAsync(e.ResourceId, e.Resource.Name, exitCode, times, stoppingToken));
        }
        await Task.WhenAll(restarts);
    }

    private async Task RestartAsync(string id, string name, int exitCode, int times, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMilliseconds(200) * Math.Pow(2, times - 1);
        if (wait > LongestWait) wait = LongestWait;
        LogRestart(name, exitCode, wait.TotalSeconds);
        await Task.Delay(wait, time, cancellationToken);
        var result = await commands.ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, cancellationToken);
        if (!result.Success) LogFailed(name, result.Message ?? "no reason given");
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Service} ended with exit code {ExitCode}; starting it again in {Seconds:0.0} s, the others go on")]
    private partial void LogRestart(string service, int exitCode, double seconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{Service} could not be started again: {Reason}")]
    private partial void LogFailed(string service, string reason);
}
