using System.Text.Json;

namespace Mesh.Samples.Shop.Api.Orders;

/// <summary>Statuses in words.</summary>
internal static class OrderTexts
{
    public static Localized Of(OrderStatus status) => status switch
    {
        OrderStatus.PendingPayment => new("待付款", "awaiting payment"),
        OrderStatus.Paid => new("已付款，待发货", "paid, not shipped yet"),
        OrderStatus.Shipped => new("运输中", "in transit"),
        OrderStatus.Delivered => new("已签收", "delivered"),
        OrderStatus.Cancelled => new("已取消", "cancelled"),
        OrderStatus.Returning => new("退货处理中", "return in progress"),
        OrderStatus.Refunded => new("已退款", "refunded"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Localized Of(ParcelStatus status) => status switch
    {
        ParcelStatus.InTransit => new("运输中", "in transit"),
        ParcelStatus.OutForDelivery => new("派送中", "out for delivery"),
        ParcelStatus.Delivered => new("已签收", "delivered"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>A parcel event, for example 快件已到达杭州分拨中心.</summary>
    public static Localized Event(string code, string placeZh, string placeEn) => code switch
    {
        "picked_up" => new($"快件已从{placeZh}揽收", $"Picked up at {placeEn}"),
        "departed" => new($"快件已离开{placeZh}", $"Left {placeEn}"),
        "arrived" => new($"快件已到达{placeZh}", $"Arrived at {placeEn}"),
        "out_for_delivery" => new($"快递员正在派送（{placeZh}）", $"Out for delivery from {placeEn}"),
        "delivered" => new($"快件已在{placeZh}签收", $"Delivered in {placeEn}"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    /// <summary>The status as it stands in the database and in JSON: pending_payment.</summary>
    public static string Code(OrderStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    public static OrderStatus Status(string code) => Enum.GetValues<OrderStatus>().First(s => Code(s) == code);
}
