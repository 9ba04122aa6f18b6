using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Mesh.Tools.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Call_Traced_SpansAndMetricsHoldNoArguments()
    {
        var spans = new ConcurrentQueue<Activity>();
        var measured = new ConcurrentQueue<string>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "Mesh.Tools") listener.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.Start();
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 404, """{"code":"order_not_found","detail":"没有找到订单 SO2026119999。"}""", "application/problem+json"));
        await using (var tools = await ToolsHost.StartAsync(system.Address, services: s => s.ConfigureOpenTelemetryTracerProvider(t => t.AddProcessor(new Collect(spans)))))
        {
            await tools.CallAsync("track_order", new { order_number = "SO2026119999" });
            await tools.CallAsync("search_orders", new { phone = "13912345678" });
            await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026119999" }, "k"));
        }

        var span = Assert.Single(spans, s => s.DisplayName == "execute_tool track_order");
        Assert.Equal("execute_tool", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("rejected", span.GetTagItem("mesh.tools.status"));
        Assert.Equal("order_not_found", span.GetTagItem("error.type"));
        var sent = Assert.Single(spans, s => s.Kind == ActivityKind.Client && s.ParentSpanId == span.SpanId);
        Assert.EndsWith("/v1/orders/{order_number}/tracking", (string)sent.GetTagItem("url.full")!, StringComparison.Ordinal);
        Assert.Contains(system.Requests, r => r.Headers["traceparent"].Contains(sent.TraceId.ToHexString(), StringComparison.Ordinal));
        // The scripted system lives in this process too; what it says of itself is its own business.
        var own = spans.Where(s => s.Kind != ActivityKind.Server || s.GetTagItem("url.path") is not string path || !path.StartsWith("/v1/", StringComparison.Ordinal));
        Assert.All(own, s => Assert.All(
            s.TagObjects.Select(t => $"{t.Key}={t.Value}").Append(s.DisplayName).Concat(s.Events.SelectMany(e => e.Tags.Select(t => $"{t.Value}"))),
            text => Assert.False(text.Contains("SO2026119999", StringComparison.Ordinal) || text.Contains("13912345678", StringComparison.Ordinal) || text.Contains(ToolsHost.Customer, StringComparison.Ordinal), text)));
        Assert.Contains(measured, m => m.StartsWith("mesh.tools.call.duration", StringComparison.Ordinal) && m.Contains("rejected", StringComparison.Ordinal));
        Assert.Contains(measured, m => m.StartsWith("mesh.tools.confirmations", StringComparison.Ordinal) && m.Contains("asked", StringComparison.Ordinal));
    }

    private sealed class Collect(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}
