using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mesh.Dialog;

/// <summary>Metrics and spans of the dialog. No text of a conversation is in them.</summary>
internal static class DialogTelemetry
{
    public static readonly ActivitySource Activities = new("Mesh.Dialog");
    private static readonly Meter Meter = new("Mesh.Dialog");

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
    };

    /// <summary>Seconds of a stage, or of a whole turn (stage "turn").</summary>
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram("mesh.dialog.turn.duration", "s", "Time of a turn and of its stages", null, Seconds);

    public static readonly Counter<long> Turns = Meter.CreateCounter<long>("mesh.dialog.turns", "{turn}", "Turns by outcome");
    public static readonly Counter<long> HandOvers = Meter.CreateCounter<long>("mesh.dialog.hand_overs", "{hand-over}", "Times that a person was asked for, by reason");
    public static readonly Counter<long> Degradations = Meter.CreateCounter<long>("mesh.dialog.degradations", "{degradation}", "What was left out for lack of time or a service");
    public static readonly Counter<long> DroppedMessages = Meter.CreateCounter<long>("mesh.dialog.dropped_messages", "{message}", "Bot messages dropped because a person had taken over");

    public static void Stage(string stage, TimeSpan took) => Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));
}
