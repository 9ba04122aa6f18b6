using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests;

public sealed class ConcurrencyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_DuringUpserts_SeesEachUpsertWholeOrNotAtAll()
    {
        const int Points = 50, Rounds = 100, Readers = 3;
        await using var host = await VectorsHost.StartAsync();
        await host.Client.CreateCollectionAsync("c", new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel);
        await WriteRoundAsync(0);

        var done = false;
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(async () =>
        {
            long last = 0, reads = 0;
            while (!Volatile.Read(ref done))
            {
                var rounds = reader == 0
                    ? (await host.Points.QueryAsync(new QueryPoints { CollectionName = "c", Query = new float[] { 1, 0 }, Limit = Points, WithPayload = true }, cancellationToken: Cancel))
                        .Result.Select(p => (p.Payload["round"].IntegerValue, (long)p.Score)).ToArray()
                    : (await host.Points.ScrollAsync(new ScrollPoints { CollectionName = "c", Limit = Points, WithVectors = true }, cancellationToken: Cancel))
                        .Result.Select(p => (p.Payload["round"].IntegerValue, (long)p.Vectors.Vector.Dense.Data[0])).ToArray();
                Assert.Equal(Points, rounds.Length);
                var round = Assert.Single(rounds.Distinct());
                Assert.Equal(round.Item1, round.Item2);
                Assert.True(round.Item1 >= last, "an older round after a newer one");
                last = round.Item1;
                reads++;
            }
            return reads;
        }, Cancel)).ToArray();
        for (var round = 1; round <= Rounds; round++) await WriteRoundAsync(round);
        Volatile.Write(ref done, true);

        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));

        Task WriteRoundAsync(int round) => host.Client.UpsertAsync("c",
            [.. Enumerable.Range(0, Points).Select(i => new PointStruct { Id = (ulong)i, Vectors = new float[] { round, i }, Payload = { ["round"] = round } })], cancellationToken: Cancel);
    }

    [Fact]
    public async Task UpdateAliases_DuringReads_NeverLeavesTheAliasMissing()
    {
        await using var host = await VectorsHost.StartAsync();
        foreach (var name in new[] { "a", "b" }) await host.Client.CreateCollectionAsync(name, new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel);
        await host.Client.CreateAliasAsync("live", "a", cancellationToken: Cancel);

        var done = false;
        var reader = Task.Run(async () =>
        {
            var reads = 0;
            for (; !Volatile.Read(ref done); reads++) await host.Client.CountAsync("live", cancellationToken: Cancel);
            return reads;
        }, Cancel);
        for (var round = 0; round < 100; round++)
        {
            await host.Client.UpdateAliasesAsync(
                [new AliasOperations { DeleteAlias = new DeleteAlias { AliasName = "live" } }, new AliasOperations { CreateAlias = new CreateAlias { AliasName = "live", CollectionName = round % 2 == 0 ? "b" : "a" } }],
                cancellationToken: Cancel);
        }
        Volatile.Write(ref done, true);

        Assert.True(await reader > 0);
    }
}
