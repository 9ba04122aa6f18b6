using System.Text.Json.Nodes;

namespace Mesh.Shop.Tests;

public sealed class ProtocolTests(ShopFactory shop) : IClassFixture<ShopFactory>
{
    [Theory]
    [InlineData("")]
    [InlineData("another-key-1234")]
    public async Task AnyCall_WithoutTheApiKey_IsUnauthorized(string key)
    {
        var client = shop.CreateClient();
        client.DefaultRequestHeaders.Add("X-Customer-Id", ShopFactory.First);
        if (key.Length > 0)
            client.DefaultRequestHeaders.Add("X-Api-Key", key);

        foreach (var (method, path) in new[] { (HttpMethod.Get, "/v1/orders"), (HttpMethod.Post, "/admin/reset"), (HttpMethod.Post, "/admin/faults") })
        {
            var (status, body, _) = await client.Send(method, path, method == HttpMethod.Post ? new { } : null);
            Assert.Equal((401, "invalid_api_key"), (status, body.Code()));
        }
    }

    [Theory]
    [InlineData("/v1/orders?limit=51", "limit")]
    [InlineData("/v1/orders?status=lost", "status")]
    [InlineData("/v1/orders/SO1", "orderNumber")]
    [InlineData("/v1/products/x/stock", "sku")]
    public async Task AnyCall_FieldOutOfBounds_NamesTheField(string path, string field)
    {
        var (status, body, _) = await shop.For(ShopFactory.First).Get(path);

        Assert.Equal((400, "invalid_request"), (status, body.Code()));
        Assert.NotNull(body["errors"]![field]);
    }

    [Fact]
    public async Task AnyCall_CustomerMissingOrMalformed_IsRefused()
    {
        Assert.Equal("invalid_request", (await shop.For(null).Get("/v1/orders")).Body.Code());
        Assert.Equal("invalid_request", (await shop.For("' OR 1=1 --").Get("/v1/orders")).Body.Code());
    }

    [Fact]
    public async Task Post_BodyTooLargeOrUnknownMember_IsRefused()
    {
        var client = shop.For(ShopFactory.First);

        Assert.Equal(413, (await client.Post("/v1/orders/SO2026110002/return", new { reason = "quality", note = new string('x', 70_000) }, "too-large")).Status);
        Assert.Equal(400, (await client.Post("/v1/orders/SO2026110002/return", new { reason = "quality", customer = "13800000002" }, "unknown-member")).Status);
    }

    [Fact]
    public async Task AnyPath_Unknown_IsAProblemWithACode()
    {
        var (status, body, _) = await shop.For(ShopFactory.First).Get("/v1/nothing");

        Assert.Equal((404, "not_found"), (status, body.Code()));
    }

    [Fact]
    public async Task OpenApi_Document_NamesEveryOperationInSnakeCaseAndDescribesIt()
    {
        var document = JsonNode.Parse(await shop.CreateClient().GetStringAsync("/openapi/v1.json", ShopCalls.Ct))!;

        var operations = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!).ToList();
        Assert.Equal(
            [
                "cancel_order", "change_address", "get_invoice", "get_order", "get_product", "get_refund", "get_stock", "list_coupons", "list_orders",
                "request_invoice", "request_return", "search_orders", "search_products", "track_order",
            ],
            operations.Select(o => (string)o["operationId"]!).Order(StringComparer.Ordinal));
        Assert.All(operations, o =>
        {
            Assert.NotNull((string?)o["summary"]);
            Assert.All(o["parameters"]!.AsArray(), p => Assert.NotEqual("", (string?)p!["description"] ?? ""));
            Assert.NotNull(o["responses"]!["200"]!["content"]!["application/json"]!["schema"]);
        });
    }

    /// <summary>The Tools service starts from this copy, also when the shop is down.</summary>
    [Fact]
    public async Task OpenApi_Document_IsTheCommittedCopy()
    {
        var served = await shop.CreateClient().GetStringAsync("/openapi/v1.json", ShopCalls.Ct);
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "global.json")))
            root = root.Parent ?? throw new InvalidOperationException("The repository's root was not found.");

        var committed = await File.ReadAllTextAsync(Path.Combine(root.FullName, "samples", "shop", "openapi.json"), ShopCalls.Ct);

        Assert.True(committed.TrimEnd() == served.TrimEnd(), "samples/shop/openapi.json is stale: write what Shop.Api serves at /openapi/v1.json into it.");
    }

    [Fact]
    public async Task Clock_Setting_MovesTheReturnWindow()
    {
        await using var late = new ShopFactory(new() { ["Shop:Clock"] = "2026-11-22T00:00:01+08:00" });

        var (status, body, _) = await late.For(ShopFactory.First).Post("/v1/orders/SO2026110002/return", new { reason = "no_reason" }, "late-0001");
        Assert.Equal((409, "return_window_closed"), (status, body.Code()));
        Assert.Equal(200, (await late.For(ShopFactory.First).Post("/v1/orders/SO2026110002/return", new { reason = "quality" }, "late-0002")).Status);
    }

    [Fact]
    public async Task Faults_InProduction_AreNotThere()
    {
        await using var production = new ShopFactory(new() { ["environment"] = "Production" });

        Assert.Equal(404, (await production.For(ShopFactory.First).Post("/admin/faults", new { }, null)).Status);
    }

    [Fact]
    public async Task Restart_SameDatabase_KeepsWhatWasDone()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "kept.db");
        File.Delete(file);
        await using (var before = new ShopFactory(new() { ["Shop:Database"] = file }))
            Assert.Equal(200, (await before.For(ShopFactory.First).Post("/v1/orders/SO2026110003/cancel", new { }, "kept-0001")).Status);

        await using var after = new ShopFactory(new() { ["Shop:Database"] = file });
        Assert.Equal("cancelled", (string)(await after.For(ShopFactory.First).Get("/v1/orders/SO2026110003")).Body["status"]!);
        Assert.True((await after.For(ShopFactory.First).Post("/v1/orders/SO2026110003/cancel", new { }, "kept-0001")).Response.Headers.Contains("Idempotent-Replayed"));
    }
}
