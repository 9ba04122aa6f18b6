using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Returns;
using Microsoft.AspNetCore.Mvc;

namespace Mesh.Samples.Shop.Api.Orders;

/// <summary>Where an order stands.</summary>
public enum OrderStatus
{
    PendingPayment,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
    Returning,
    Refunded,
}

/// <summary>Where a parcel stands.</summary>
public enum ParcelStatus
{
    InTransit,
    OutForDelivery,
    Delivered,
}

/// <summary>Why a customer cancels.</summary>
public enum CancelReason
{
    ChangedMind,
    WrongItem,
    WrongAddress,
    FoundCheaper,
    TooSlow,
    Other,
}

/// <summary>For whom an answer is wanted, and in which language.</summary>
/// <param name="Customer">The customer's phone number.</param>
/// <param name="AcceptLanguage">zh (default) or en: the language of names and messages.</param>
public sealed record CustomerHeaders(
    [property: FromHeader(Name = CustomerHeader.Name), RegularExpression(CustomerHeader.Pattern)] string Customer,
    [property: FromHeader(Name = "Accept-Language")] string? AcceptLanguage)
{
    internal Language Language => LanguageOfRequest.Parse(AcceptLanguage);
}

/// <summary>An order in a list.</summary>
/// <param name="OrderNumber">The order's number, for example SO2026110001.</param>
/// <param name="Status">Where the order stands.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="TotalYuan">What is to be paid, in yuan.</param>
/// <param name="ItemCount">Number of articles, counted singly.</param>
/// <param name="Items">Names of the articles.</param>
public sealed record OrderSummary(
    string OrderNumber, OrderStatus Status, string StatusText, DateTimeOffset PlacedAt, decimal TotalYuan, int ItemCount, IReadOnlyList<string> Items);

/// <summary>A page of orders, newest first.</summary>
/// <param name="Orders">The orders of this page.</param>
/// <param name="Total">Number of orders on all pages.</param>
public sealed record OrderList(IReadOnlyList<OrderSummary> Orders, int Total);

/// <summary>An order in full, with what may be done to it now.</summary>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Status">Where the order stands.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="ShippedAt">When the first parcel left the warehouse.</param>
/// <param name="DeliveredAt">When the last parcel was delivered.</param>
/// <param name="CancelledAt">When it was cancelled.</param>
/// <param name="Items">The ordered articles.</param>
/// <param name="GoodsYuan">Price of all articles, in yuan.</param>
/// <param name="ShippingYuan">Shipping fee, in yuan.</param>
/// <param name="DiscountYuan">Discount, in yuan.</param>
/// <param name="TotalYuan">What is to be paid, in yuan.</param>
/// <param name="Payment">wechat_pay, alipay or bank_card.</param>
/// <param name="Delivery">Where it goes.</param>
/// <param name="CanCancel">Whether it can be cancelled now.</param>
/// <param name="CanChangeAddress">Whether its address can be changed now.</param>
/// <param name="CanReturn">Whether a return without a reason can be requested now.</param>
/// <param name="ReturnUntil">Last day of the return without a reason, for delivered orders.</param>
public sealed record Order(
    string OrderNumber, OrderStatus Status, string StatusText, DateTimeOffset PlacedAt, DateTimeOffset? PaidAt, DateTimeOffset? ShippedAt,
    DateTimeOffset? DeliveredAt, DateTimeOffset? CancelledAt, IReadOnlyList<OrderItem> Items, decimal GoodsYuan, decimal ShippingYuan, decimal DiscountYuan,
    decimal TotalYuan, string Payment, Delivery Delivery, bool CanCancel, bool CanChangeAddress, bool CanReturn, DateOnly? ReturnUntil);

/// <summary>An ordered article.</summary>
/// <param name="Sku">The article's number.</param>
/// <param name="Name">The article's name.</param>
/// <param name="Quantity">How many.</param>
/// <param name="PriceYuan">Price of one, in yuan.</param>
public sealed record OrderItem(string Sku, string Name, int Quantity, decimal PriceYuan);

/// <summary>Where an order goes.</summary>
/// <param name="Recipient">Who receives it.</param>
/// <param name="Phone">The recipient's phone number, masked.</param>
/// <param name="Address">The full address on one line.</param>
public sealed record Delivery(string Recipient, string Phone, string Address);

/// <summary>The parcels of an order.</summary>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Status">Where the order stands.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="Parcels">The parcels; empty before shipping.</param>
public sealed record Tracking(string OrderNumber, OrderStatus Status, string StatusText, IReadOnlyList<Parcel> Parcels);

/// <summary>A parcel on its way.</summary>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="Carrier">The carrier's name.</param>
/// <param name="Status">Where the parcel stands.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="Items">Names of the articles inside.</param>
/// <param name="ExpectedOn">The day on which it is expected or was delivered.</param>
/// <param name="Events">What happened to it, newest first.</param>
public sealed record Parcel(
    string TrackingNumber, string Carrier, ParcelStatus Status, string StatusText, IReadOnlyList<string> Items, DateOnly ExpectedOn,
    IReadOnlyList<TrackingEvent> Events);

/// <summary>One step of a parcel.</summary>
/// <param name="At">When.</param>
/// <param name="Place">Where.</param>
/// <param name="Description">What happened, in the language of the request.</param>
public sealed record TrackingEvent(DateTimeOffset At, string Place, string Description);

/// <summary>A wish to cancel an order.</summary>
/// <param name="Reason">Why.</param>
public sealed record CancelRequest(CancelReason Reason = CancelReason.Other);

/// <summary>A cancelled order.</summary>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Status">cancelled.</param>
/// <param name="StatusText">The status in the language of the request.</param>
/// <param name="Refund">The refund, if the order was paid.</param>
public sealed record CancelledOrder(string OrderNumber, OrderStatus Status, string StatusText, Refund? Refund);

/// <summary>A new address for an order that has not left.</summary>
/// <param name="Address">Province, city, district, street and number on one line.</param>
/// <param name="Recipient">Who receives it; unchanged if left out.</param>
/// <param name="Phone">The recipient's mobile number; unchanged if left out.</param>
public sealed record AddressChange(
    [property: StringLength(200, MinimumLength = 8), JsonRequired] string Address,
    [property: StringLength(40, MinimumLength = 1)] string? Recipient = null,
    [property: RegularExpression(CustomerHeader.Pattern)] string? Phone = null);

/// <summary>An order with its new address.</summary>
/// <param name="OrderNumber">The order's number.</param>
/// <param name="Delivery">Where it goes now.</param>
public sealed record ChangedAddress(string OrderNumber, Delivery Delivery);
