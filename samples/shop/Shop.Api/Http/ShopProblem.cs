namespace Mesh.Samples.Shop.Api.Http;

/// <summary>A refusal by the shop's rules; answered as problem details (RFC 9457) with a stable <c>code</c>.</summary>
internal sealed class ShopProblemException(int status, string code, Localized message) : Exception(message.En)
{
    public int Status { get; } = status;

    /// <summary>What programs branch on; never changes.</summary>
    public string Code { get; } = code;

    public Localized Text { get; } = message;

    /// <summary>Further members of the answer, such as the order's present status.</summary>
    public Dictionary<string, object?> Details { get; init; } = [];
}

/// <summary>Problem details of RFC 9457 with the shop's stable code.</summary>
/// <param name="Type">A link to the meaning of the HTTP status.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What is wrong, in the language of the request.</param>
/// <param name="Code">A stable code, for example order_not_found, not_cancellable, return_window_closed, already_requested.</param>
public sealed record ShopProblem(string? Type, string? Title, int Status, string? Detail, string Code);

/// <summary>The shop's refusals, in one place.</summary>
internal static class Refusals
{
    public static ShopProblemException OrderNotFound(string number) =>
        new(StatusCodes.Status404NotFound, "order_not_found", new($"没有找到订单 {number}。", $"There is no order {number}."));

    public static ShopProblemException ProductNotFound(string sku) =>
        new(StatusCodes.Status404NotFound, "product_not_found", new($"没有找到商品 {sku}。", $"There is no product {sku}."));

    public static ShopProblemException RefundNotFound(string number) =>
        new(StatusCodes.Status404NotFound, "refund_not_found", new($"订单 {number} 没有退款记录。", $"Order {number} has no refund."));

    public static ShopProblemException InvoiceNotFound(string number) =>
        new(StatusCodes.Status404NotFound, "invoice_not_found", new($"订单 {number} 还没有申请发票。", $"No invoice was requested for order {number}."));

    public static ShopProblemException Conflict(string code, Localized message, params (string Name, object? Value)[] details) =>
        new(StatusCodes.Status409Conflict, code, message) { Details = details.ToDictionary(d => d.Name, d => d.Value) };

    public static ShopProblemException Invalid(string code, Localized message) => new(StatusCodes.Status400BadRequest, code, message);
}
