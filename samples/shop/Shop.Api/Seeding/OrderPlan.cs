namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>What happened to an order, before it becomes rows.</summary>
internal sealed record OrderPlan(string Number, string Customer, DateTimeOffset Placed, (string Sku, int Quantity)[] Lines)
{
    public string Status { get; init; } = "paid";
    public DateTimeOffset? Paid { get; init; }
    public DateTimeOffset? Shipped { get; init; }

    /// <summary>When the (first) parcel arrives or is expected; set with <see cref="Shipped"/>.</summary>
    public DateTimeOffset? Arrival { get; init; }
    public DateTimeOffset? Delivered { get; init; }
    public DateTimeOffset? Cancelled { get; init; }
    public DateTimeOffset? Returned { get; init; }
    public DateTimeOffset? Refunded { get; init; }
    public string ReturnReason { get; init; } = "no_reason";
    public string? Warehouse { get; init; }
    public int ParcelCount { get; init; } = 1;
}
