using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Status = Mesh.Tools.V1.ToolResult.Types.Status;

namespace Mesh.Tools.Tests;

/// <summary>A business system that is slow, broken, or answers nonsense.</summary>
public sealed class FaultTests
{
    private const string Cancelled = """{"order_number":"SO2026110003","status":"cancelled","status_text":"已取消","refund":null}""";
    private const string Coupons = """{"coupons":[]}""";

    [Fact]
    public async Task Read_FailsThenWorks_IsRepeated()
    {
        await using var system = await ScriptedSystem.StartAsync((c, n) => n <= 2 ? ScriptedSystem.Json(c, 503, "") : ScriptedSystem.Json(c, 200, Coupons));
        await using var tools = await ToolsHost.StartAsync(system.Address);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((Status.Ok, 3), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task Write_FailsThenWorks_IsRepeatedUnderOneKey()
    {
        await using var system = await ScriptedSystem.StartAsync((c, n) => n <= 2 ? ScriptedSystem.Json(c, 502, "") : ScriptedSystem.Json(c, 200, Cancelled));
        await using var tools = await ToolsHost.StartAsync(system.Address);
        var asked = (await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "k"))).ConfirmationRequired;

        var result = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;

        Assert.Equal((Status.Ok, 3), (result.Status, result.Attempts));
        Assert.Single(system.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.All(system.Requests, r => Assert.Equal(
            ("POST", "/v1/orders/SO2026110003/cancel", ToolsHost.Customer, ShopSystem.ApiKey, "{}"),
            (r.Method, r.Path, r.Headers["X-Customer-Id"], r.Headers["X-Api-Key"], r.Body)));
    }

    [Fact]
    public async Task Write_OfTwoTenants_HaveDifferentKeysAtTheSystem()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 200, Cancelled));
        await using var tools = await ToolsHost.StartAsync(system.Address);
        foreach (var tenant in new[] { "first", "second" })
        {
            var asked = (await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "k"), tenant)).ConfirmationRequired;
            Assert.Equal(Status.Ok, (await tools.ConfirmAsync(asked.ConfirmationId, tenant: tenant)).Result.Status);
        }

        Assert.Equal(2, system.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task Read_NeverAnswers_TimesOutPerAttempt()
    {
        await using var system = await ScriptedSystem.StartAsync((c, n) => n == 1 ? Hang(c) : ScriptedSystem.Json(c, 200, Coupons));
        await using var tools = await WithLimitsAsync(system, attemptMs: 400);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((Status.Ok, 2), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task Read_CallersDeadline_EndsInAResultBeforeIt()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => Hang(c));
        await using var tools = await ToolsHost.StartAsync(system.Address, settings: ("Tools:DeadlineMarginMs", "2000"));
        await tools.ListAsync();
        var began = Stopwatch.GetTimestamp();

        var result = (await tools.InvokeAsync(ToolsHost.Request("list_coupons"), deadline: TimeSpan.FromSeconds(3))).Result;

        Assert.Equal((Status.Timeout, "timeout", 1), (result.Status, result.ErrorCode, result.Attempts));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Read_NoTimeLeft_SendsNothing()
    {
        await using var system = await ScriptedSystem.StartAsync();
        await using var tools = await ToolsHost.StartAsync(system.Address, settings: ("Tools:DeadlineMarginMs", "5000"));

        var result = (await tools.InvokeAsync(ToolsHost.Request("list_coupons"), deadline: TimeSpan.FromSeconds(4))).Result;

        Assert.Equal((Status.Timeout, 0), (result.Status, result.Attempts));
        Assert.Empty(system.Requests);
    }

    [Fact]
    public async Task Read_CallerCancels_FreesTheConnection()
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var system = await ScriptedSystem.StartAsync(async (c, _) =>
        {
            c.RequestAborted.Register(() => aborted.TrySetResult());
            arrived.TrySetResult();
            await aborted.Task;
        });
        await using var tools = await WithLimitsAsync(system, attemptMs: 60_000);
        using var cancel = new CancellationTokenSource();

        var call = tools.InvokeAsync(ToolsHost.Request("list_coupons"), cancellationToken: cancel.Token);
        await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Read_ConnectionBreaks_IsUnavailable()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) =>
        {
            c.Abort();
            return Task.CompletedTask;
        });
        await using var tools = await ToolsHost.StartAsync(system.Address);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((Status.Unavailable, "unreachable", 3), (result.Status, result.ErrorCode, result.Attempts));
    }

    [Fact]
    public async Task Read_BodyBreaksOff_IsUnavailable()
    {
        await using var system = await ScriptedSystem.StartAsync(async (c, _) =>
        {
            c.Response.ContentType = "application/json";
            c.Response.ContentLength = 100;
            await c.Response.WriteAsync("{\"coupons\":", c.RequestAborted);
            await c.Response.Body.FlushAsync(c.RequestAborted);
            c.Abort();
        });
        await using var tools = await ToolsHost.StartAsync(system.Address);

        Assert.Equal((Status.Unavailable, "unreachable"), (await tools.CallAsync("list_coupons")) is var r ? (r.Status, r.ErrorCode) : default);
    }

    [Theory]
    [InlineData("{\"coupons\":\"none\"}", "application/json", "result_not_as_described")]
    [InlineData("{}", "application/json", "result_not_as_described")]
    [InlineData("{\"coupons\":[", "application/json", "result_not_json")]
    [InlineData("<html></html>", "text/html", "result_not_json")]
    [InlineData("", "application/json", "result_not_json")]
    public async Task Read_AnswerAgainstItsDescription_IsAnInvalidResult(string body, string type, string code)
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 200, body, type));
        await using var tools = await ToolsHost.StartAsync(system.Address);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((Status.InvalidResult, code, 1), (result.Status, result.ErrorCode, result.Attempts));
        Assert.Null(result.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_AnswerTooLarge_IsNotRead(bool announced)
    {
        var body = $$"""{"coupons":[],"filler":"{{new string('x', 20_000)}}"}""";
        await using var system = await ScriptedSystem.StartAsync(async (c, _) =>
        {
            c.Response.ContentType = "application/json";
            if (announced)
                c.Response.ContentLength = body.Length;
            await c.Response.WriteAsync(body, c.RequestAborted);
        });
        await using var tools = await ToolsHost.StartAsync(system.Address, settings: ("Tools:MaxResultBytes", "2048"));

        Assert.Equal((Status.InvalidResult, "result_too_large"), (await tools.CallAsync("list_coupons")) is var r ? (r.Status, r.ErrorCode) : default);
    }

    [Theory]
    [InlineData(302, Status.InvalidResult, "unexpected_redirect")]
    [InlineData(401, Status.Unavailable, "credential_refused")]
    [InlineData(403, Status.Unavailable, "credential_refused")]
    [InlineData(429, Status.Unavailable, "rate_limited")]
    [InlineData(500, Status.Unavailable, "system_failed")]
    [InlineData(404, Status.Rejected, "http_404")]
    [InlineData(418, Status.Rejected, "http_418")]
    public async Task Read_HttpStatus_BecomesAStatus(int http, Status status, string code)
    {
        await using var target = await ScriptedSystem.StartAsync();
        await using var system = await ScriptedSystem.StartAsync((c, _) =>
        {
            c.Response.Headers.Location = target.Address.ToString();
            return ScriptedSystem.Json(c, http, "<p>internal detail</p>", "text/html");
        });
        await using var tools = await ToolsHost.StartAsync(system.Address);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((status, code, http), (result.Status, result.ErrorCode, result.HttpStatus));
        Assert.DoesNotContain("internal detail", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData("""{"code":"stock_gone","detail":"卖完了"}""", "stock_gone", "卖完了")]
    [InlineData("""{"code":"<script>","title":"No"}""", "http_409", "No")]
    [InlineData("""{"code":7}""", "http_409", "the business system refused")]
    [InlineData("[]", "http_409", "the business system refused")]
    public async Task Read_ProblemDetails_GiveCodeAndMessage(string body, string code, string message)
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 409, body, "application/problem+json"));
        await using var tools = await ToolsHost.StartAsync(system.Address);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((Status.Rejected, code, message, 1), (result.Status, result.ErrorCode, result.ErrorMessage, result.Attempts));
    }

    [Fact]
    public async Task Read_RetryAfter_IsObeyedWithinTheTime()
    {
        await using var system = await ScriptedSystem.StartAsync((c, n) =>
        {
            c.Response.Headers.RetryAfter = "1";
            return n == 1 ? ScriptedSystem.Json(c, 429, "") : ScriptedSystem.Json(c, 200, Coupons);
        });
        await using var tools = await ToolsHost.StartAsync(system.Address);

        var result = await tools.CallAsync("list_coupons");

        Assert.Equal((Status.Ok, 2), (result.Status, result.Attempts));
        Assert.True(result.Duration.ToTimeSpan() >= TimeSpan.FromMilliseconds(950));
    }

    [Fact]
    public async Task Calls_FailTooOften_AreNotSentForAWhile()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 500, ""));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var tools = await WithLimitsAsync(system, attemptMs: 2000, retries: 0, time);
        for (var i = 0; i < 10; i++)
            await tools.CallAsync("list_coupons");

        var result = await tools.CallAsync("list_orders");

        Assert.Equal((Status.Unavailable, "circuit_open"), (result.Status, result.ErrorCode));
        Assert.Equal(10, system.Requests.Count);
        var listed = await tools.ListAsync();
        Assert.All(listed, t => Assert.False(t.Available));
        Assert.Contains("failed too often", listed[0].Reason, StringComparison.Ordinal);
        system.Answer = (c, _) => ScriptedSystem.Json(c, 200, Coupons);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await tools.ListAsync(), t => Assert.True(t.Available));
        Assert.Equal(Status.Ok, (await tools.CallAsync("list_coupons")).Status);
    }

    [Fact]
    public async Task Write_TimesOut_StaysOpenAndKeepsItsKey()
    {
        await using var system = await ScriptedSystem.StartAsync((c, n) => n <= 3 ? Hang(c) : ScriptedSystem.Json(c, 200, Cancelled));
        await using var tools = await WithLimitsAsync(system, attemptMs: 400);
        var request = ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "k");
        var asked = (await tools.InvokeAsync(request)).ConfirmationRequired;

        var late = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;
        var decline = await Assert.ThrowsAsync<RpcException>(() => tools.ConfirmAsync(asked.ConfirmationId, approve: false));
        var result = (await tools.InvokeAsync(request)).Result;

        Assert.Equal(Status.Timeout, late.Status);
        Assert.Equal(StatusCode.FailedPrecondition, decline.StatusCode);
        Assert.Equal((Status.Ok, false), (result.Status, result.Replayed));
        Assert.Single(system.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Write_NothingWasSent_IsStillUndecided()
    {
        await using var system = await ScriptedSystem.StartAsync();
        await using var tools = await ToolsHost.StartAsync(system.Address, settings: ("Tools:DeadlineMarginMs", "5000"));
        var asked = (await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "k"))).ConfirmationRequired;

        var late = (await tools.ConfirmAsync(asked.ConfirmationId, deadline: TimeSpan.FromSeconds(4))).Result;
        var declined = (await tools.ConfirmAsync(asked.ConfirmationId, approve: false)).Result;

        Assert.Equal((Status.Timeout, 0, Status.Declined), (late.Status, late.Attempts, declined.Status));
        Assert.Empty(system.Requests);
    }

    [Fact]
    public async Task Path_ArgumentWithSlashes_StaysOneSegment()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 200, "{}"));
        await using var folder = new ToolsFolder("""
            openapi: 3.0.3
            info: { title: t, version: "1" }
            paths:
              /things/{id}:
                get:
                  operationId: get_thing
                  parameters:
                    - { name: id, in: path, required: true, schema: { type: string } }
                    - { name: tags, in: query, schema: { type: array, items: { type: string } } }
                  responses: { "200": { description: ok, content: { application/json: { schema: { type: object } } } } }
            """, "get_thing: { effect: read }", system.Address);
        await using var tools = await ToolsHost.StartAsync(folder.File);

        Assert.Equal(Status.Ok, (await tools.CallAsync("get_thing", new { id = "../admin?x=1#y", tags = new[] { "a&b", "c" } })).Status);

        var sent = Assert.Single(system.Requests);
        foreach (var id in new[] { "..", ".", "" })
            Assert.Equal("/id", (await tools.CallAsync("get_thing", new { id })).Violations.Single().Field);
        Assert.Single(system.Requests);
        Assert.Equal(("/things/..%2Fadmin%3Fx=1%23y", "?tags=a%26b&tags=c"), (sent.Path, sent.Query));
    }

    private static Task<ToolsHost> WithLimitsAsync(ScriptedSystem system, int attemptMs, int retries = 2, TimeProvider? time = null)
    {
        var yaml = File.ReadAllText(Path.Combine(ToolsHost.ShopFolder, "tools.yaml"))
            .Replace("attempt_timeout_ms: 2000, retries: 2", $"attempt_timeout_ms: {attemptMs}, retries: {retries}", StringComparison.Ordinal)
            .Replace("openapi.json", Path.Combine(ToolsHost.ShopFolder, "openapi.json"), StringComparison.Ordinal);
        var file = Path.Combine(AppContext.BaseDirectory, $"tools-{attemptMs}-{retries}.yaml");
        File.WriteAllText(file, yaml);
        return ToolsHost.StartAsync(file, time, settings: [("Tools:Addresses:shop", system.Address.ToString()), ("Tools:Secrets:shop-api-key", ShopSystem.ApiKey)]);
    }

    private static async Task Hang(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var _ = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }
}
