using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Mesh.Samples.Shop.Api.Orders;
using Mesh.Samples.Shop.Api.Storage;

namespace Mesh.Samples.Shop.Api.Coupons;

/// <summary>Whether a coupon can be used.</summary>
public enum CouponStatus
{
    Usable,
    Used,
    Expired,
}

/// <summary>A coupon of the customer.</summary>
/// <param name="Code">The coupon's code.</param>
/// <param name="Name">The coupon's name.</param>
/// <param name="Kind">amount_off, percent_off or free_shipping.</param>
/// <param name="ThresholdYuan">Smallest order, in yuan.</param>
/// <param name="Benefit">What it gives, in words.</param>
/// <param name="Status">Whether it can be used.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day.</param>
/// <param name="UsedByOrder">The order that used it.</param>
public sealed record Coupon(
    string Code, string Name, string Kind, decimal ThresholdYuan, string Benefit, CouponStatus Status, DateOnly ValidFrom, DateOnly ValidTo, string? UsedByOrder);

/// <summary>The customer's coupons, soonest to expire first.</summary>
/// <param name="Coupons">The coupons.</param>
public sealed record CouponList(IReadOnlyList<Coupon> Coupons);

internal static class CouponEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/coupons", List).WithName("list_coupons").WithTags("coupons");

    /// <summary>Lists the customer's coupons.</summary>
    /// <param name="status">Only coupons of this status.</param>
    public static CouponList List(
        [AsParameters] CustomerHeaders headers, ShopDatabase database, TimeProvider time, [RegularExpression("^(usable|used|expired)$")] string? status = null)
    {
        using var connection = database.Open();
        var rows = connection.Query<CouponRecord>(
            """
            SELECT code, kind, name_zh, name_en, threshold_fen, value, valid_from, valid_to, used_by_order
            FROM coupons WHERE customer = @Customer ORDER BY valid_to, code
            """, new { headers.Customer });
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return new(rows.Select(r => r.At(now, headers.Language))
            .Where(c => status is null || JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Status.ToString()) == status).ToList());
    }

    private sealed class CouponRecord
    {
        public string Code { get; init; } = "";
        public string Kind { get; init; } = "";
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
        public long ThresholdFen { get; init; }
        public long Value { get; init; }
        public long ValidFrom { get; init; }
        public long ValidTo { get; init; }
        public string? UsedByOrder { get; init; }

        public Coupon At(long now, Language language)
        {
            var status = UsedByOrder is not null ? CouponStatus.Used : ValidTo < now ? CouponStatus.Expired : CouponStatus.Usable;
            var benefit = Kind switch
            {
                "amount_off" => new Localized(
                    string.Create(CultureInfo.InvariantCulture, $"减 {ShopFormats.Yuan(Value):0.##} 元"),
                    string.Create(CultureInfo.InvariantCulture, $"{ShopFormats.Yuan(Value):0.##} yuan off")),
                "percent_off" => new($"减 {Value}%", $"{Value} % off"),
                "free_shipping" => new("免运费", "free shipping"),
                _ => throw new InvalidOperationException($"Coupon {Code} has the unknown kind '{Kind}'."),
            };
            return new(
                Code, new Localized(NameZh, NameEn).In(language), Kind, ShopFormats.Yuan(ThresholdFen), benefit.In(language), status, ShopFormats.Date(ValidFrom),
                ShopFormats.Date(ValidTo), UsedByOrder);
        }
    }
}
