namespace Mesh.Samples.Shop.Api.Orders;

/// <summary>A row of the orders table.</summary>
internal sealed class OrderRecord
{
    public string Number { get; init; } = "";
    public string Status { get; init; } = "";
    public long PlacedAt { get; init; }
    public long? PaidAt { get; init; }
    public long? ShippedAt { get; init; }
    public long? DeliveredAt { get; init; }
    public long? CancelledAt { get; init; }
    public string Payment { get; init; } = "";
    public string Warehouse { get; init; } = "";
    public long GoodsFen { get; init; }
    public long ShippingFen { get; init; }
    public long DiscountFen { get; init; }
    public long TotalFen { get; init; }
    public string Recipient { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Address { get; init; } = "";

    public OrderStatus State => OrderTexts.Status(Status);
    public bool NotYetShipped => State is OrderStatus.PendingPayment or OrderStatus.Paid;
    public Delivery Delivery => new(Recipient, ShopFormats.Masked(Phone), Address);
}

/// <summary>An ordered article with what the rules need to know of the product.</summary>
internal sealed class ItemRecord
{
    public string OrderNumber { get; init; } = "";
    public string Sku { get; init; } = "";
    public string Name { get; init; } = "";
    public int Quantity { get; init; }
    public long PriceFen { get; init; }
    public string? TrackingNumber { get; init; }
    public bool NoReasonReturn { get; init; }
}

/// <summary>Which of a customer's orders are wanted.</summary>
/// <param name="Phone">The recipient's number, or its last four digits.</param>
/// <param name="Limit">Orders a page.</param>
/// <param name="Page">From 1.</param>
internal sealed record OrderFilter(int Limit, int Page, string? Status = null, string? Phone = null, string? Keyword = null, DateOnly? From = null, DateOnly? To = null);
