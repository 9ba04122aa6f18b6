using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Mesh.Samples.Shop.Api.Invoices;

/// <summary>To whom an invoice is made out.</summary>
public enum InvoiceKind
{
    Personal,
    Company,
}

/// <summary>Where an invoice stands.</summary>
public enum InvoiceStatus
{
    Requested,
    Issued,
}

/// <summary>A wish for an electronic invoice.</summary>
/// <param name="Kind">A person's or a company's.</param>
/// <param name="Title">The name on the invoice (抬头).</param>
/// <param name="TaxNumber">The company's unified social credit code, 18 characters; needed for a company.</param>
/// <param name="Email">Where the invoice is sent; it is also in the order page.</param>
public sealed record InvoiceRequest(
    [property: JsonRequired] InvoiceKind Kind, [property: JsonRequired, StringLength(100, MinimumLength = 1)] string Title,
    [property: RegularExpression("^[0-9A-HJ-NPQRTUWXY]{18}$")] string? TaxNumber = null, [property: EmailAddress, StringLength(254)] string? Email = null);

/// <summary>An electronic invoice.</summary>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Status">Where the invoice stands.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="Kind">A person's or a company's.</param>
/// <param name="Title">The name on the invoice.</param>
/// <param name="TaxNumber">The company's unified social credit code.</param>
/// <param name="AmountYuan">The amount, in yuan.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="InvoiceNumber">Its number of 20 digits, once issued.</param>
public sealed record Invoice(
    string OrderNumber, InvoiceStatus Status, string StatusText, InvoiceKind Kind, string Title, string? TaxNumber, decimal AmountYuan, DateTimeOffset RequestedAt,
    DateTimeOffset? IssuedAt, string? InvoiceNumber);
