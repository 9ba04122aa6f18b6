using System.Data.Common;
using Microsoft.Extensions.Options;

namespace Mesh.Tools.Effects;

/// <summary>Forgets old effects, once an hour.</summary>
internal sealed partial class EffectPurge(EffectStore effects, IOptions<ToolsOptions> options, TimeProvider time, ILogger<EffectPurge> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            var before = time.GetUtcNow().AddDays(-options.Value.RetentionDays).ToUnixTimeMilliseconds();
            try
            {
                if (await effects.PurgeAsync(before, stoppingToken) is > 0 and var count)
                    LogPurged(count);
            }
            catch (DbException e)
            {
                LogNotPurged(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Forgot {Count} effects past their retention")]
    private partial void LogPurged(int count);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Old effects could not be forgotten; this is tried again in an hour")]
    private partial void LogNotPurged(Exception exception);
}
