using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Mesh.Samples.Shop.Api;

/// <summary>The languages that the shop answers in.</summary>
public enum Language
{
    Chinese,
    English,
}

/// <summary>A text in both of the shop's languages.</summary>
internal readonly record struct Localized(string Zh, string En)
{
    public string In(Language language) => language == Language.English ? En : Zh;
}

internal static class LanguageOfRequest
{
    /// <summary>The best of the shop's languages for an <c>Accept-Language</c> header; Chinese unless English is preferred.</summary>
    public static Language Parse(string? acceptLanguage)
    {
        if (acceptLanguage is null || !StringWithQualityHeaderValue.TryParseList([acceptLanguage], out var wanted))
            return Language.Chinese;
        var first = wanted.Where(w => w.Quality is null or > 0).OrderByDescending(w => w.Quality ?? 1).FirstOrDefault();
        return first?.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true ? Language.English : Language.Chinese;
    }

    public static Language Of(HttpContext context) => Parse(context.Request.Headers.AcceptLanguage.ToString());
}

internal static class ShopFormats
{
    /// <summary>Amounts are kept in fen and shown in yuan with two decimals.</summary>
    public static decimal Yuan(long fen) => fen * 0.01m;

    public static DateTimeOffset Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToOffset(ShopClock.ChinaOffset);

    public static DateTimeOffset? Time(long? unixSeconds) => unixSeconds is { } seconds ? Time(seconds) : null;

    public static DateOnly Date(long unixSeconds) => DateOnly.FromDateTime(Time(unixSeconds).Date);

    /// <summary>138****0001: enough to recognise, not enough to call.</summary>
    public static string Masked(string phone) => phone.Length < 8 ? "****" : string.Create(CultureInfo.InvariantCulture, $"{phone[..3]}****{phone[^4..]}");
}
