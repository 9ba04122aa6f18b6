using System.ComponentModel.DataAnnotations;
using Dapper;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Orders;
using Mesh.Samples.Shop.Api.Seeding;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Mesh.Samples.Shop.Api.Products;

internal static class ProductEndpoints
{
    private const string SkuPattern = "^YS-[0-9]{4}-[A-Z]$";
    private const string CategoryPattern = "^(kitchen|digital|bedding|home|clothing|sports|beauty|baby|food|stationery)$";

    public static void Map(RouteGroupBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("products");
        products.MapGet("/", Search).WithName("search_products");
        products.MapGet("/{sku}", Get).WithName("get_product").Refuses(404);
        products.MapGet("/{sku}/stock", Stock).WithName("get_stock").Refuses(404);
    }

    /// <summary>Searches the shop's articles by words of their name.</summary>
    /// <param name="acceptLanguage">zh (default) or en: the language of names and messages.</param>
    /// <param name="query">Words of the name, in Chinese or English, all of which must occur.</param>
    /// <param name="category">Only articles of this category.</param>
    /// <param name="maxPriceYuan">Only articles up to this price, in yuan.</param>
    /// <param name="inStock">Only articles that can be ordered now.</param>
    /// <param name="limit">At most so many articles, 1 to 20.</param>
    public static ProductList Search(
        ShopDatabase database, [FromHeader(Name = "Accept-Language")] string? acceptLanguage = null,
        [StringLength(60, MinimumLength = 1)] string? query = null, [RegularExpression(CategoryPattern)] string? category = null,
        [FromQuery(Name = "max_price_yuan")][Range(0, 1_000_000)] int? maxPriceYuan = null, [FromQuery(Name = "in_stock")] bool inStock = false,
        [Range(1, 20)] int limit = 5)
    {
        using var connection = database.Open();
        var language = LanguageOfRequest.Parse(acceptLanguage);
        var words = query?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var found = Records(connection, "(@category IS NULL OR category = @category) AND (@maxFen IS NULL OR price_fen <= @maxFen)", new { category, maxFen = maxPriceYuan * 100L })
            .Where(p => words.All(w => p.NameZh.Contains(w, StringComparison.OrdinalIgnoreCase) || p.NameEn.Contains(w, StringComparison.OrdinalIgnoreCase)))
            .Where(p => !inStock || p.Quantity > 0)
            // A match at the start of a name is nearer to what was meant than one inside it.
            .OrderBy(p => words.Sum(w => Math.Max(0, p.NameZh.IndexOf(w, StringComparison.OrdinalIgnoreCase)))).ThenBy(p => p.Sku, StringComparer.Ordinal)
            .ToList();
        return new(found.Take(limit).Select(p => p.In(language)).ToList(), found.Count);
    }

    /// <summary>Gets an article with its price, warranty and return rule.</summary>
    /// <param name="sku">The article's number, for example YS-0101-A.</param>
    /// <param name="acceptLanguage">zh (default) or en: the language of names and messages.</param>
    public static Product Get(ShopDatabase database, [RegularExpression(SkuPattern)] string sku, [FromHeader(Name = "Accept-Language")] string? acceptLanguage = null)
    {
        using var connection = database.Open();
        return Find(connection, sku).In(LanguageOfRequest.Parse(acceptLanguage));
    }

    /// <summary>Tells how many of an article are in stock, by warehouse.</summary>
    /// <param name="sku">The article's number, for example YS-0101-A.</param>
    /// <param name="acceptLanguage">zh (default) or en: the language of names and messages.</param>
    public static Stock Stock(ShopDatabase database, [RegularExpression(SkuPattern)] string sku, [FromHeader(Name = "Accept-Language")] string? acceptLanguage = null)
    {
        using var connection = database.Open();
        var product = Find(connection, sku).In(LanguageOfRequest.Parse(acceptLanguage));
        var language = LanguageOfRequest.Parse(acceptLanguage);
        var warehouses = connection.Query<(string Warehouse, int Quantity)>("SELECT warehouse, quantity FROM stock WHERE sku = @sku ORDER BY warehouse", new { sku })
            .Select(w => new WarehouseStock(language == Language.English ? Places.Named(w.Warehouse).En : w.Warehouse, w.Quantity)).ToList();
        return new(sku, product.Name, product.InStock, warehouses.Sum(w => w.Quantity), warehouses);
    }

    private static ProductRecord Find(Microsoft.Data.Sqlite.SqliteConnection connection, string sku) =>
        Records(connection, "sku = @sku", new { sku }).SingleOrDefault() ?? throw Refusals.ProductNotFound(sku);

    private static IEnumerable<ProductRecord> Records(Microsoft.Data.Sqlite.SqliteConnection connection, string where, object arguments) => connection.Query<ProductRecord>(
        $"""
        SELECT sku, category, name_zh, name_en, price_fen, list_price_fen, warranty_months, no_reason_return,
          (SELECT SUM(quantity) FROM stock s WHERE s.sku = p.sku) AS quantity
        FROM products p WHERE {where}
        """, arguments);

    private sealed class ProductRecord
    {
        public string Sku { get; init; } = "";
        public string Category { get; init; } = "";
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
        public long PriceFen { get; init; }
        public long ListPriceFen { get; init; }
        public int WarrantyMonths { get; init; }
        public bool NoReasonReturn { get; init; }
        public int Quantity { get; init; }

        public Product In(Language language) => new(
            Sku, new Localized(NameZh, NameEn).In(language), Category, ShopFormats.Yuan(PriceFen), ShopFormats.Yuan(ListPriceFen), WarrantyMonths, NoReasonReturn,
            Quantity > 0);
    }
}
