namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>The orders that README, samples and tests rely on; they do not depend on the seed.</summary>
internal static class Landmarks
{
    public const string FirstCustomer = "13800000001";
    public const string SecondCustomer = "13800000002";

    /// <summary>无线降噪耳机 is always there, 便携投影仪 1080P never.</summary>
    public static readonly string[] InStockSkus = ["YS-0201-A", "YS-0101-A", "YS-0102-A"];
    public static readonly string[] SoldOutSkus = ["YS-0208-B"];

    public static readonly CouponRow[] CouponTemplates =
    [
        new("", "", "amount_off", "满300减30", "30 yuan off 300", 30000, 3000, 0, 0, null),
        new("", "", "amount_off", "满99减10", "10 yuan off 99", 9900, 1000, 0, 0, null),
        new("", "", "percent_off", "家居9折券", "10 % off home goods", 19900, 10, 0, 0, null),
        new("", "", "free_shipping", "免邮券", "Free shipping", 0, 800, 0, 0, null),
    ];

    private static DateTimeOffset At(int year, int month, int day, int hour, int minute) => new(year, month, day, hour, minute, 0, ShopClock.ChinaOffset);

    public static void Add(SeedGenerator seed)
    {
        // In transit, two parcels.
        seed.AddOrder(new("SO2026110001", FirstCustomer, At(2026, 11, 16, 20, 14), [("YS-0201-A", 1), ("YS-0301-B", 1)])
        {
            Status = "shipped",
            Paid = At(2026, 11, 16, 20, 15),
            Shipped = At(2026, 11, 18, 9, 30),
            Arrival = At(2026, 11, 21, 15, 0),
            Warehouse = "广州",
            ParcelCount = 2,
        });
        // Delivered six days ago: inside the seven days of a return without a reason.
        seed.AddOrder(new("SO2026110002", FirstCustomer, At(2026, 11, 10, 9, 5), [("YS-0101-A", 2), ("YS-0601-B", 1)])
        {
            Status = "delivered",
            Paid = At(2026, 11, 10, 9, 6),
            Shipped = At(2026, 11, 11, 8, 20),
            Arrival = At(2026, 11, 14, 10, 26),
            Delivered = At(2026, 11, 14, 10, 26),
            Warehouse = "成都",
        });
        // Paid, not shipped.
        seed.AddOrder(new("SO2026110003", FirstCustomer, At(2026, 11, 19, 21, 40), [("YS-0102-A", 1)])
        {
            Status = "paid",
            Paid = At(2026, 11, 19, 21, 41),
            Warehouse = "杭州",
        });
        // Another customer's.
        seed.AddOrder(new("SO2026110004", SecondCustomer, At(2026, 11, 18, 12, 30), [("YS-0103-A", 1)])
        {
            Status = "shipped",
            Paid = At(2026, 11, 18, 12, 31),
            Shipped = At(2026, 11, 19, 7, 50),
            Arrival = At(2026, 11, 21, 11, 0),
            Warehouse = "杭州",
        });
        // Being returned: a second request is refused, the refund is under review.
        seed.AddOrder(new("SO2026110007", FirstCustomer, At(2026, 11, 8, 13, 2), [("YS-0402-B", 1)])
        {
            Status = "returning",
            Paid = At(2026, 11, 8, 13, 3),
            Shipped = At(2026, 11, 9, 10, 0),
            Arrival = At(2026, 11, 12, 16, 45),
            Delivered = At(2026, 11, 12, 16, 45),
            Returned = At(2026, 11, 17, 19, 20),
            ReturnReason = "quality",
            Warehouse = "杭州",
        });
        // Refunded.
        seed.AddOrder(new("SO2026100006", FirstCustomer, At(2026, 10, 6, 10, 11), [("YS-0501-B", 1)])
        {
            Status = "refunded",
            Paid = At(2026, 10, 6, 10, 12),
            Shipped = At(2026, 10, 7, 9, 0),
            Arrival = At(2026, 10, 9, 18, 5),
            Delivered = At(2026, 10, 9, 18, 5),
            Returned = At(2026, 10, 11, 8, 30),
            Refunded = At(2026, 10, 16, 15, 0),
            Warehouse = "杭州",
        });
        // Delivered long ago: the return window is closed, the invoice is issued.
        seed.AddOrder(new("SO2026080005", FirstCustomer, At(2026, 8, 3, 19, 50), [("YS-0404-A", 1), ("YS-0901-A", 1)])
        {
            Status = "delivered",
            Paid = At(2026, 8, 3, 19, 51),
            Shipped = At(2026, 8, 4, 9, 15),
            Arrival = At(2026, 8, 6, 14, 10),
            Delivered = At(2026, 8, 6, 14, 10),
            Warehouse = "杭州",
        });
        seed.AddInvoice("SO2026080005", company: false, "林晓", At(2026, 8, 7, 9, 0));

        var month = (From: SeedGenerator.Unix(At(2026, 11, 1, 0, 0)), To: SeedGenerator.Unix(At(2026, 11, 30, 23, 59)));
        var past = (From: SeedGenerator.Unix(At(2026, 9, 1, 0, 0)), To: SeedGenerator.Unix(At(2026, 9, 30, 23, 59)));
        seed.AddCoupon(CouponTemplates[0] with { Code = "YS00100001", Customer = FirstCustomer, ValidFrom = month.From, ValidTo = month.To });
        seed.AddCoupon(CouponTemplates[3] with { Code = "YS00100002", Customer = FirstCustomer, ValidFrom = month.From, ValidTo = month.To });
        seed.AddCoupon(CouponTemplates[1] with { Code = "YS00100003", Customer = FirstCustomer, ValidFrom = past.From, ValidTo = past.To });
        seed.AddCoupon(CouponTemplates[0] with { Code = "YS00100004", Customer = FirstCustomer, ValidFrom = past.From, ValidTo = past.To, UsedByOrder = "SO2026100006" });
        seed.AddCoupon(CouponTemplates[1] with { Code = "YS00200001", Customer = SecondCustomer, ValidFrom = month.From, ValidTo = month.To });
    }
}
