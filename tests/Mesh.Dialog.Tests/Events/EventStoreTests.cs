using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.Events;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Data;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Tests.Events;

public abstract class EventStoreTests : IAsyncLifetime
{
    private static readonly ConversationKey Key = new("default", "c1");
    private readonly EventSignal _signal = new(TimeProvider.System);
    private MeshDatabase _database = null!;
    private EventStore _store = null!;

    protected abstract ValueTask<string> ConnectionStringAsync();

    public async ValueTask InitializeAsync()
    {
        _database = new MeshDatabase(await ConnectionStringAsync());
        await _database.MigrateAsync("dialog", EventStore.Migrations, CancellationToken.None);
        _store = new EventStore(_database, _signal);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Append_ThenRead_GivesTheEventsWithGrowingPositions()
    {
        await AppendAsync(Key, 0, Started(1), Said(2, "m1"));
        await AppendAsync(Key, 2, Said(3, "m2"));

        var read = await _store.ReadAsync(Key, 1, TestContext.Current.CancellationToken);

        Assert.Equal([2L, 3], read.Select(next => next.Sequence));
        Assert.Equal(["m1", "m2"], read.Select(next => next.CustomerMessage.ClientMessageId));
        Assert.True(read[0].Position > 0 && read[0].Position < read[1].Position);
    }

    [Fact]
    public async Task Append_StaleSequence_IsRefusedAndNothingIsWritten()
    {
        await AppendAsync(Key, 0, Started(1));

        var exception = await Assert.ThrowsAsync<ConflictException>(() => AppendAsync(Key, 0, Started(1)));

        Assert.Equal(IEventStore.SequenceConflict, exception.Reason);
        Assert.Single(await _store.ReadAsync(Key, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Append_EventOfAnOlderEpoch_IsRefused()
    {
        await AppendAsync(Key, 0, Started(1), Owned(2, Owner.Agent, epoch: 2));

        var exception = await Assert.ThrowsAsync<ConflictException>(() => AppendAsync(Key, 2, Said(3, "late")));

        Assert.Equal(IEventStore.EpochConflict, exception.Reason);
    }

    [Fact]
    public async Task Append_PartOfABatchRefused_RefusesAll()
    {
        await AppendAsync(Key, 0, Started(1));

        await Assert.ThrowsAsync<ConflictException>(() => AppendAsync(Key, 1, Said(2, "m1"), Owned(3, Owner.Agent, 2), Said(4, "m2")));

        Assert.Single(await _store.ReadAsync(Key, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Append_ManyWriters_SequenceIsGaplessAndPositionsFollowIt()
    {
        await AppendAsync(Key, 0, Started(1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                while (true)
                {
                    var last = (await _store.ReadAsync(Key, 0, TestContext.Current.CancellationToken))[^1].Sequence;
                    try
                    {
                        await AppendAsync(Key, last, Said(last + 1, $"{writer}-{i}"));
                        break;
                    }
                    catch (ConflictException)
                    {
                        // Another writer was first.
                    }
                }
            }
        }));

        var read = await _store.ReadAsync(Key, 0, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 41).Select(i => (long)i), read.Select(next => next.Sequence));
        Assert.Equal(read.Select(next => next.Position).Order(), read.Select(next => next.Position));
    }

    [Fact]
    public async Task ReadLog_KeepsTenantsApart()
    {
        await AppendAsync(Key, 0, Started(1));
        await AppendAsync(new ConversationKey("other", "c1"), 0, Started(1, "other"));

        Assert.Equal("other", Assert.Single(await _store.ReadLogAsync("other", 0, 10, TestContext.Current.CancellationToken)).TenantId);
        Assert.Equal(2, (await _store.ReadLogAsync(null, 0, 10, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task List_WaitingOnesByHowLongTheyWait_PagesWithoutGaps()
    {
        for (var i = 1; i <= 5; i++)
        {
            var waiting = Owned(2, Owner.Waiting, 2);
            waiting.Time = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddMinutes(10 - i));
            await AppendAsync(new ConversationKey("default", $"c{i}"), 0, Started(1), waiting);
        }

        var first = await _store.ListAsync(new ListConversationsQuery("default", Owner.Waiting, "", 3, null), TestContext.Current.CancellationToken);
        var second = await _store.ListAsync(new ListConversationsQuery("default", Owner.Waiting, "", 3, first[^1]), TestContext.Current.CancellationToken);

        Assert.Equal(["c5", "c4", "c3", "c2", "c1"], first.Concat(second).Select(listed => listed.ConversationId));
        Assert.Equal(4, await _store.CountWaitingBeforeAsync(new ConversationKey("default", "c1"), TestContext.Current.CancellationToken));
    }

    private Task AppendAsync(ConversationKey key, long expected, params ConversationEvent[] events)
    {
        foreach (var next in events)
            (next.TenantId, next.ConversationId) = (key.TenantId, key.ConversationId);
        return _store.AppendAsync(key, expected, events, TestContext.Current.CancellationToken);
    }

    private static ConversationEvent At(long sequence, ConversationEvent next)
    {
        next.Sequence = sequence;
        next.OwnerEpoch = 1;
        next.Time ??= Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddHours(1));
        return next;
    }

    private static ConversationEvent Started(long sequence, string customer = "1") => At(sequence, new ConversationEvent { ConversationStarted = new ConversationStarted { CustomerId = customer } });

    private static ConversationEvent Said(long sequence, string id) => At(sequence, new ConversationEvent { CustomerMessage = new CustomerMessage { ClientMessageId = id, Text = "你好" } });

    private static ConversationEvent Owned(long sequence, Owner owner, long epoch) => At(sequence, new ConversationEvent { OwnerChanged = new OwnerChanged { Owner = owner, Epoch = epoch } });
}

public sealed class SqliteEventStoreTests : EventStoreTests
{
    protected override ValueTask<string> ConnectionStringAsync() =>
        ValueTask.FromResult($"Data Source={Path.Combine(Directory.CreateTempSubdirectory("mesh-events-").FullName, "dialog.db")}");
}
