using System.Text.Json.Nodes;
using Grpc.Core;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Status = Mesh.Tools.V1.ToolResult.Types.Status;

namespace Mesh.Tools.Tests;

/// <summary>The sample's tools against the real shop: what reads, and what is refused.</summary>
public sealed class ShopReadTests(ShopAndTools fixture) : IClassFixture<ShopAndTools>
{
    private readonly ToolsHost tools = fixture.Tools;

    [Fact]
    public async Task ListTools_SampleShop_DescribesEachTool()
    {
        var listed = await tools.ListAsync();

        Assert.Equal(14, listed.Count);
        Assert.All(listed, t =>
        {
            Assert.True(t.Available, t.Reason);
            Assert.NotEqual("", t.Descriptions["zh"]);
            Assert.NotEqual("", t.Descriptions["en"]);
            Assert.Equal("object", t.InputSchema.Fields["type"].StringValue);
            Assert.DoesNotContain(t.InputSchema.Fields["properties"].StructValue.Fields.Keys, k => k.StartsWith("X-", StringComparison.Ordinal) || k.Contains('-', StringComparison.Ordinal));
            Assert.NotNull(t.OutputSchema);
            Assert.Equal(t.Effect == Effect.Write, t.RequiresConfirmation);
        });
        Assert.Equal(
            ["cancel_order", "change_address", "request_invoice", "request_return"], listed.Where(t => t.Effect == Effect.Write).Select(t => t.Name));
        Assert.Equal(["get_product", "get_stock", "search_products"], listed.Where(t => !t.RequiresCustomer).Select(t => t.Name));
    }

    [Fact]
    public async Task Invoke_Read_AnswersInTheLanguageAskedFor()
    {
        var zh = await tools.CallAsync("track_order", new { order_number = "SO2026110001" });
        var en = (await tools.InvokeAsync(ToolsHost.Request("track_order", new { order_number = "SO2026110001" }, language: "en"))).Result;

        Assert.Equal(Status.Ok, zh.Status);
        Assert.Equal(("运输中", "in transit"), (zh.Value.StructValue.Fields["status_text"].StringValue, en.Value.StructValue.Fields["status_text"].StringValue));
        Assert.Equal(2, zh.Value.StructValue.Fields["parcels"].ListValue.Values.Count);
        Assert.Equal((1, 200, "track_order"), (zh.Attempts, zh.HttpStatus, zh.Tool));
        Assert.Equal("SO2026110001", zh.Arguments.Fields["order_number"].StringValue);
    }

    [Fact]
    public async Task Invoke_AnotherCustomersOrder_IsRejectedAsUnknown()
    {
        var result = await tools.CallAsync("get_order", new { order_number = "SO2026110004" });

        Assert.Equal((Status.Rejected, "order_not_found", 404), (result.Status, result.ErrorCode, result.HttpStatus));
        Assert.Equal("没有找到订单 SO2026110004。", result.ErrorMessage);
        Assert.Equal(Status.Ok, (await tools.CallAsync("get_order", new { order_number = "SO2026110004" }, customer: ToolsHost.Other)).Status);
    }

    [Theory]
    [InlineData("X-Customer-Id")]
    [InlineData("customer_id")]
    [InlineData("Idempotency-Key")]
    public async Task Invoke_ArgumentForABoundValue_IsRefused(string name)
    {
        var request = ToolsHost.Request("get_order", new { order_number = "SO2026110004" });
        request.Arguments.Fields[name] = Google.Protobuf.WellKnownTypes.Value.ForString(ToolsHost.Other);

        var result = (await tools.InvokeAsync(request)).Result;

        Assert.Equal(Status.InvalidArguments, result.Status);
        Assert.Equal(("/" + name, "is not known here"), (result.Violations.Single().Field, result.Violations.Single().Description));
    }

    [Fact]
    public async Task Invoke_WithoutACustomer_IsRejectedUnlessNoneIsNeeded()
    {
        Assert.Equal("customer_required", (await tools.CallAsync("list_orders", customer: "")).ErrorCode);
        Assert.Equal(Status.Ok, (await tools.CallAsync("search_products", new { query = "保温杯" }, customer: "")).Status);
    }

    [Fact]
    public async Task Invoke_InvalidArguments_NamesEachField()
    {
        var result = await tools.CallAsync("request_return", new { order_number = "SO1", kind = "refund", skus = new[] { "a", "b" }, note = new string('x', 501) }, "key-1");

        Assert.Equal((Status.InvalidArguments, 0), (result.Status, result.Attempts));
        Assert.Equal(["/kind", "/note", "/order_number", "/reason"], result.Violations.Select(v => v.Field).Order(StringComparer.Ordinal));
        Assert.Equal("is missing", result.Violations.Single(v => v.Field == "/reason").Description);
        Assert.Contains("/order_number", result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NumbersAsTextAndEmptyOptions_AreReadAsMeant()
    {
        var result = await tools.CallAsync("list_orders", new { limit = "2", status = "" });

        Assert.Equal(Status.Ok, result.Status);
        Assert.Equal(2, result.Value.StructValue.Fields["orders"].ListValue.Values.Count);
        Assert.Equal("/limit", (await tools.CallAsync("list_orders", new { limit = "two" })).Violations.Single().Field);
    }

    [Fact]
    public async Task Invoke_ToolWithPick_HandsOnOnlyThat()
    {
        var result = await tools.CallAsync("get_invoice", new { order_number = "SO2026080005" });

        Assert.Equal("issued", result.Value.StructValue.Fields["status"].StringValue);
        Assert.False(result.Value.StructValue.Fields.ContainsKey("tax_number"));
        var schema = (await tools.ListAsync()).Single(t => t.Name == "get_invoice").OutputSchema;
        Assert.False(schema.Fields["properties"].StructValue.Fields.ContainsKey("tax_number"));
        Assert.Empty(new JsonContract(StructJson.ToJson(schema)).Check(StructJson.ToJson(result.Value)));
    }

    [Fact]
    public async Task Invoke_UnknownTool_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => tools.CallAsync("drop_tables"));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Invoke_WriteWithoutKey_IsAnInvalidRequest()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => tools.CallAsync("cancel_order", new { order_number = "SO2026110003" }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("idempotency_key", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ArgumentsTooLarge_IsAnInvalidRequest()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => tools.CallAsync("search_products", new { query = new string('x', 70_000) }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("arguments", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("65536", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_AddressByServiceName_IsDiscovered()
    {
        await using var discovering = await ToolsHost.StartAsync(
            Path.Combine(ToolsHost.ShopFolder, "tools.yaml"),
            settings: [("services:shop-api:http:0", fixture.Shop.Address.ToString()), ("Tools:Secrets:shop-api-key", ShopSystem.ApiKey)]);

        Assert.Equal(Status.Ok, (await discovering.CallAsync("list_orders")).Status);
    }

    [Theory]
    [InlineData("13800000001\r\nX-Api-Key: a")]
    [InlineData("林晓")]
    public async Task Invoke_CustomerThatIsNoHeader_IsAnInvalidRequest(string customer)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => tools.CallAsync("list_orders", customer: customer));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("customer_id", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ShopDown_IsUnavailableAndTheServiceStarts()
    {
        await using var alone = await ToolsHost.StartAsync(new Uri("http://127.0.0.1:1"));

        var result = await alone.CallAsync("list_orders");

        Assert.Equal((Status.Unavailable, "unreachable", 3), (result.Status, result.ErrorCode, result.Attempts));
    }

    [Fact]
    public async Task Call_WithoutTheMeshCredential_IsUnauthenticated()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await tools.Client.ListToolsAsync(new(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task Invoke_EveryReadTool_MatchesItsOwnResultSchema()
    {
        (string Tool, object Arguments)[] calls =
        [
            ("list_orders", new { }), ("search_orders", new { keyword = "耳机", from = "2026-11-01" }), ("get_order", new { order_number = "SO2026110002" }),
            ("track_order", new { order_number = "SO2026110001" }), ("get_refund", new { order_number = "SO2026110007" }),
            ("get_invoice", new { order_number = "SO2026080005" }), ("list_coupons", new { status = "usable" }),
            ("search_products", new { query = "键盘", max_price_yuan = 450, in_stock = false }), ("get_product", new { sku = "YS-0101-A" }), ("get_stock", new { sku = "YS-0208-B" }),
        ];
        var schemas = (await tools.ListAsync()).ToDictionary(t => t.Name, t => new JsonContract(StructJson.ToJson(t.OutputSchema)));

        foreach (var (tool, arguments) in calls)
        {
            var result = await tools.CallAsync(tool, arguments);
            Assert.True(result.Status == Status.Ok, $"{tool}: {result.ErrorCode} {result.ErrorMessage}");
            Assert.Empty(schemas[tool].Check((JsonNode?)StructJson.ToJson(result.Value)));
        }
    }
}
