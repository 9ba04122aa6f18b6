namespace Mesh.Samples.Shop.Api.Products;

/// <summary>An article of the shop.</summary>
/// <param name="Sku">The article's number.</param>
/// <param name="Name">The article's name.</param>
/// <param name="Category">kitchen, digital, bedding, home, clothing, sports, beauty, baby, food or stationery.</param>
/// <param name="PriceYuan">Present price, in yuan.</param>
/// <param name="ListPriceYuan">List price, in yuan.</param>
/// <param name="WarrantyMonths">Warranty, in months; 0 for none.</param>
/// <param name="NoReasonReturn">Whether it can be returned without a reason within seven days.</param>
/// <param name="InStock">Whether it can be ordered now.</param>
public sealed record Product(
    string Sku, string Name, string Category, decimal PriceYuan, decimal ListPriceYuan, int WarrantyMonths, bool NoReasonReturn, bool InStock);

/// <summary>Articles that match a search.</summary>
/// <param name="Products">The articles, best match first.</param>
/// <param name="Total">How many match in all.</param>
public sealed record ProductList(IReadOnlyList<Product> Products, int Total);

/// <summary>How many of an article there are.</summary>
/// <param name="Sku">The article's number.</param>
/// <param name="Name">The article's name.</param>
/// <param name="InStock">Whether it can be ordered now.</param>
/// <param name="Quantity">Number in all warehouses.</param>
/// <param name="Warehouses">Number in each warehouse.</param>
public sealed record Stock(string Sku, string Name, bool InStock, int Quantity, IReadOnlyList<WarehouseStock> Warehouses);

/// <summary>How many of an article a warehouse has.</summary>
/// <param name="Warehouse">The warehouse's city.</param>
/// <param name="Quantity">How many.</param>
public sealed record WarehouseStock(string Warehouse, int Quantity);
