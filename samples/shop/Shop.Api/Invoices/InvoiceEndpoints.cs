using System.ComponentModel.DataAnnotations;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Orders;
using Microsoft.AspNetCore.Mvc;

namespace Mesh.Samples.Shop.Api.Invoices;

internal static class InvoiceEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var invoice = api.MapGroup("/orders/{order_number}/invoice").WithTags("invoices");
        invoice.MapGet("/", Get).WithName("get_invoice").Refuses(404);
        invoice.MapPost("/", Request).WithName("request_invoice").Produces<Invoice>().Refuses(400, 404, 409, 422);
    }

    /// <summary>Tells where the invoice of an order stands.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026080005.</param>
    public static Invoice Get(
        [AsParameters] CustomerHeaders headers, InvoiceStore store,
        [FromRoute(Name = "order_number")][RegularExpression(OrderEndpoints.NumberPattern)] string orderNumber) =>
        store.Get(headers.Customer, orderNumber, headers.Language);

    /// <summary>Requests an electronic invoice for a paid order.</summary>
    /// <param name="orderNumber">The order's number, for example SO2026110001.</param>
    /// <param name="request">To whom the invoice is made out.</param>
    public static IResult Request(
        HttpContext context, [AsParameters] EffectHeaders headers, InvoiceStore store, Effects effects,
        [FromRoute(Name = "order_number")][RegularExpression(OrderEndpoints.NumberPattern)] string orderNumber, InvoiceRequest request) =>
        effects.Run(context, headers, request, connection => store.Request(connection, headers.Customer, orderNumber, request, headers.Language));
}
