using System.Globalization;
using Dapper;
using Mesh.Samples.Shop.Api.Seeding;
using Microsoft.Data.Sqlite;

namespace Mesh.Samples.Shop.Api.Storage;

/// <summary>The shop's SQLite file: created and seeded at the start, reseeded on request.</summary>
internal sealed class ShopDatabase
{
    /// <summary>Goes up whenever the schema or the generated data change: an older file is then seeded anew.</summary>
    public const string SeedVersion = "1";

    /// <summary>All tables, in the order in which rows may be inserted.</summary>
    public static readonly string[] Tables =
        ["meta", "customers", "products", "stock", "orders", "order_items", "parcels", "parcel_events", "returns", "refunds", "invoices", "coupons", "idempotency"];

    private readonly string connectionString;
    private readonly long seed;

    static ShopDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public ShopDatabase(string path, long seed)
    {
        this.seed = seed;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 10 }.ToString();
        using var connection = Open();
        connection.Execute("PRAGMA journal_mode = WAL");
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{SeedVersion}/{seed}");
        using var transaction = connection.BeginTransaction();
        connection.Execute(Schema());
        if (connection.QuerySingleOrDefault<string>("SELECT value FROM meta WHERE name = 'seed'") != stamp)
            Fill(connection, stamp);
        transaction.Commit();
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Puts the seeded data back; answers the number of orders.</summary>
    public int Reset()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Fill(connection, string.Create(CultureInfo.InvariantCulture, $"{SeedVersion}/{seed}"));
        transaction.Commit();
        return connection.QuerySingle<int>("SELECT COUNT(*) FROM orders");
    }

    private void Fill(SqliteConnection connection, string stamp)
    {
        foreach (var table in Tables.Reverse())
            connection.Execute($"DROP TABLE IF EXISTS {table}");
        connection.Execute(Schema());
        connection.Execute("INSERT INTO meta (name, value) VALUES ('seed', @stamp)", new { stamp });
        SeedWriter.Write(connection, new SeedGenerator(seed).Generate());
    }

    private static string Schema()
    {
        using var stream = typeof(ShopDatabase).Assembly.GetManifestResourceStream("schema.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
