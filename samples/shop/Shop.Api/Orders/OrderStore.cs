using Dapper;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Returns;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.Data.Sqlite;

namespace Mesh.Samples.Shop.Api.Orders;

/// <summary>Reads and changes orders. Every query is bound to one customer: another's order does not exist for it.</summary>
internal sealed class OrderStore(ShopDatabase database, TimeProvider time)
{
    private const string Columns = """
        number, status, placed_at, paid_at, shipped_at, delivered_at, cancelled_at, payment, goods_fen, shipping_fen, discount_fen, total_fen,
        recipient, phone, address, warehouse
        """;

    public OrderList List(string customer, OrderFilter filter, Language language)
    {
        using var connection = database.Open();
        const string where = """
            FROM orders o WHERE customer = @Customer
              AND (@Status IS NULL OR status = @Status)
              AND (@Phone IS NULL OR phone = @Phone OR (LENGTH(@Phone) = 4 AND phone LIKE '%' || @Phone))
              AND (@From IS NULL OR placed_at >= @From) AND (@Before IS NULL OR placed_at < @Before)
              AND (@Keyword IS NULL OR EXISTS (
                SELECT 1 FROM order_items i JOIN products p USING (sku)
                WHERE i.order_number = o.number AND (INSTR(p.name_zh, @Keyword) > 0 OR INSTR(LOWER(p.name_en), LOWER(@Keyword)) > 0)))
            """;
        var arguments = new
        {
            Customer = customer,
            filter.Status,
            filter.Phone,
            filter.Keyword,
            From = filter.From?.ToDateTime(TimeOnly.MinValue) is { } from ? new DateTimeOffset(from, ShopClock.ChinaOffset).ToUnixTimeSeconds() : (long?)null,
            Before = filter.To?.AddDays(1).ToDateTime(TimeOnly.MinValue) is { } to ? new DateTimeOffset(to, ShopClock.ChinaOffset).ToUnixTimeSeconds() : (long?)null,
            filter.Limit,
            Offset = (filter.Page - 1) * filter.Limit,
        };
        var total = connection.QuerySingle<int>($"SELECT COUNT(*) {where}", arguments);
        var rows = connection.Query<OrderRecord>($"SELECT {Columns} {where} ORDER BY placed_at DESC, number LIMIT @Limit OFFSET @Offset", arguments).AsList();
        var items = Items(connection, rows.Select(r => r.Number), language);
        return new(rows.ConvertAll(r => new OrderSummary(
            r.Number, r.State, OrderTexts.Of(r.State).In(language), ShopFormats.Time(r.PlacedAt), ShopFormats.Yuan(r.TotalFen),
            items[r.Number].Sum(i => i.Quantity), items[r.Number].Select(i => i.Name).ToList())), total);
    }

    public Order Get(string customer, string number, Language language)
    {
        using var connection = database.Open();
        var row = Find(connection, customer, number);
        var items = Items(connection, [number], language)[number].ToList();
        var returnUntil = row.State == OrderStatus.Delivered ? ReturnRules.LastDay(row.DeliveredAt!.Value, ReturnReason.NoReason) : (DateOnly?)null;
        return new(
            number, row.State, OrderTexts.Of(row.State).In(language), ShopFormats.Time(row.PlacedAt), ShopFormats.Time(row.PaidAt),
            ShopFormats.Time(row.ShippedAt), ShopFormats.Time(row.DeliveredAt), ShopFormats.Time(row.CancelledAt),
            items.ConvertAll(i => new OrderItem(i.Sku, i.Name, (int)i.Quantity, ShopFormats.Yuan(i.PriceFen))),
            ShopFormats.Yuan(row.GoodsFen), ShopFormats.Yuan(row.ShippingFen), ShopFormats.Yuan(row.DiscountFen), ShopFormats.Yuan(row.TotalFen), row.Payment,
            row.Delivery, row.NotYetShipped, row.NotYetShipped,
            returnUntil >= Today && items.Any(i => i.NoReasonReturn), returnUntil);
    }

    public Tracking Track(string customer, string number, Language language)
    {
        using var connection = database.Open();
        var row = Find(connection, customer, number);
        var parcels = connection.Query<ParcelRecord>(
            "SELECT tracking_number, carrier_zh, carrier_en, expected_at FROM parcels WHERE order_number = @number ORDER BY tracking_number", new { number }).AsList();
        var events = connection.Query<EventRecord>(
            "SELECT e.tracking_number, e.at, e.code, e.place_zh, e.place_en FROM parcel_events e JOIN parcels USING (tracking_number) WHERE order_number = @number ORDER BY e.at DESC",
            new { number }).ToLookup(e => e.TrackingNumber);
        var items = Items(connection, [number], language)[number].ToLookup(i => i.TrackingNumber, i => i.Name);
        return new(number, row.State, OrderTexts.Of(row.State).In(language), parcels.ConvertAll(p =>
        {
            var status = events[p.TrackingNumber].First().Code switch
            {
                "delivered" => ParcelStatus.Delivered,
                "out_for_delivery" => ParcelStatus.OutForDelivery,
                _ => ParcelStatus.InTransit,
            };
            return new Parcel(
                p.TrackingNumber, new Localized(p.CarrierZh, p.CarrierEn).In(language), status, OrderTexts.Of(status).In(language), items[p.TrackingNumber].ToList(),
                ShopFormats.Date(p.ExpectedAt), events[p.TrackingNumber].Select(e => new TrackingEvent(
                    ShopFormats.Time(e.At), new Localized(e.PlaceZh, e.PlaceEn).In(language), OrderTexts.Event(e.Code, e.PlaceZh, e.PlaceEn).In(language))).ToList());
        }));
    }

    /// <summary>Cancels an order that has not left the warehouse; puts the articles back into stock and refunds what was paid.</summary>
    public CancelledOrder Cancel(SqliteConnection connection, string customer, string number, Language language)
    {
        var row = Find(connection, customer, number);
        if (row.State == OrderStatus.Cancelled)
            throw Refusals.Conflict("already_cancelled", new($"订单 {number} 已经取消过了。", $"Order {number} is already cancelled."));
        if (!row.NotYetShipped)
        {
            throw Refusals.Conflict(
                "not_cancellable", new($"订单 {number}{OrderTexts.Of(row.State).Zh}，不能取消。", $"Order {number} is {OrderTexts.Of(row.State).En} and cannot be cancelled."),
                ("order_status", row.Status));
        }

        var now = time.GetUtcNow();
        connection.Execute("UPDATE orders SET status = 'cancelled', cancelled_at = @now WHERE number = @number", new { number, now = now.ToUnixTimeSeconds() });
        connection.Execute(
            """
            UPDATE stock SET quantity = quantity + (SELECT SUM(quantity) FROM order_items WHERE order_number = @number AND sku = stock.sku)
            WHERE warehouse = @Warehouse AND sku IN (SELECT sku FROM order_items WHERE order_number = @number)
            """, new { number, row.Warehouse });
        var refund = row.State == OrderStatus.Paid ? ReturnStore.AddRefund(connection, number, row.TotalFen, "processing", now, days: 3).In(language) : null;
        return new(number, OrderStatus.Cancelled, OrderTexts.Of(OrderStatus.Cancelled).In(language), refund);
    }

    public static ChangedAddress ChangeAddress(SqliteConnection connection, string customer, string number, AddressChange change)
    {
        var row = Find(connection, customer, number);
        if (!row.NotYetShipped)
        {
            throw Refusals.Conflict(
                "address_not_changeable",
                new($"订单 {number}{OrderTexts.Of(row.State).Zh}，不能再改地址。", $"Order {number} is {OrderTexts.Of(row.State).En}; its address can no longer be changed."),
                ("order_status", row.Status));
        }

        var phone = change.Phone ?? row.Phone;
        var recipient = change.Recipient ?? row.Recipient;
        connection.Execute(
            "UPDATE orders SET recipient = @recipient, phone = @phone, address = @Address WHERE number = @number", new { number, recipient, phone, change.Address });
        return new(number, new(recipient, ShopFormats.Masked(phone), change.Address));
    }

    /// <exception cref="ShopProblemException">The customer has no such order (404 order_not_found).</exception>
    public static OrderRecord Find(SqliteConnection connection, string customer, string number) =>
        connection.QuerySingleOrDefault<OrderRecord>($"SELECT {Columns} FROM orders WHERE number = @number AND customer = @customer", new { number, customer })
        ?? throw Refusals.OrderNotFound(number);

    public static ILookup<string, ItemRecord> Items(SqliteConnection connection, IEnumerable<string> numbers, Language language) => connection.Query<ItemRecord>(
        $"""
        SELECT order_number, sku, {(language == Language.English ? "name_en" : "name_zh")} AS name, quantity, i.price_fen, tracking_number, no_reason_return
        FROM order_items i JOIN products p USING (sku) WHERE order_number IN @numbers ORDER BY order_number, line
        """, new { numbers }).ToLookup(i => i.OrderNumber);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(ShopClock.ChinaOffset).Date);

    private sealed class ParcelRecord
    {
        public string TrackingNumber { get; init; } = "";
        public string CarrierZh { get; init; } = "";
        public string CarrierEn { get; init; } = "";
        public long ExpectedAt { get; init; }
    }

    private sealed class EventRecord
    {
        public string TrackingNumber { get; init; } = "";
        public long At { get; init; }
        public string Code { get; init; } = "";
        public string PlaceZh { get; init; } = "";
        public string PlaceEn { get; init; } = "";
    }
}
