using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;
using Mesh.Tools.Catalog;
using Mesh.Tools.Invocation;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Tools.Api;

/// <summary>mesh.tools.v1 over the catalogue and the invoker.</summary>
internal sealed class ToolsGrpcService(ToolCatalog catalog, ToolInvoker invoker, IOptions<ToolsOptions> options) : ToolsService.ToolsServiceBase
{
    public override Task<ListToolsResponse> ListTools(ListToolsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListToolsResponse { Tools = { catalog.Of(context.GetCaller().TenantId).Select(Describe) } });

    public override Task<InvokeResponse> Invoke(InvokeRequest request, ServerCallContext context)
    {
        Require.Length(request.Name, "name", 1, ToolLimits.MaxId);
        Require.Length(request.IdempotencyKey, "idempotency_key", 0, ToolLimits.MaxId);
        RequireId(request.CustomerId, "customer_id");
        RequireId(request.ConversationId, "conversation_id");
        var arguments = StructJson.ToJson(request.Arguments);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(arguments).Length;
        if (bytes > options.Value.MaxArgumentsBytes)
            throw new InvalidRequestException("arguments", $"they have {bytes} bytes as JSON, at most {options.Value.MaxArgumentsBytes} are allowed");
        return invoker.InvokeAsync(
            new(context.GetCaller().TenantId, request.Name, arguments, request.IdempotencyKey, request.CustomerId, request.ConversationId, request.Language == "en" ? "en" : "zh"),
            Deadline(context), context.CancellationToken);
    }

    public override Task<InvokeResponse> Confirm(ConfirmRequest request, ServerCallContext context)
    {
        Require.Length(request.ConfirmationId, "confirmation_id", 1, ToolLimits.MaxId);
        RequireId(request.CustomerId, "customer_id");
        RequireId(request.ConversationId, "conversation_id");
        return invoker.ConfirmAsync(
            context.GetCaller().TenantId, request.ConfirmationId, request.Approve, request.CustomerId, request.ConversationId, Deadline(context), context.CancellationToken);
    }

    // They travel in headers.
    private static void RequireId(string value, string field)
    {
        Require.Length(value, field, 0, ToolLimits.MaxId);
        if (value.Any(c => c is < ' ' or > '~'))
            throw new InvalidRequestException(field, "must be printable ASCII");
    }

    private static DateTimeOffset Deadline(ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : new(DateTime.SpecifyKind(context.Deadline, DateTimeKind.Utc));

    private static Tool Describe(CatalogTool tool)
    {
        var described = new Tool
        {
            Name = tool.Name,
            Descriptions = { tool.Definition?.Descriptions ?? tool.Entry.Description },
            Effect = tool.Entry.Effect == "read" ? Effect.Read : Effect.Write,
            RequiresConfirmation = tool.Entry.Effect != "read" && tool.Entry.Confirmation != false,
            Available = tool.Reason is null,
            Reason = tool.Reason ?? "",
        };
        if (tool.Definition is { } definition)
        {
            described.InputSchema = StructJson.ToStruct(definition.Arguments.Schema);
            described.OutputSchema = definition.ResultSchema is null ? null : StructJson.ToStruct(definition.ResultSchema);
            described.RequiresCustomer = definition.RequiresCustomer;
            described.Timeout = Duration.FromTimeSpan(definition.Limits.Timeout);
        }

        return described;
    }
}
