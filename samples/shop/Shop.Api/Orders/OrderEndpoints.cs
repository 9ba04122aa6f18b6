using System.ComponentModel.DataAnnotations;
using Mesh.Samples.Shop.Api.Http;

namespace Mesh.Samples.Shop.Api.Orders;

internal static class OrderEndpoints
{
    public const string NumberPattern = "^SO[0-9]{10}$";
    private const string Statuses = "^(pending_payment|paid|shipped|delivered|cancelled|returning|refunded)$";
    private const string PhonePattern = "^(1[0-9]{10}|[0-9]{4})$";

    public static void Map(RouteGroupBuilder api)
    {
        var orders = api.MapGroup("/orders").WithTags("orders");
        orders.MapGet("/", List).WithName("list_orders");
        orders.MapGet("/search", Search).WithName("search_orders");
        orders.MapGet("/{order_number}", Get).WithName("get_order").Refuses(404);
        orders.MapGet("/{order_number}/tracking", Track).WithName("track_order").Refuses(404);
        orders.MapPost("/{order_number}/cancel", Cancel).WithName("cancel_order").Produces<CancelledOrder>().Refuses(404, 409, 422);
        orders.MapPut("/{order_number}/address", ChangeAddress).WithName("change_address").Produces<ChangedAddress>().Refuses(404, 409, 422);
    }

    /// <summary>Lists the customer's orders, newest first.</summary>
    /// <param name="status">Only orders of this status.</param>
    /// <param name="limit">Orders a page, 1 to 50.</param>
    /// <param name="page">The page, from 1.</param>
    public static OrderList List(
        [AsParameters] CustomerHeaders headers, OrderStore store, [RegularExpression(Statuses)] string? status = null, [Range(1, 50)] int limit = 10,
        [Range(1, 1000)] int page = 1) =>
        store.List(headers.Customer, new(limit, page, status), headers.Language);

    /// <summary>Finds the customer's orders by the recipient's phone number, an article or a time.</summary>
    /// <param name="phone">The recipient's mobile number, or its last four digits.</param>
    /// <param name="keyword">Part of an article's name.</param>
    /// <param name="from">Placed on this day or later.</param>
    /// <param name="to">Placed on this day or earlier.</param>
    /// <param name="limit">At most so many orders, 1 to 50.</param>
    public static OrderList Search(
        [AsParameters] CustomerHeaders headers, OrderStore store, [RegularExpression(PhonePattern)] string? phone = null,
        [StringLength(40, MinimumLength = 1)] string? keyword = null, DateOnly? from = null, DateOnly? to = null, [Range(1, 50)] int limit = 10) =>
        store.List(headers.Customer, new(limit, 1, null, phone, keyword, from, to), headers.Language);

    /// <summary>Gets one order of the customer with its items, amounts and what may be done to it.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110001.</param>
    public static Order Get(
        [AsParameters] CustomerHeaders headers, OrderStore store, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "order_number")][RegularExpression(NumberPattern)] string orderNumber) =>
        store.Get(headers.Customer, orderNumber, headers.Language);

    /// <summary>Tells where the parcels of an order are.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110001.</param>
    public static Tracking Track(
        [AsParameters] CustomerHeaders headers, OrderStore store, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "order_number")][RegularExpression(NumberPattern)] string orderNumber) =>
        store.Track(headers.Customer, orderNumber, headers.Language);

    /// <summary>Cancels an order that has not been shipped and refunds what was paid.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110001.</param>
    /// <param name="request">Why.</param>
    public static IResult Cancel(
        HttpContext context, [AsParameters] EffectHeaders headers, OrderStore store, Effects effects,
        [Microsoft.AspNetCore.Mvc.FromRoute(Name = "order_number")][RegularExpression(NumberPattern)] string orderNumber, CancelRequest request) =>
        effects.Run(context, headers, request, connection => store.Cancel(connection, headers.Customer, orderNumber, headers.Language));

    /// <summary>Changes the delivery address of an order that has not been shipped.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110001.</param>
    /// <param name="request">The new address.</param>
    public static IResult ChangeAddress(
        HttpContext context, [AsParameters] EffectHeaders headers, Effects effects,
        [Microsoft.AspNetCore.Mvc.FromRoute(Name = "order_number")][RegularExpression(NumberPattern)] string orderNumber, AddressChange request) =>
        effects.Run(context, headers, request, connection => OrderStore.ChangeAddress(connection, headers.Customer, orderNumber, request));

    /// <summary>States which refusals an operation answers with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params int[] statuses) =>
        statuses.Aggregate(builder, (b, status) => b.Produces<ShopProblem>(status, "application/problem+json"));
}
