using Dapper;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Orders;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.Data.Sqlite;

namespace Mesh.Samples.Shop.Api.Invoices;

/// <summary>Electronic invoices, one an order.</summary>
internal sealed class InvoiceStore(ShopDatabase database, TimeProvider time)
{
    public Invoice Get(string customer, string number, Language language)
    {
        using var connection = database.Open();
        OrderStore.Find(connection, customer, number);
        return Find(connection, number)?.In(language) ?? throw Refusals.InvoiceNotFound(number);
    }

    public Invoice Request(SqliteConnection connection, string customer, string number, InvoiceRequest request, Language language)
    {
        var order = OrderStore.Find(connection, customer, number);
        if (request is { Kind: InvoiceKind.Company, TaxNumber: null })
            throw Refusals.Invalid("tax_number_required", new("企业发票需要填写税号。", "A company's invoice needs its tax number."));
        if (Find(connection, number) is { } earlier)
            throw Refusals.Conflict("already_requested", new($"订单 {number} 已经申请过发票。", $"An invoice was already requested for order {number}."), ("invoice_status", earlier.Status));
        if (order.State is not (OrderStatus.Paid or OrderStatus.Shipped or OrderStatus.Delivered))
        {
            throw Refusals.Conflict(
                "not_invoiceable", new($"订单 {number}{OrderTexts.Of(order.State).Zh}，不能开发票。", $"Order {number} is {OrderTexts.Of(order.State).En}; no invoice can be issued."),
                ("order_status", order.Status));
        }

        connection.Execute(
            """
            INSERT INTO invoices (order_number, kind, title, tax_number, email, amount_fen, status, requested_at)
            VALUES (@number, @Kind, @Title, @TaxNumber, @Email, @TotalFen, 'requested', @At)
            """,
            new
            {
                number,
                Kind = request.Kind == InvoiceKind.Company ? "company" : "personal",
                request.Title,
                request.TaxNumber,
                request.Email,
                order.TotalFen,
                At = time.GetUtcNow().ToUnixTimeSeconds(),
            });
        return Find(connection, number)!.In(language);
    }

    private static InvoiceRecord? Find(SqliteConnection connection, string number) => connection.QuerySingleOrDefault<InvoiceRecord>(
        "SELECT order_number, kind, title, tax_number, amount_fen, status, requested_at, issued_at, invoice_number FROM invoices WHERE order_number = @number",
        new { number });

    private sealed class InvoiceRecord
    {
        public string OrderNumber { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Title { get; init; } = "";
        public string? TaxNumber { get; init; }
        public long AmountFen { get; init; }
        public string Status { get; init; } = "";
        public long RequestedAt { get; init; }
        public long? IssuedAt { get; init; }
        public string? InvoiceNumber { get; init; }

        public Invoice In(Language language) => new(
            OrderNumber, Status == "issued" ? InvoiceStatus.Issued : InvoiceStatus.Requested,
            (Status == "issued" ? new Localized("已开具", "issued") : new Localized("开票中", "being issued")).In(language),
            Kind == "company" ? InvoiceKind.Company : InvoiceKind.Personal, Title, TaxNumber, ShopFormats.Yuan(AmountFen), ShopFormats.Time(RequestedAt),
            ShopFormats.Time(IssuedAt), InvoiceNumber);
    }
}
