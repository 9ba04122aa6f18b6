using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Tools.V1;

namespace Mesh.Dialog.Tests.Fakes;

/// <summary>A tools service over a small shop in memory: reads, and effects that want a confirmation and happen once per key.</summary>
internal sealed class FakeTools(TimeProvider time) : ToolsService.ToolsServiceClient
{
    private readonly Dictionary<string, (InvokeRequest Request, DateTimeOffset Expires)> _held = [];
    private readonly Dictionary<string, ToolResult> _done = [];

    public Mood Mood { get; set; }

    /// <summary>Called before an effect happens, for tests that interfere.</summary>
    public Func<Task> BeforeEffect { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before any tool answers.</summary>
    public Func<InvokeRequest, Task> BeforeInvoke { get; set; } = _ => Task.CompletedTask;

    public TimeSpan ConfirmationTime { get; set; } = TimeSpan.FromMinutes(10);

    public List<InvokeRequest> Invocations { get; } = [];
    public List<InvokeRequest> Effects { get; } = [];
    public List<ConfirmRequest> Confirms { get; } = [];

    /// <summary>Orders by number.</summary>
    public Dictionary<string, (string Customer, string Status)> Orders { get; } = new()
    {
        ["SO2026110001"] = ("13800000001", "shipped"),
        ["SO2026110002"] = ("13800000001", "delivered"),
        ["SO2026110003"] = ("13800000001", "paid"),
        ["SO2026110004"] = ("13800000002", "shipped"),
    };

    public override AsyncUnaryCall<ListToolsResponse> ListToolsAsync(ListToolsRequest request, CallOptions options) => Calls.Answer(async token =>
    {
        await MoodAsync(token);
        return new ListToolsResponse
        {
            Tools =
            {
                new Tool
                {
                    Name = "list_orders",
                    InputSchema = Struct.Parser.ParseJson("""{"properties":{"limit":{"type":"integer"},"status":{"type":["string","null"]}}}"""),
                },
            },
        };
    }, options);

    public override AsyncUnaryCall<InvokeResponse> InvokeAsync(InvokeRequest request, CallOptions options) => Calls.Answer(async token =>
    {
        await MoodAsync(token);
        Invocations.Add(request);
        await BeforeInvoke(request);
        if (request.Name is not ("cancel_order" or "change_address" or "request_return"))
            return new InvokeResponse { Result = Read(request) };
        if (_done.TryGetValue(request.IdempotencyKey, out var done))
            return new InvokeResponse { Result = new ToolResult(done) { Replayed = true } };
        var id = $"confirm-{_held.Count + 1}";
        _held[id] = (request, time.GetUtcNow() + ConfirmationTime);
        return new InvokeResponse
        {
            ConfirmationRequired = new ConfirmationRequired
            {
                ConfirmationId = id,
                Summary = $"{request.Name} {Argument(request, "order_number")} {Argument(request, "address")}".Trim() + "?",
                ExpiresAt = Timestamp.FromDateTimeOffset(time.GetUtcNow() + ConfirmationTime),
            },
        };
    }, options);

    public override AsyncUnaryCall<InvokeResponse> ConfirmAsync(ConfirmRequest request, CallOptions options) => Calls.Answer(async token =>
    {
        await MoodAsync(token);
        Confirms.Add(request);
        if (!_held.Remove(request.ConfirmationId, out var held))
            throw new RpcException(new Status(StatusCode.NotFound, "unknown"));
        if (held.Expires <= time.GetUtcNow())
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "expired"));
        if (!request.Approve)
            return new InvokeResponse { Result = new ToolResult { Status = ToolResult.Types.Status.Declined } };
        await BeforeEffect();
        Effects.Add(held.Request);
        var result = Ok($$"""{"order_number":"{{Argument(held.Request, "order_number")}}","status":"done","delivery":{"address":"{{Argument(held.Request, "address")}}","recipient":"林","phone":"1"},"refund":null,"return_number":"RT1","send_back_by":"2026-11-30"}""");
        _done[held.Request.IdempotencyKey] = result;
        return new InvokeResponse { Result = result };
    }, options);

    private Task MoodAsync(CancellationToken cancellationToken) => Mood switch
    {
        Mood.Down => Calls.Down<bool>(),
        Mood.Hangs => Calls.Hang<bool>(cancellationToken),
        _ => Task.CompletedTask,
    };

    private ToolResult Read(InvokeRequest request)
    {
        if (request.Name == "list_orders")
        {
            var status = Argument(request, "status");
            var orders = Orders.Where(order => order.Value.Customer == request.CustomerId && (status.Length == 0 || order.Value.Status == status))
                .Select(order => $$"""{"order_number":"{{order.Key}}","status":"{{order.Value.Status}}","status_text":"{{order.Value.Status}}","items":["耳机"]}""");
            return Ok($$"""{"orders":[{{string.Join(',', orders)}}],"total":3}""");
        }

        var number = Argument(request, "order_number");
        if (number.Length > 0 && (!Orders.TryGetValue(number, out var found) || found.Customer != request.CustomerId))
            return new ToolResult { Status = ToolResult.Types.Status.Rejected, ErrorCode = "order_not_found", ErrorMessage = $"没有找到订单 {number}。" };
        var state = number.Length > 0 ? Orders[number].Status : "";
        return request.Name switch
        {
            "track_order" => Ok($$"""{"order_number":"{{number}}","status":"{{state}}","status_text":"运输中","parcels":[{"tracking_number":"T1","carrier":"顺丰","status":"in_transit","status_text":"运输中","expected_on":"2026-11-21","events":[{"at":"2026-11-20T08:00:00+08:00","place":"杭州","description":"快件已到达杭州"}]}]}"""),
            "get_order" => Ok($$"""{"order_number":"{{number}}","status":"{{state}}","status_text":"{{state}}","items":[{"name":"耳机","quantity":1}],"total_yuan":128.5,"can_cancel":{{(state == "paid" ? "true" : "false")}},"can_change_address":{{(state == "paid" ? "true" : "false")}},"can_return":false}"""),
            "list_coupons" => Ok("""{"coupons":[{"name":"满300减30","benefit":"减 30 元","valid_to":"2026-11-30"}]}"""),
            _ => new ToolResult { Status = ToolResult.Types.Status.Rejected, ErrorCode = "unknown", ErrorMessage = "no such thing" },
        };
    }

    private static ToolResult Ok(string json) => new() { Status = ToolResult.Types.Status.Ok, Value = Value.Parser.ParseJson(json) };

    private static string Argument(InvokeRequest request, string name) => request.Arguments.Fields.TryGetValue(name, out var value) ? value.StringValue : "";
}
