using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.ServiceDefaults.Errors;
using Mesh.Tools.Catalog;
using Mesh.Tools.Effects;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Tools.Invocation;

/// <summary>
/// Runs tools. What only reads runs at once. What changes something is recorded under its idempotency key before it is sent, is asked about first,
/// and has its result kept: a repeat, also after a crash, is answered from the record or sent again under the same key.
/// </summary>
internal sealed class ToolInvoker(ToolCatalog catalog, EffectStore effects, ToolCaller caller, ToolTelemetry telemetry, IOptions<ToolsOptions> options, TimeProvider time)
{
    /// <exception cref="NotFoundException">The tenant has no such tool.</exception>
    /// <exception cref="InvalidRequestException">A write came without an idempotency key.</exception>
    /// <exception cref="PreconditionException">The idempotency key stands for another call.</exception>
    public async Task<InvokeResponse> InvokeAsync(ToolCall call, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var found = catalog.Find(call.TenantId, call.Tool);
        if (found.Definition is not { } tool)
            return Answer(Results.Unavailable("not_described", found.Reason ?? "its OpenAPI document is not there"), call);
        call = call with { Arguments = ArgumentReading.Read(call.Arguments, tool.Arguments.Schema) };
        var violations = tool.Arguments.Check(call.Arguments);
        if (violations.Count == 0)
            violations = tool.Operation.Check(call.Arguments).ToList();
        if (violations.Count > 0)
            return Answer(Results.InvalidArguments(violations), call);
        if (tool.RequiresCustomer && call.CustomerId.Length == 0)
            return Answer(Results.Rejected("customer_required", "this tool works for a known customer only"), call);
        if (tool.Effect == Effect.Read)
            return Answer(await caller.CallAsync(tool, call.Arguments, call, deadline, cancellationToken), call);

        Require.Length(call.IdempotencyKey, "idempotency_key", 1, ToolLimits.MaxId);
        if (tool.System.Unusable is { } unusable)
            return Answer(Results.Unavailable("not_configured", unusable), call);
        var (effect, added) = await effects.AddOrGetAsync(Record(tool, call), cancellationToken);
        if (effect.Fingerprint != call.Fingerprint())
            throw new PreconditionException("IDEMPOTENCY_KEY_REUSED", "idempotency_key: it was used for another tool, other arguments, or another conversation");
        return effect.State switch
        {
            EffectRecord.Awaiting => await AskAsync(tool, effect, added, cancellationToken),
            EffectRecord.Declined => Answer(Replayed(Results.Declined()), call),
            EffectRecord.Done => Answer(Replayed(ToolResult.Parser.ParseFrom(effect.Result)), call),
            _ => Answer(await RunAsync(tool, effect, call, first: added, deadline, cancellationToken), call),
        };
    }

    /// <exception cref="NotFoundException">No such confirmation waits for this customer in this conversation.</exception>
    /// <exception cref="PreconditionException">The confirmation has expired, or is already being carried out.</exception>
    public async Task<InvokeResponse> ConfirmAsync(
        string tenantId, string confirmationId, bool approve, string customerId, string conversationId, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var effect = await effects.FindAsync(tenantId, confirmationId, customerId, conversationId, cancellationToken);
        if (effect is not { State: EffectRecord.Awaiting or EffectRecord.Started })
            throw new NotFoundException("confirmation", confirmationId);
        var waits = effect.State == EffectRecord.Awaiting;
        if (waits && effect.ExpiresAt <= time.GetUtcNow().ToUnixTimeMilliseconds())
            throw new PreconditionException("CONFIRMATION_EXPIRED", "the confirmation has expired; invoke the tool again");
        var arguments = JsonNode.Parse(effect.Arguments)!.AsObject();
        var call = new ToolCall(tenantId, effect.Tool, arguments, effect.IdempotencyKey, customerId, conversationId, effect.Language);
        if (!approve)
        {
            if (!waits || !await effects.DeclineAsync(effect, cancellationToken))
                throw new PreconditionException("EFFECT_BEGUN", "the effect was approved before and is being carried out");
            telemetry.Confirmation(effect.Tool, "declined");
            return Answer(Results.Declined(), call);
        }

        var found = catalog.Find(tenantId, effect.Tool);
        if (found.Definition is not { } tool)
            return Answer(Results.Unavailable("not_described", found.Reason ?? "its OpenAPI document is not there"), call);
        var first = waits && await effects.StartAsync(effect, cancellationToken);
        if (waits && !first && await effects.GetAsync(tenantId, effect.IdempotencyKey, cancellationToken) is not { State: EffectRecord.Started })
            throw new NotFoundException("confirmation", confirmationId);
        if (first)
            telemetry.Confirmation(effect.Tool, "approved");
        return Answer(await RunAsync(tool, effect, call, first, deadline, cancellationToken), call);
    }

    private async Task<InvokeResponse> AskAsync(ToolDefinition tool, EffectRecord effect, bool added, CancellationToken cancellationToken)
    {
        var (id, expires) = (effect.ConfirmationId!, effect.ExpiresAt);
        if (expires <= time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            (id, expires, added) = (NewToken(), Expiry(), true);
            if (!await effects.RenewAsync(effect, id, expires, cancellationToken))
                throw new ConflictException("EFFECT_CHANGED", "the effect was decided on at this moment; invoke the tool again");
        }

        if (added)
            telemetry.Confirmation(tool.Name, "asked");
        return new()
        {
            ConfirmationRequired = new()
            {
                ConfirmationId = id,
                Summary = tool.Question!.Render(JsonNode.Parse(effect.Arguments)!.AsObject(), effect.Language),
                ExpiresAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(expires)),
            },
        };
    }

    /// <summary>Sends a started effect and keeps its result, unless it is one after which the effect may or may not have happened.</summary>
    /// <param name="first">Whether nothing can have been sent before.</param>
    private async Task<ToolResult> RunAsync(ToolDefinition tool, EffectRecord effect, ToolCall call, bool first, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        if (!first && !tool.Repeatable)
            return Results.Unavailable("outcome_unknown", "the effect was sent before and its result was lost; the business system cannot tell, so a person must look");
        var result = await caller.CallAsync(tool, call.Arguments, call, deadline, cancellationToken);
        if (result.Status is ToolResult.Types.Status.Unavailable or ToolResult.Types.Status.Timeout)
        {
            if (first && result.Attempts == 0)
                await effects.UndoStartAsync(effect, CancellationToken.None);
            return result;
        }

        // Once the business system has answered, the record is written even if the caller has gone.
        if (await effects.FinishAsync(effect, result.ToByteArray(), CancellationToken.None))
            return result;
        var stored = await effects.GetAsync(effect.TenantId, effect.IdempotencyKey, CancellationToken.None);
        return stored.Result is { } earlier ? Replayed(ToolResult.Parser.ParseFrom(earlier)) : result;
    }

    private EffectRecord Record(ToolDefinition tool, ToolCall call) => new()
    {
        TenantId = call.TenantId,
        IdempotencyKey = call.IdempotencyKey,
        Fingerprint = call.Fingerprint(),
        Tool = tool.Name,
        Arguments = JsonSerializer.Serialize(call.Arguments),
        CustomerId = call.CustomerId,
        ConversationId = call.ConversationId,
        Language = call.Language,
        State = tool.Question is null ? EffectRecord.Started : EffectRecord.Awaiting,
        ConfirmationId = tool.Question is null ? null : NewToken(),
        ExpiresAt = tool.Question is null ? 0 : Expiry(),
        CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private long Expiry() => time.GetUtcNow().AddSeconds(options.Value.ConfirmationSeconds).ToUnixTimeMilliseconds();

    // A token is a bearer's right, so it is random and not a sortable id.
    private static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static ToolResult Replayed(ToolResult result)
    {
        result.Replayed = true;
        return result;
    }

    private static InvokeResponse Answer(ToolResult result, ToolCall call)
    {
        result.Tool = call.Tool;
        result.Arguments ??= StructJson.ToStruct(call.Arguments);
        return new() { Result = result };
    }
}

/// <summary>Limits of the contract.</summary>
internal static class ToolLimits
{
    public const int MaxId = 128;
}
