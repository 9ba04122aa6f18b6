using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mesh.Tools.V1;

namespace Mesh.Tools.Invocation;

/// <summary>Spans and metrics of tool calls, named as OpenTelemetry's conventions for generative AI name them. Arguments and results are in neither.</summary>
internal sealed class ToolTelemetry : IDisposable
{
    public const string Name = "Mesh.Tools";
    private readonly ActivitySource source = new(Name);
    private readonly Meter meter;
    private readonly Histogram<double> duration;
    private readonly Counter<long> confirmations;

    public ToolTelemetry(IMeterFactory meters)
    {
        meter = meters.Create(Name);
        duration = meter.CreateHistogram<double>("mesh.tools.call.duration", "s", "Duration of tool calls with their repeats.");
        confirmations = meter.CreateCounter<long>("mesh.tools.confirmations", "{confirmation}", "Confirmations asked for, approved and declined.");
    }

    public Activity? Start(string tool, string system)
    {
        var activity = source.StartActivity($"execute_tool {tool}");
        activity?.SetTag("gen_ai.operation.name", "execute_tool");
        activity?.SetTag("gen_ai.tool.name", tool);
        activity?.SetTag("mesh.tools.system", system);
        return activity;
    }

    public void Finish(Activity? activity, ToolResult result)
    {
        var status = StatusName(result.Status);
        activity?.SetTag("mesh.tools.status", status);
        activity?.SetTag("mesh.tools.attempts", result.Attempts);
        if (result.Status != ToolResult.Types.Status.Ok)
            activity?.SetTag("error.type", result.ErrorCode);
        if (result.Status is ToolResult.Types.Status.Unavailable or ToolResult.Types.Status.Timeout or ToolResult.Types.Status.InvalidResult)
            activity?.SetStatus(ActivityStatusCode.Error);
        duration.Record(result.Duration?.ToTimeSpan().TotalSeconds ?? 0, new TagList { { "gen_ai.tool.name", result.Tool }, { "mesh.tools.status", status } });
    }

    public void Confirmation(string tool, string outcome) => confirmations.Add(1, new TagList { { "gen_ai.tool.name", tool }, { "mesh.tools.outcome", outcome } });

    public void Dispose()
    {
        source.Dispose();
        meter.Dispose();
    }

    private static string StatusName(ToolResult.Types.Status status) => status switch
    {
        ToolResult.Types.Status.Ok => "ok",
        ToolResult.Types.Status.Rejected => "rejected",
        ToolResult.Types.Status.Unavailable => "unavailable",
        ToolResult.Types.Status.Timeout => "timeout",
        ToolResult.Types.Status.InvalidArguments => "invalid_arguments",
        ToolResult.Types.Status.InvalidResult => "invalid_result",
        ToolResult.Types.Status.Declined => "declined",
        _ => "unspecified",
    };
}
