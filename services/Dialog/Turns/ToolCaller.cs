using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.Guard.V1;
using Mesh.Tools.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Turns;

/// <summary>What came of a tool call.</summary>
/// <param name="Status">As in <c>ToolReturned.status</c>.</param>
internal sealed record ToolOutcome(string CallId, string Status, Value? Result, string ErrorCode, string ErrorMessage, ConfirmationRequired? Confirmation)
{
    public bool Ok => Status == "ok";

    /// <summary>Nobody knows whether it was done: the business system did not answer.</summary>
    public bool Unavailable => Status is "unavailable" or "timeout" or "invalid_result";
}

/// <summary>Calls tools for a turn and records calls and results. A tools service that is down is an outcome.</summary>
internal sealed partial class ToolCaller(ToolsService.ToolsServiceClient client, ToolSchemas schemas, IOptions<DialogOptions> options, TimeProvider time, ILogger<ToolCaller> log)
{
    public async Task<ToolOutcome> InvokeAsync(Turn turn, string tool, IReadOnlyDictionary<string, string> arguments, string flow = "", string step = "", string saveAs = "")
    {
        var callId = string.Create(CultureInfo.InvariantCulture, $"call-{turn.State.ToolCalls + 1}");
        var typed = await schemas.TypeAsync(turn, tool, arguments);
        var called = new ToolCalled
        {
            CallId = callId,
            Tool = tool,
            Arguments = typed,
            IdempotencyKey = IdempotencyKey(turn, callId, tool, typed),
            Flow = flow,
            Step = step,
            SaveAs = saveAs,
        };
        await turn.RecordAsync(new ConversationEvent { ToolCalled = called });
        return await SendAsync(turn, called);
    }

    /// <summary>The call once more, with the same key: for a confirmation that is no longer known. What was already done is answered, not done again.</summary>
    public Task<ToolOutcome> RepeatAsync(Turn turn, ToolCalled called) => SendAsync(turn, called);

    /// <summary>Says the customer's word on what a call holds back.</summary>
    /// <returns>Null when the tools service does not know the confirmation any more.</returns>
    public async Task<ToolOutcome?> ConfirmAsync(Turn turn, string callId, string tool, string confirmationId, bool approve)
    {
        var request = new ConfirmRequest
        {
            ConfirmationId = confirmationId,
            Approve = approve,
            CustomerId = turn.State.CustomerId,
            ConversationId = turn.State.Key.ConversationId,
        };
        var started = time.GetTimestamp();
        try
        {
            var response = await turn.StageAsync("tool", options.Value.Budgets.Tool, token => client.ConfirmAsync(request, cancellationToken: token).ResponseAsync);
            return await RecordAsync(turn, callId, tool, response, time.GetElapsedTime(started));
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return null;
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            LogFailed("Confirm", exception.GetType().Name, (exception as RpcException)?.StatusCode ?? StatusCode.DeadlineExceeded);
            return await UnavailableAsync(turn, callId, tool, time.GetElapsedTime(started));
        }
    }

    private async Task<ToolOutcome> SendAsync(Turn turn, ToolCalled called)
    {
        var request = new InvokeRequest
        {
            Name = called.Tool,
            Arguments = called.Arguments,
            IdempotencyKey = called.IdempotencyKey,
            CustomerId = turn.State.CustomerId,
            ConversationId = turn.State.Key.ConversationId,
            Language = turn.Language,
        };
        var started = time.GetTimestamp();
        try
        {
            var response = await turn.StageAsync("tool", options.Value.Budgets.Tool, token => client.InvokeAsync(request, cancellationToken: token).ResponseAsync);
            return await RecordAsync(turn, called.CallId, called.Tool, response, time.GetElapsedTime(started));
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            LogFailed(called.Tool, exception.GetType().Name, (exception as RpcException)?.StatusCode ?? StatusCode.DeadlineExceeded);
            return await UnavailableAsync(turn, called.CallId, called.Tool, time.GetElapsedTime(started));
        }
    }

    private static async Task<ToolOutcome> UnavailableAsync(Turn turn, string callId, string tool, TimeSpan took)
    {
        turn.Degrade("tools");
        return await RecordAsync(turn, new ToolOutcome(callId, "unavailable", null, "", "", null), tool, took);
    }

    private static Task<ToolOutcome> RecordAsync(Turn turn, string callId, string tool, InvokeResponse response, TimeSpan took)
    {
        if (response.OutcomeCase == InvokeResponse.OutcomeOneofCase.ConfirmationRequired)
            return RecordAsync(turn, new ToolOutcome(callId, "needs_confirmation", null, "", "", response.ConfirmationRequired), tool, took);
        var result = response.Result ?? new ToolResult { Status = ToolResult.Types.Status.InvalidResult };
        var status = result.Status switch
        {
            ToolResult.Types.Status.Ok => "ok",
            ToolResult.Types.Status.Rejected => "rejected",
            ToolResult.Types.Status.Unavailable => "unavailable",
            ToolResult.Types.Status.Timeout => "timeout",
            ToolResult.Types.Status.InvalidArguments => "invalid_arguments",
            ToolResult.Types.Status.Declined => "declined",
            _ => "invalid_result",
        };
        return RecordAsync(turn, new ToolOutcome(callId, status, result.Value, result.ErrorCode, result.ErrorMessage, null), tool, took);
    }

    private static async Task<ToolOutcome> RecordAsync(Turn turn, ToolOutcome outcome, string tool, TimeSpan took)
    {
        await turn.RecordAsync(new ConversationEvent
        {
            ToolReturned = new ToolReturned
            {
                CallId = outcome.CallId,
                Tool = tool,
                Status = outcome.Status,
                Result = outcome.Result ?? Value.ForNull(),
                ErrorCode = outcome.ErrorCode,
                ErrorMessage = outcome.ErrorMessage,
                DurationMs = took.TotalMilliseconds,
            },
        });
        var evidence = outcome.Ok ? JsonFormatter.Default.Format(outcome.Result ?? Value.ForNull()) : outcome.ErrorMessage;
        if (evidence.Length > 0)
            turn.Evidence.Add(new Evidence { Kind = Evidence.Types.Kind.ToolResult, Text = evidence[..Math.Min(evidence.Length, 60_000)], Id = outcome.CallId });
        return outcome;
    }

    // The same call of the same turn has the same key, also when the turn runs again after a crash; another tool or other arguments have another.
    private static string IdempotencyKey(Turn turn, string callId, string tool, Struct arguments)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{tool}\n{JsonFormatter.Default.Format(arguments)}"));
        return $"{turn.State.Key.ConversationId}:{callId}:{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "The tools service did not answer {Call}: {Failure} {Status}")]
    private partial void LogFailed(string call, string failure, StatusCode status);
}
