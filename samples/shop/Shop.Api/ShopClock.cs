using System.Globalization;

namespace Mesh.Samples.Shop.Api;

/// <summary>A clock that stands still, so that "delivered six days ago" stays true.</summary>
internal sealed class ShopClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>The moment at which the seeded data was "taken".</summary>
    public static readonly DateTimeOffset SeedTime = new(2026, 11, 20, 10, 0, 0, ChinaOffset);

    /// <summary>China has one time zone and no summer time.</summary>
    public static TimeSpan ChinaOffset => TimeSpan.FromHours(8);

    public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();

    /// <summary>Reads <c>Shop:Clock</c>.</summary>
    /// <exception cref="FormatException">The setting is neither empty, <c>system</c> nor an ISO 8601 time with an offset.</exception>
    public static TimeProvider FromSetting(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return new ShopClock(SeedTime);
        if (string.Equals(setting, "system", StringComparison.OrdinalIgnoreCase))
            return System;
        return DateTimeOffset.TryParseExact(setting, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new ShopClock(at)
            : throw new FormatException($"Shop:Clock is '{setting}': use an ISO 8601 time such as 2026-11-20T10:00:00+08:00, or 'system'.");
    }
}
