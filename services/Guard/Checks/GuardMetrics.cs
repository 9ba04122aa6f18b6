using System.Diagnostics.Metrics;

using Mesh.Guard.V1;

using Action = Mesh.Guard.V1.Action;

namespace Mesh.Guard.Checks;

/// <summary>What the service counts. Never texts.</summary>
internal sealed class GuardMetrics
{
    private readonly Counter<long> _checks;
    private readonly Counter<long> _verdicts;
    private readonly Histogram<double> _duration;

    public GuardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Mesh.Guard");
        _checks = meter.CreateCounter<long>("mesh.guard.checks", "{check}", "Checks, by stage and action.");
        _verdicts = meter.CreateCounter<long>("mesh.guard.verdicts", "{verdict}", "Verdicts, by scanner, category and action.");
        _duration = meter.CreateHistogram(
            "mesh.guard.check.duration", "s", "Time a check took.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1] });
    }

    public void Checked(Stage stage, CheckResponse response, TimeSpan took)
    {
        var stageTag = new KeyValuePair<string, object?>("stage", stage.ToString().ToLowerInvariant());
        _checks.Add(1, stageTag, Tag(response.Action));
        _duration.Record(took.TotalSeconds, stageTag);
        foreach (var verdict in response.Verdicts)
            _verdicts.Add(1, new KeyValuePair<string, object?>("scanner", verdict.Scanner), new KeyValuePair<string, object?>("category", verdict.Category), Tag(verdict.Action));
    }

    private static KeyValuePair<string, object?> Tag(Action action) => new("action", action.ToString().ToLowerInvariant());
}
