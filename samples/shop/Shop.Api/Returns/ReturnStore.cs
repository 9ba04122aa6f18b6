using System.Globalization;
using System.Text.Json;
using Dapper;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Orders;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.Data.Sqlite;

namespace Mesh.Samples.Shop.Api.Returns;

/// <summary>Returns and refunds. An order has at most one of each.</summary>
internal sealed class ReturnStore(ShopDatabase database, TimeProvider time)
{
    public RequestedReturn Request(SqliteConnection connection, string customer, string number, ReturnRequest request, Language language)
    {
        var order = OrderStore.Find(connection, customer, number);
        if (connection.QuerySingle<int>("SELECT COUNT(*) FROM returns WHERE order_number = @number", new { number }) > 0)
            throw Refusals.Conflict("already_requested", new($"订单 {number} 已经申请过退换货。", $"A return was already requested for order {number}."), ("order_status", order.Status));
        if (order.State != OrderStatus.Delivered)
        {
            throw Refusals.Conflict(
                "not_returnable", new($"订单 {number}{OrderTexts.Of(order.State).Zh}，还不能申请退换货。", $"Order {number} is {OrderTexts.Of(order.State).En} and cannot be returned."),
                ("order_status", order.Status));
        }

        var now = time.GetUtcNow();
        var lastDay = ReturnRules.LastDay(order.DeliveredAt!.Value, request.Reason);
        if (DateOnly.FromDateTime(now.ToOffset(ShopClock.ChinaOffset).Date) > lastDay)
        {
            throw Refusals.Conflict(
                "return_window_closed", new($"订单 {number} 的退换货期限是 {lastDay:yyyy-MM-dd}，已经过了。", $"The return window of order {number} closed on {lastDay:yyyy-MM-dd}."),
                ("return_until", lastDay));
        }

        var items = Chosen(OrderStore.Items(connection, [number], language)[number].ToList(), request, number);
        var sendBackBy = now.AddDays(7);
        connection.Execute(
            "INSERT INTO returns (number, order_number, kind, reason, note, skus, requested_at, send_back_by) VALUES (@Number, @Order, @Kind, @Reason, @Note, @Skus, @At, @By)",
            new
            {
                Number = $"RT{number[2..]}",
                Order = number,
                Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(request.Kind.ToString()),
                Reason = JsonNamingPolicy.SnakeCaseLower.ConvertName(request.Reason.ToString()),
                request.Note,
                Skus = string.Join(',', items.Select(i => i.Sku)),
                At = now.ToUnixTimeSeconds(),
                By = sendBackBy.ToUnixTimeSeconds(),
            });
        connection.Execute("UPDATE orders SET status = 'returning' WHERE number = @number", new { number });
        var goods = items.Sum(i => i.PriceFen * i.Quantity);
        // A discount on the whole order comes back with the share of the articles that come back.
        var amount = goods - (order.DiscountFen * goods / order.GoodsFen);
        var refund = request.Kind == ReturnKind.Return ? AddRefund(connection, number, amount, "reviewing", now, days: 10).In(language) : null;
        return new(
            $"RT{number[2..]}", number, OrderStatus.Returning, OrderTexts.Of(OrderStatus.Returning).In(language), items.ConvertAll(i => i.Name),
            ShopFormats.Date(sendBackBy.ToUnixTimeSeconds()), refund);
    }

    public Refund RefundOf(string customer, string number, Language language)
    {
        using var connection = database.Open();
        OrderStore.Find(connection, customer, number);
        var refund = connection.QuerySingleOrDefault<RefundRecord>(
            "SELECT number, order_number, status, amount_fen, requested_at, expected_by, completed_at FROM refunds WHERE order_number = @number", new { number });
        return refund?.In(language) ?? throw Refusals.RefundNotFound(number);
    }

    public static RefundRecord AddRefund(SqliteConnection connection, string orderNumber, long amountFen, string status, DateTimeOffset now, int days)
    {
        var refund = new RefundRecord
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"RF{orderNumber[2..]}"),
            OrderNumber = orderNumber,
            Status = status,
            AmountFen = amountFen,
            RequestedAt = now.ToUnixTimeSeconds(),
            ExpectedBy = now.AddDays(days).ToUnixTimeSeconds(),
        };
        connection.Execute(
            "INSERT INTO refunds (number, order_number, status, amount_fen, requested_at, expected_by) VALUES (@Number, @OrderNumber, @Status, @AmountFen, @RequestedAt, @ExpectedBy)", refund);
        return refund;
    }

    private static List<ItemRecord> Chosen(List<ItemRecord> items, ReturnRequest request, string number)
    {
        var chosen = items.FindAll(i => request.Skus is not { Count: > 0 } || request.Skus.Contains(i.Sku));
        if (request.Skus?.FirstOrDefault(s => items.TrueForAll(i => i.Sku != s)) is { } foreign)
            throw Refusals.Invalid("item_not_in_order", new($"订单 {number} 里没有商品 {foreign}。", $"Order {number} has no article {foreign}."));
        if (request.Reason == ReturnReason.NoReason && chosen.Find(i => !i.NoReasonReturn) is { } excluded)
        {
            throw Refusals.Conflict(
                "item_not_returnable", new($"「{excluded.Name}」不支持七天无理由退货。", $"\"{excluded.Name}\" cannot be returned without a reason."), ("sku", excluded.Sku));
        }

        return chosen;
    }
}

/// <summary>A row of the refunds table.</summary>
internal sealed class RefundRecord
{
    public string Number { get; init; } = "";
    public string OrderNumber { get; init; } = "";
    public string Status { get; init; } = "";
    public long AmountFen { get; init; }
    public long RequestedAt { get; init; }
    public long ExpectedBy { get; init; }
    public long? CompletedAt { get; init; }

    public Refund In(Language language)
    {
        var (status, text) = Status switch
        {
            "reviewing" => (RefundStatus.Reviewing, new Localized("审核中", "under review")),
            "processing" => (RefundStatus.Processing, new Localized("退款中", "being paid back")),
            "succeeded" => (RefundStatus.Succeeded, new Localized("已退款", "paid back")),
            _ => throw new InvalidOperationException($"Refund {Number} has the unknown status '{Status}'."),
        };
        return new(
            Number, OrderNumber, status, text.In(language), ShopFormats.Yuan(AmountFen), ShopFormats.Time(RequestedAt), ShopFormats.Date(ExpectedBy),
            ShopFormats.Time(CompletedAt));
    }
}
