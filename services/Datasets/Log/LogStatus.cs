using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Datasets.Log;

/// <summary>Whether the log is being read now, and if not, why.</summary>
internal sealed class LogStatus
{
    private volatile Tuple<bool, string> _current = Tuple.Create(false, "the log has not been opened yet");

    public (bool Tailing, string Reason) Current => (_current.Item1, _current.Item2);

    public void Reading() => _current = Tuple.Create(true, "");

    public void Stopped(string reason) => _current = Tuple.Create(false, reason);
}

internal sealed class LogHealthCheck(LogStatus status, Stats.StatsStore stats) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var read = await stats.ReadAsync(null, cancellationToken);
        var data = new Dictionary<string, object> { ["events"] = read.Events, ["conversations"] = read.Conversations, ["position"] = read.Position };
        var (tailing, reason) = status.Current;
        // Degraded, not unhealthy: the dialog keeps the log, nothing is lost while nobody reads it.
        return tailing ? HealthCheckResult.Healthy("reading the log", data) : HealthCheckResult.Degraded(reason, data: data);
    }
}
