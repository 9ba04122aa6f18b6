using System.Security.Cryptography;
using System.Text;
using Mesh.Samples.Shop.Api;
using Mesh.Samples.Shop.Api.Seeding;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.Data.Sqlite;

namespace Mesh.Shop.Tests;

public sealed class SeedTests : IDisposable
{
    // Goes with ShopDatabase.SeedVersion: change both when the generated data are meant to change.
    private const string Digest = "977d1fcd62b06be5a56fd93479b4ac2f8324c6390fc438036adebb097617c0c4";

    private readonly string folder = Directory.CreateTempSubdirectory("mesh-seed-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Seed_SameSeed_SameContent()
    {
        var first = DigestOf(Create("a.db", 20261120));
        var second = DigestOf(Create("b.db", 20261120));

        Assert.Equal(first, second);
        Assert.True(first == Digest, $"the seeded content is {first}");
    }

    [Fact]
    public void Seed_OtherSeed_OtherContentSameLandmarks()
    {
        var data = new SeedGenerator(20261120).Generate();
        var other = new SeedGenerator(1).Generate();

        Assert.NotEqual(data.Orders[100], other.Orders[100]);
        Assert.Equal(data.Orders.Where(o => o.Customer == ShopFactory.First), other.Orders.Where(o => o.Customer == ShopFactory.First));
        Assert.Equal(data.Parcels.Where(p => p.OrderNumber == "SO2026110001"), other.Parcels.Where(p => p.OrderNumber == "SO2026110001"));
    }

    [Fact]
    public void Generate_Always_IsConsistent()
    {
        var data = new SeedGenerator(20261120).Generate();
        var now = ShopClock.SeedTime.ToUnixTimeSeconds();
        var events = data.Events.ToLookup(e => e.TrackingNumber);
        var parcels = data.Parcels.ToLookup(p => p.OrderNumber);
        var items = data.Items.ToLookup(i => i.OrderNumber);

        Assert.Equal((300, 2000, 150), (data.Customers.Count, data.Orders.Count, data.Products.Count));
        Assert.Equal(2000, data.Orders.Select(o => o.Number).Distinct().Count());
        Assert.Equal(
            ["cancelled", "delivered", "paid", "pending_payment", "refunded", "returning", "shipped"], data.Orders.Select(o => o.Status).Distinct().Order(StringComparer.Ordinal));
        Assert.All(data.Orders, o =>
        {
            Assert.Equal(o.TotalFen, o.GoodsFen + o.ShippingFen - o.DiscountFen);
            Assert.Equal(o.GoodsFen, items[o.Number].Sum(i => i.PriceFen * i.Quantity));
            long?[] times = [o.PlacedAt, o.PaidAt, o.ShippedAt, o.DeliveredAt];
            Assert.Equal(times.OfType<long>().Order(), times.OfType<long>());
            Assert.All(times.OfType<long>(), t => Assert.True(t <= now, $"{o.Number} is of the future"));
            Assert.Equal(o.ShippedAt is not null, parcels[o.Number].Any());
            Assert.All(parcels[o.Number], p => Assert.Equal(o.DeliveredAt is not null, events[p.TrackingNumber].Any(e => e.Code == "delivered")));
        });
        Assert.All(data.Events, e => Assert.True(e.At <= now));
    }

    private SqliteConnection Create(string file, long seed) => new ShopDatabase(Path.Combine(folder, file), seed).Open();

    private static string DigestOf(SqliteConnection connection)
    {
        using (connection)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var table in ShopDatabase.Tables)
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
                using var reader = command.ExecuteReader();
                var row = new object[reader.FieldCount];
                while (reader.Read())
                {
                    reader.GetValues(row);
                    hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{table}|{string.Join('|', row)}\n")));
                }
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}
