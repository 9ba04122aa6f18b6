namespace Mesh.Shop.Tests;

/// <summary>What README, samples and other tests rely on.</summary>
public sealed class LandmarkTests(ShopFactory shop) : IClassFixture<ShopFactory>
{
    [Fact]
    public async Task ListOrders_FirstCustomer_HasTheLandmarksOnly()
    {
        var (status, body, _) = await shop.For(ShopFactory.First).Get("/v1/orders");

        Assert.Equal(200, status);
        Assert.Equal(
            ["SO2026110003", "SO2026110001", "SO2026110002", "SO2026110007", "SO2026100006", "SO2026080005"],
            body["orders"]!.AsArray().Select(o => (string)o!["order_number"]!));
    }

    [Fact]
    public async Task TrackOrder_OrderInTransit_HasTwoParcelsWithEvents()
    {
        var (_, body, _) = await shop.For(ShopFactory.First).Get("/v1/orders/SO2026110001/tracking");

        Assert.Equal("shipped", (string)body["status"]!);
        var parcels = body["parcels"]!.AsArray();
        Assert.Equal(2, parcels.Count);
        Assert.All(parcels, p =>
        {
            Assert.Equal("in_transit", (string)p!["status"]!);
            Assert.NotEmpty(p["events"]!.AsArray());
            Assert.Single(p["items"]!.AsArray());
        });
        Assert.Equal("快件已到达华东转运中心", (string)parcels[0]!["events"]![0]!["description"]!);
    }

    [Fact]
    public async Task TrackOrder_English_DescribesEventsInEnglish()
    {
        var (_, body, _) = await shop.For(ShopFactory.First, "en-GB,en;q=0.8").Get("/v1/orders/SO2026110001/tracking");

        Assert.Equal("in transit", (string)body["status_text"]!);
        Assert.Equal("Arrived at Hangzhou region transfer hub", (string)body["parcels"]![0]!["events"]![0]!["description"]!);
    }

    [Fact]
    public async Task GetOrder_DeliveredSixDaysAgo_IsReturnable()
    {
        var (_, body, _) = await shop.For(ShopFactory.First).Get("/v1/orders/SO2026110002");

        Assert.Equal("delivered", (string)body["status"]!);
        Assert.True((bool)body["can_return"]!);
        Assert.Equal("2026-11-14T10:26:00+08:00", (string)body["delivered_at"]!);
        Assert.Equal("2026-11-21", (string)body["return_until"]!);
        Assert.False((bool)body["can_cancel"]!);
    }

    [Fact]
    public async Task GetOrder_PaidNotShipped_IsCancellable()
    {
        var (_, body, _) = await shop.For(ShopFactory.First).Get("/v1/orders/SO2026110003");

        Assert.Equal("paid", (string)body["status"]!);
        Assert.True((bool)body["can_cancel"]!);
        Assert.True((bool)body["can_change_address"]!);
        Assert.Equal("林晓", (string)body["delivery"]!["recipient"]!);
        Assert.Equal("138****0001", (string)body["delivery"]!["phone"]!);
    }

    [Theory]
    [InlineData("/v1/orders/SO2026110004")]
    [InlineData("/v1/orders/SO2026110004/tracking")]
    [InlineData("/v1/orders/SO2026110004/refund")]
    [InlineData("/v1/orders/SO2026110004/invoice")]
    public async Task Get_AnotherCustomersOrder_DoesNotExist(string path)
    {
        var (status, body, _) = await shop.For(ShopFactory.First).Get(path);
        var (missing, missingBody, _) = await shop.For(ShopFactory.First).Get(path.Replace("110004", "119999", StringComparison.Ordinal));

        Assert.Equal((404, "order_not_found"), (status, body.Code()));
        Assert.Equal((404, "order_not_found"), (missing, missingBody.Code()));
        Assert.Equal(
            ((string)body["detail"]!).Replace("110004", "", StringComparison.Ordinal), ((string)missingBody["detail"]!).Replace("119999", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetRefund_ReturnedOrders_TellsWhereTheyStand()
    {
        var client = shop.For(ShopFactory.First);

        Assert.Equal("reviewing", (string)(await client.Get("/v1/orders/SO2026110007/refund")).Body["status"]!);
        Assert.Equal("succeeded", (string)(await client.Get("/v1/orders/SO2026100006/refund")).Body["status"]!);
        Assert.Equal("refund_not_found", (await client.Get("/v1/orders/SO2026110001/refund")).Body.Code());
    }

    [Fact]
    public async Task ListCoupons_ByStatus_FollowsTheClock()
    {
        var client = shop.For(ShopFactory.First);

        Assert.Equal(["YS00100001", "YS00100002"], (await client.Get("/v1/coupons?status=usable")).Body["coupons"]!.AsArray().Select(c => (string)c!["code"]!));
        Assert.Equal(["YS00100003"], (await client.Get("/v1/coupons?status=expired")).Body["coupons"]!.AsArray().Select(c => (string)c!["code"]!));
        Assert.Equal(["YS00100004"], (await client.Get("/v1/coupons?status=used")).Body["coupons"]!.AsArray().Select(c => (string)c!["code"]!));
    }

    [Fact]
    public async Task SearchProducts_WordsInAnyLanguage_FindsArticles()
    {
        var client = shop.For(customer: null);

        Assert.Equal("YS-0101-A", (string)(await client.Get("/v1/products?query=保温杯")).Body["products"]![0]!["sku"]!);
        Assert.Equal("YS-0103-A", (string)(await client.Get("/v1/products?query=espresso%20machine&max_price_yuan=1200")).Body["products"]![0]!["sku"]!);
        Assert.False((bool)(await client.Get("/v1/products/YS-0208-B/stock")).Body["in_stock"]!);
        Assert.True((bool)(await client.Get("/v1/products/YS-0201-A/stock")).Body["in_stock"]!);
        Assert.Equal("product_not_found", (await client.Get("/v1/products/YS-9999-A")).Body.Code());
    }

    [Fact]
    public async Task SearchOrders_PhoneKeywordAndTime_StaysWithinTheCustomer()
    {
        var client = shop.For(ShopFactory.First);

        Assert.Equal(6, (int)(await client.Get("/v1/orders/search?phone=13800000001")).Body["total"]!);
        Assert.Equal(6, (int)(await client.Get("/v1/orders/search?phone=0001")).Body["total"]!);
        Assert.Equal(0, (int)(await client.Get("/v1/orders/search?phone=13800000002")).Body["total"]!);
        Assert.Equal("SO2026110001", (string)(await client.Get("/v1/orders/search?keyword=降噪耳机")).Body["orders"]![0]!["order_number"]!);
        Assert.Equal(2, (int)(await client.Get("/v1/orders/search?from=2026-08-01&to=2026-10-06")).Body["total"]!);
        Assert.Equal("SO2026110003", (string)(await client.Get("/v1/orders?status=paid")).Body["orders"]![0]!["order_number"]!);
    }
}
