using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mesh.Tools.Catalog;
using Mesh.Tools.Http;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Mesh.Tools.Invocation;

/// <summary>Calls a tool's business system within the caller's time. Whatever goes wrong there is a result.</summary>
internal sealed class ToolCaller(IOptions<ToolsOptions> options, ToolTelemetry telemetry, TimeProvider time)
{
    /// <param name="arguments">Checked against the tool's schema.</param>
    /// <param name="deadline">When the caller stops waiting.</param>
    /// <exception cref="OperationCanceledException">The caller does not want the result any more.</exception>
    public async Task<ToolResult> CallAsync(ToolDefinition tool, JsonObject arguments, ToolCall call, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var activity = telemetry.Start(tool.Name, tool.System.Name);
        var attempts = new AttemptCount();
        var result = tool.System.Unusable is { } reason
            ? Results.Unavailable("not_configured", reason)
            : await SendAsync(tool, arguments, call, deadline, attempts, cancellationToken);
        result.Tool = tool.Name;
        result.Arguments = StructJson.ToStruct(arguments);
        result.Attempts = attempts.Value;
        result.Duration = Duration.FromTimeSpan(time.GetElapsedTime(began));
        telemetry.Finish(activity, result);
        return result;
    }

    private async Task<ToolResult> SendAsync(
        ToolDefinition tool, JsonObject arguments, ToolCall call, DateTimeOffset deadline, AttemptCount attempts, CancellationToken cancellationToken)
    {
        var left = deadline - time.GetUtcNow() - TimeSpan.FromMilliseconds(options.Value.DeadlineMarginMs);
        var budget = left < tool.Limits.Timeout ? left : tool.Limits.Timeout;
        if (budget <= TimeSpan.Zero)
            return Results.Timeout("no time was left for the call");
        var end = time.GetUtcNow() + budget;
        using var limit = new CancellationTokenSource(budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var answer = await tool.System.SendAsync(
                () => tool.Operation.Request(tool.System.Address, arguments, call.Scope(tool.Name, end - time.GetUtcNow())), tool.Limits, tool.Repeatable, attempts, either.Token);
            return AnswerReading.Read(tool, answer);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Results.Timeout("the business system did not answer in time");
        }
        catch (TimeoutRejectedException)
        {
            return Results.Timeout("the business system did not answer in time");
        }
        catch (BrokenCircuitException)
        {
            return Results.Unavailable("circuit_open", "the business system failed too often lately; nothing was sent");
        }
        catch (Exception e) when (e is AntiSSRFException || e.InnerException is AntiSSRFException)
        {
            return Results.Unavailable("address_not_allowed", "the business system's address is a private one and its host is not allowed by name");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Results.Unavailable("unreachable", "the business system could not be reached, or broke off");
        }
    }
}
