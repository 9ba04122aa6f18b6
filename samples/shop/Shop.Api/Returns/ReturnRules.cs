namespace Mesh.Samples.Shop.Api.Returns;

/// <summary>How long articles can come back, as the shop's documents say it.</summary>
internal static class ReturnRules
{
    /// <summary>Days count from the midnight after delivery: 7 without a reason, 15 for a fault of ours.</summary>
    public static DateOnly LastDay(long deliveredAt, ReturnReason reason) =>
        ShopFormats.Date(deliveredAt).AddDays(reason == ReturnReason.NoReason ? 7 : 15);
}
