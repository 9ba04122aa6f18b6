using Google.Protobuf.WellKnownTypes;
using Mesh.Datasets.Stats;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Data;

namespace Mesh.Datasets.Tests;

public sealed class StatsStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-datasets").FullName;
    private readonly MeshDatabase _database;
    private readonly StatsStore _stats;

    public StatsStoreTests()
    {
        _database = new MeshDatabase($"Data Source={Path.Combine(_folder, "datasets.db")};Pooling=False");
        _stats = new StatsStore(_database);
    }

    public async ValueTask InitializeAsync() => await _database.MigrateAsync("datasets", StatsStore.Migrations, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task AddAsync_SameEventsTwice_CountsThemOnceAndSaysSo()
    {
        var events = Conversation("t1", "c1", 5, from: 1).ToList();

        await _stats.AddAsync(events, TestContext.Current.CancellationToken);
        await _stats.AddAsync(events, TestContext.Current.CancellationToken);

        var read = await _stats.ReadAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(5, read.Events);
        Assert.Equal(1, read.Conversations);
        Assert.Equal(5, await _stats.PositionAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ReadAsync_TwoTenants_EachSeesItsOwn()
    {
        await _stats.AddAsync([.. Conversation("t1", "c1", 3, from: 1), .. Conversation("t2", "c1", 2, from: 4)], TestContext.Current.CancellationToken);

        Assert.Equal(3, (await _stats.ReadAsync("t1", TestContext.Current.CancellationToken)).Events);
        Assert.Equal(2, (await _stats.ReadAsync("t2", TestContext.Current.CancellationToken)).Events);
        Assert.Equal(5, (await _stats.ReadAsync(null, TestContext.Current.CancellationToken)).Events);
    }

    [Fact]
    public async Task ReadAsync_Events_AreCountedByTheirNamesInTheProto()
    {
        await _stats.AddAsync(Conversation("t1", "c1", 1, from: 1).ToList(), TestContext.Current.CancellationToken);

        var read = await _stats.ReadAsync("t1", TestContext.Current.CancellationToken);

        Assert.Equal(1, read.EventsByType["private_note"]);
    }

    private static IEnumerable<ConversationEvent> Conversation(string tenant, string conversation, int count, long from) =>
        Enumerable.Range(0, count).Select(i => new ConversationEvent
        {
            TenantId = tenant,
            ConversationId = conversation,
            Sequence = i + 1,
            Position = from + i,
            Time = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddSeconds(i)),
            PrivateNote = new PrivateNote { Text = "note" },
        });
}
