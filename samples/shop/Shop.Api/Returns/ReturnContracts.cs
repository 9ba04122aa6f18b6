using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Mesh.Samples.Shop.Api.Orders;

namespace Mesh.Samples.Shop.Api.Returns;

/// <summary>Why articles come back.</summary>
public enum ReturnReason
{
    NoReason,
    Quality,
    Damaged,
    WrongItem,
    Missing,
}

/// <summary>What the customer wants for the articles.</summary>
public enum ReturnKind
{
    Return,
    Exchange,
}

/// <summary>Where a refund stands.</summary>
public enum RefundStatus
{
    Reviewing,
    Processing,
    Succeeded,
}

/// <summary>A wish to return or exchange articles of a delivered order.</summary>
/// <param name="Reason">Why. Without a reason within 7 days, for the others within 15 days, counted from the day after delivery.</param>
/// <param name="Kind">Money back (return) or the same article again (exchange).</param>
/// <param name="Skus">The articles; all of the order if left out.</param>
/// <param name="Note">What the customer says about it.</param>
public sealed record ReturnRequest(
    [property: JsonRequired] ReturnReason Reason, ReturnKind Kind = ReturnKind.Return, [property: MaxLength(20)] IReadOnlyList<string>? Skus = null,
    [property: StringLength(500)] string? Note = null);

/// <summary>A requested return.</summary>
/// <param name="ReturnNumber">The return's number.</param>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Status">returning.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="Items">Names of the articles that come back.</param>
/// <param name="SendBackBy">Last day to send them.</param>
/// <param name="Refund">The expected refund; none for an exchange.</param>
public sealed record RequestedReturn(
    string ReturnNumber, string OrderNumber, OrderStatus Status, string StatusText, IReadOnlyList<string> Items, DateOnly SendBackBy, Refund? Refund);

/// <summary>Money on its way back.</summary>
/// <param name="RefundNumber">The refund's number.</param>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Status">Where the refund stands.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="AmountYuan">How much, in yuan.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ExpectedBy">The day by which the money should be back.</param>
/// <param name="CompletedAt">When it was paid back.</param>
public sealed record Refund(
    string RefundNumber, string OrderNumber, RefundStatus Status, string StatusText, decimal AmountYuan, DateTimeOffset RequestedAt, DateOnly ExpectedBy,
    DateTimeOffset? CompletedAt);
