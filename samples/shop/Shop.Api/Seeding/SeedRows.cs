namespace Mesh.Samples.Shop.Api.Seeding;

// The rows of schema.sql, column for column.
internal sealed record CustomerRow(string Phone, string Name, string Level, string Address);

internal sealed record ProductRow(
    string Sku, string Category, string NameZh, string NameEn, long PriceFen, long ListPriceFen, int WarrantyMonths, bool NoReasonReturn);

internal sealed record StockRow(string Sku, string Warehouse, int Quantity);

internal sealed record OrderRow(
    string Number, string Customer, string Status, long PlacedAt, long? PaidAt, long? ShippedAt, long? DeliveredAt, long? CancelledAt, string Payment,
    string Warehouse, long GoodsFen, long ShippingFen, long DiscountFen, long TotalFen, string Recipient, string Phone, string Address);

internal sealed record ItemRow(string OrderNumber, int Line, string Sku, int Quantity, long PriceFen, string? TrackingNumber);

internal sealed record ParcelRow(string TrackingNumber, string OrderNumber, string CarrierZh, string CarrierEn, long ExpectedAt);

internal sealed record ParcelEventRow(string TrackingNumber, long At, string Code, string PlaceZh, string PlaceEn);

internal sealed record ReturnRow(string Number, string OrderNumber, string Kind, string Reason, string? Note, string Skus, long RequestedAt, long SendBackBy);

internal sealed record RefundRow(string Number, string OrderNumber, string Status, long AmountFen, long RequestedAt, long ExpectedBy, long? CompletedAt);

internal sealed record InvoiceRow(
    string OrderNumber, string Kind, string Title, string? TaxNumber, string? Email, long AmountFen, string Status, long RequestedAt, long? IssuedAt,
    string? InvoiceNumber);

internal sealed record CouponRow(
    string Code, string Customer, string Kind, string NameZh, string NameEn, long ThresholdFen, long Value, long ValidFrom, long ValidTo, string? UsedByOrder);

/// <summary>Everything that the shop starts with.</summary>
internal sealed class SeedData
{
    public List<CustomerRow> Customers { get; } = [];
    public List<ProductRow> Products { get; } = [];
    public List<StockRow> Stock { get; } = [];
    public List<OrderRow> Orders { get; } = [];
    public List<ItemRow> Items { get; } = [];
    public List<ParcelRow> Parcels { get; } = [];
    public List<ParcelEventRow> Events { get; } = [];
    public List<ReturnRow> Returns { get; } = [];
    public List<RefundRow> Refunds { get; } = [];
    public List<InvoiceRow> Invoices { get; } = [];
    public List<CouponRow> Coupons { get; } = [];
}
