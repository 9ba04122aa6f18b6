namespace Mesh.Shop.Tests;

/// <summary>What changes, and what is refused. Each test begins with the seeded data.</summary>
public sealed class EffectTests : IClassFixture<ShopFactory>, IAsyncLifetime
{
    private readonly ShopFactory shop;
    private readonly HttpClient client;

    public EffectTests(ShopFactory shop)
    {
        this.shop = shop;
        client = shop.For(ShopFactory.First);
    }

    public async ValueTask InitializeAsync() => Assert.Equal(2000, (int)(await client.Post("/admin/reset", new { }, null)).Body["orders"]!);

    public async ValueTask DisposeAsync() => await client.Send(HttpMethod.Post, "/admin/faults", new { });

    [Fact]
    public async Task Cancel_PaidOrder_RefundsAndPutsTheArticleBack()
    {
        var before = (int)(await client.Get("/v1/products/YS-0102-A/stock")).Body["quantity"]!;

        var (status, body, _) = await client.Post("/v1/orders/SO2026110003/cancel", new { reason = "changed_mind" }, "cancel-0001");

        Assert.Equal((200, "cancelled"), (status, (string)body["status"]!));
        Assert.Equal("processing", (string)body["refund"]!["status"]!);
        var order = (await client.Get("/v1/orders/SO2026110003")).Body;
        Assert.Equal("cancelled", (string)order["status"]!);
        Assert.Equal((decimal)order["total_yuan"]!, (decimal)body["refund"]!["amount_yuan"]!);
        Assert.Equal(before + 1, (int)(await client.Get("/v1/products/YS-0102-A/stock")).Body["quantity"]!);
        Assert.Equal("already_cancelled", (await client.Post("/v1/orders/SO2026110003/cancel", new { }, "cancel-0002")).Body.Code());
    }

    [Fact]
    public async Task Cancel_ShippedOrder_IsRefusedWithItsStatus()
    {
        var (status, body, response) = await client.Post("/v1/orders/SO2026110001/cancel", new { }, "cancel-0003");

        Assert.Equal((409, "not_cancellable", "shipped"), (status, body.Code(), (string)body["order_status"]!));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("订单 SO2026110001运输中，不能取消。", (string)body["detail"]!);
    }

    [Fact]
    public async Task Effect_SameKeySameBody_IsAnsweredAlikeAndDoneOnce()
    {
        var first = await client.Post("/v1/orders/SO2026110003/cancel", new { reason = "changed_mind" }, "cancel-once");
        var second = await client.Post("/v1/orders/SO2026110003/cancel", new { reason = "changed_mind" }, "cancel-once");
        var other = await client.Post("/v1/orders/SO2026110003/cancel", new { reason = "too_slow" }, "cancel-once");

        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.True(second.Response.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other.Body.Code()));
    }

    [Fact]
    public async Task Effect_SameKeyOfAnotherCustomer_IsAnotherEffect()
    {
        await client.Post("/v1/orders/SO2026110003/cancel", new { }, "shared-key-1");

        var (status, body, _) = await shop.For(ShopFactory.Second).Post("/v1/orders/SO2026110003/cancel", new { }, "shared-key-1");

        Assert.Equal((404, "order_not_found"), (status, body.Code()));
    }

    [Fact]
    public async Task Effect_ManyAtOnceWithOneKey_IsDoneOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.Post("/v1/orders/SO2026110002/return", new { reason = "no_reason" }, "return-race")));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Single(answers.Select(a => a.Body.ToJsonString()).Distinct());
        Assert.Equal(11, answers.Count(a => a.Response.Headers.Contains("Idempotent-Replayed")));
    }

    [Fact]
    public async Task Effect_RefusedOnce_IsRefusedAlikeUnderTheSameKey()
    {
        var first = await client.Post("/v1/orders/SO2026110001/cancel", new { }, "refused-1");
        var second = await client.Post("/v1/orders/SO2026110001/cancel", new { }, "refused-1");

        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.Equal(409, second.Status);
    }

    [Fact]
    public async Task Effect_WithoutKey_IsRefused()
    {
        var (status, body, _) = await client.Post("/v1/orders/SO2026110003/cancel", new { }, null);

        Assert.Equal((400, "invalid_request"), (status, body.Code()));
        Assert.Equal("paid", (string)(await client.Get("/v1/orders/SO2026110003")).Body["status"]!);
    }

    [Fact]
    public async Task ChangeAddress_PaidOrder_ChangesOnlyWhatIsGiven()
    {
        var (status, body, _) = await client.Send(HttpMethod.Put, "/v1/orders/SO2026110003/address", new { address = "浙江省宁波市鄞州区春晖路 5 号" }, "address-0001");

        Assert.Equal(200, status);
        Assert.Equal("浙江省宁波市鄞州区春晖路 5 号", (string)body["delivery"]!["address"]!);
        Assert.Equal("林晓", (string)body["delivery"]!["recipient"]!);
        Assert.Equal("address_not_changeable", (await client.Send(HttpMethod.Put, "/v1/orders/SO2026110001/address", new { address = "浙江省宁波市鄞州区春晖路 5 号" }, "address-0002")).Body.Code());
    }

    [Fact]
    public async Task Return_DeliveredOrder_StartsARefund()
    {
        var (status, body, _) = await client.Post("/v1/orders/SO2026110002/return", new { reason = "no_reason" }, "return-0001");

        Assert.Equal((200, "returning"), (status, (string)body["status"]!));
        Assert.Equal("RT2026110002", (string)body["return_number"]!);
        Assert.Equal("reviewing", (string)(await client.Get("/v1/orders/SO2026110002/refund")).Body["status"]!);
        Assert.Equal("already_requested", (await client.Post("/v1/orders/SO2026110002/return", new { reason = "quality" }, "return-0002")).Body.Code());
    }

    [Fact]
    public async Task Return_OneArticle_RefundsThatArticle()
    {
        var (_, body, _) = await client.Post("/v1/orders/SO2026110002/return", new { reason = "quality", skus = new[] { "YS-0601-B" } }, "return-0003");

        Assert.Equal(529m, (decimal)body["refund"]!["amount_yuan"]!);
        Assert.Single(body["items"]!.AsArray());
    }

    [Fact]
    public async Task Return_Exchange_HasNoRefund()
    {
        var (status, body, _) = await client.Post("/v1/orders/SO2026110002/return", new { reason = "quality", kind = "exchange" }, "return-0004");

        Assert.Equal(200, status);
        Assert.Null(body["refund"]);
    }

    [Theory]
    [InlineData("SO2026110001", "no_reason", 409, "not_returnable")]
    [InlineData("SO2026110003", "quality", 409, "not_returnable")]
    [InlineData("SO2026110007", "quality", 409, "already_requested")]
    [InlineData("SO2026080005", "quality", 409, "return_window_closed")]
    [InlineData("SO2026110004", "no_reason", 404, "order_not_found")]
    [InlineData("SO2026110002", "because", 400, "invalid_request")]
    public async Task Return_AgainstTheRules_IsRefused(string order, string reason, int status, string code)
    {
        var answer = await client.Post($"/v1/orders/{order}/return", new { reason }, $"return-{order}-{reason}");

        Assert.Equal((status, code), (answer.Status, answer.Body.Code()));
    }

    [Fact]
    public async Task Return_ArticleOfNoOrder_IsRefused()
    {
        var answer = await client.Post("/v1/orders/SO2026110002/return", new { reason = "quality", skus = new[] { "YS-0201-A" } }, "return-0005");

        Assert.Equal((400, "item_not_in_order"), (answer.Status, answer.Body.Code()));
    }

    [Fact]
    public async Task RequestInvoice_PaidOrder_IsMadeOnce()
    {
        var (status, body, _) = await client.Post("/v1/orders/SO2026110001/invoice", new { kind = "personal", title = "林晓" }, "invoice-0001");

        Assert.Equal((200, "requested"), (status, (string)body["status"]!));
        Assert.Equal("already_requested", (await client.Post("/v1/orders/SO2026110001/invoice", new { kind = "personal", title = "林晓" }, "invoice-0002")).Body.Code());
        Assert.Equal("issued", (string)(await client.Get("/v1/orders/SO2026080005/invoice")).Body["status"]!);
        Assert.Equal("tax_number_required", (await client.Post("/v1/orders/SO2026110002/invoice", new { kind = "company", title = "云上科技" }, "invoice-0003")).Body.Code());
        Assert.Equal("not_invoiceable", (await client.Post("/v1/orders/SO2026100006/invoice", new { kind = "personal", title = "林晓" }, "invoice-0004")).Body.Code());
        Assert.Equal("invoice_not_found", (await client.Get("/v1/orders/SO2026110002/invoice")).Body.Code());
    }

    [Fact]
    public async Task Faults_FailRateWithCount_FailsThatOften()
    {
        await client.Post("/admin/faults", new { fail_rate = 1.0, status = 502, count = 2 }, null);

        Assert.Equal((502, "injected_fault"), ((await client.Get("/v1/orders")) is var a ? (a.Status, a.Body.Code()) : default));
        Assert.Equal(502, (await client.Get("/v1/orders")).Status);
        Assert.Equal(200, (await client.Get("/v1/orders")).Status);
        Assert.Equal(200, (int)(await client.GetAsync("/health", ShopCalls.Ct)).StatusCode);
    }

    [Fact]
    public async Task Faults_LoseAnswer_HasTheEffectAllTheSame()
    {
        await client.Post("/admin/faults", new { fail_rate = 1.0, lose_answer = true, count = 1 }, null);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Post("/v1/orders/SO2026110003/cancel", new { }, "lost-0001"));

        var again = await client.Post("/v1/orders/SO2026110003/cancel", new { }, "lost-0001");
        Assert.Equal((200, "cancelled"), (again.Status, (string)again.Body["status"]!));
        Assert.True(again.Response.Headers.Contains("Idempotent-Replayed"));
    }
}
