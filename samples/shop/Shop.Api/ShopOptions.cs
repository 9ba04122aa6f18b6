using System.ComponentModel.DataAnnotations;

namespace Mesh.Samples.Shop.Api;

/// <summary>Settings of the sample shop, section <c>Shop</c>.</summary>
public sealed class ShopOptions
{
    public const string Section = "Shop";

    /// <summary>Path of the SQLite file. Default: <c>shop.db</c> below <c>Mesh:DataDirectory</c>, else below <c>.mesh/data</c>.</summary>
    public string? Database { get; set; }

    /// <summary>ISO 8601 time at which the shop's clock stands, or <c>system</c> for the real time. Default: the seed's clock, so that the landmarks stay true.</summary>
    public string? Clock { get; set; }

    /// <summary>The key that callers send in <c>X-Api-Key</c>, 8 to 200 characters. No default outside Development.</summary>
    [Required(ErrorMessage = "Shop:ApiKey is required: the key that callers send in X-Api-Key.")]
    [StringLength(200, MinimumLength = 8)]
    public string ApiKey { get; set; } = "";

    /// <summary>Seed of the generated data. Default: 20261120.</summary>
    public long Seed { get; set; } = 20261120;
}
