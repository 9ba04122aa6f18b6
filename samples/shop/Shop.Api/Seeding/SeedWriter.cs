using Dapper;
using Microsoft.Data.Sqlite;

namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>Inserts generated rows; the caller owns the transaction.</summary>
internal static class SeedWriter
{
    public static void Write(SqliteConnection connection, SeedData data)
    {
        Insert(connection, "customers", data.Customers);
        Insert(connection, "products", data.Products);
        Insert(connection, "stock", data.Stock);
        Insert(connection, "orders", data.Orders);
        Insert(connection, "parcels", data.Parcels);
        Insert(connection, "parcel_events", data.Events);
        Insert(connection, "order_items", data.Items);
        Insert(connection, "returns", data.Returns);
        Insert(connection, "refunds", data.Refunds);
        Insert(connection, "invoices", data.Invoices);
        Insert(connection, "coupons", data.Coupons);
    }

    // The rows' properties stand in the order of the table's columns.
    private static void Insert<TRow>(SqliteConnection connection, string table, List<TRow> rows)
    {
        var values = string.Join(", ", typeof(TRow).GetConstructors()[0].GetParameters().Select(p => $"@{p.Name}"));
        connection.Execute($"INSERT INTO {table} VALUES ({values})", rows);
    }
}
