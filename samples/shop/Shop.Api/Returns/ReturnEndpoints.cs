using System.ComponentModel.DataAnnotations;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Orders;
using Microsoft.AspNetCore.Mvc;

namespace Mesh.Samples.Shop.Api.Returns;

internal static class ReturnEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var orders = api.MapGroup("/orders/{order_number}").WithTags("returns");
        orders.MapPost("/return", Request).WithName("request_return").Produces<RequestedReturn>().Refuses(400, 404, 409, 422);
        orders.MapGet("/refund", Refund).WithName("get_refund").Refuses(404);
    }

    /// <summary>Requests the return or exchange of a delivered order.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110002.</param>
    /// <param name="request">What comes back, and why.</param>
    public static IResult Request(
        HttpContext context, [AsParameters] EffectHeaders headers, ReturnStore store, Effects effects,
        [FromRoute(Name = "order_number")][RegularExpression(OrderEndpoints.NumberPattern)] string orderNumber, ReturnRequest request) =>
        effects.Run(context, headers, request, connection => store.Request(connection, headers.Customer, orderNumber, request, headers.Language));

    /// <summary>Tells where the refund of an order stands.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110002.</param>
    public static Refund Refund(
        [AsParameters] CustomerHeaders headers, ReturnStore store,
        [FromRoute(Name = "order_number")][RegularExpression(OrderEndpoints.NumberPattern)] string orderNumber) =>
        store.RefundOf(headers.Customer, orderNumber, headers.Language);
}
