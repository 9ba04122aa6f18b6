using Grpc.Core;
using Qdrant.Client;
using Qdrant.Client.Grpc;
using static Qdrant.Client.Grpc.Conditions;

namespace Mesh.Vectors.Tests;

/// <summary>What a service does through the official client.</summary>
public sealed class QdrantClientTests
{
    private const string Documents = "documents";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upsert_Points_AreFoundByVectorPayloadAndId()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);

        var hits = await host.Client.QueryAsync(Documents, query: new[] { 1f, 0, 0 }, usingVector: "dense", limit: 2, payloadSelector: true, vectorsSelector: true, cancellationToken: Cancel);
        Assert.Equal([1UL, 3UL], hits.Select(h => h.Id.Num));
        Assert.Equal(1f, hits[0].Score, 6);
        Assert.Equal("退货", hits[0].Payload["title"].StringValue);
        Assert.Equal([1f, 0, 0], hits[0].Vectors.Vectors.Vectors["dense"].Dense.Data);

        var filtered = await host.Client.QueryAsync(Documents, query: new[] { 1f, 0, 0 }, usingVector: "dense", filter: MatchKeyword("lang", "en"), payloadSelector: false, cancellationToken: Cancel);
        Assert.Equal([3UL, 4UL], filtered.Select(h => h.Id.Num));
        Assert.Empty(filtered[0].Payload);

        Assert.Equal(2UL, await host.Client.CountAsync(Documents, MatchKeyword("lang", "zh"), cancellationToken: Cancel));
        var got = await host.Client.RetrieveAsync(Documents, [4UL, 1UL, 99UL], withPayload: true, withVectors: false, cancellationToken: Cancel);
        Assert.Equal([4UL, 1UL], got.Select(p => p.Id.Num));
    }

    [Fact]
    public async Task Query_DenseAndSparsePrefetch_AreFusedByReciprocalRank()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);

        var hits = await host.Client.QueryAsync(Documents,
            prefetch:
            [
                new() { Query = new float[] { 1, 0, 0 }, Using = "dense", Limit = 3 },
                new() { Query = new (float, uint)[] { (1f, 7u), (1f, 8u) }, Using = "text", Limit = 3 },
            ],
            query: Fusion.Rrf, limit: 3, cancellationToken: Cancel);

        // dense: 1, 3, 2 (id breaks the tie with 4); sparse: 2, 1. k = 2: 1/2 + 1/3, 1/4 + 1/2, 1/3.
        Assert.Equal([1UL, 2UL, 3UL], hits.Select(h => h.Id.Num));
        Assert.Equal([0.83333f, 0.75f, 0.33333f], hits.Select(h => MathF.Round(h.Score, 5)));
    }

    [Fact]
    public async Task Query_SparseWithIdf_WeighsRareIndicesMore()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);

        var hits = await host.Client.QueryAsync(Documents, query: new (float, uint)[] { (1f, 7u), (1f, 8u) }, usingVector: "text", cancellationToken: Cancel);

        // Three documents have the vector; index 7 is in two of them, index 8 in one.
        Assert.Equal([2UL, 1UL], hits.Select(h => h.Id.Num));
        Assert.Equal(Math.Log((1.5 / 2.5) + 1) + Math.Log((2.5 / 1.5) + 1), hits[0].Score, 5);
        Assert.Equal(Math.Log((1.5 / 2.5) + 1), hits[1].Score, 5);
    }

    [Fact]
    public async Task Scroll_PageByPage_ReturnsEveryPointOnceInOrder()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);
        var uuid = Guid.Parse("00000000-0000-0000-0000-0000000000aa");
        await host.Client.UpsertAsync(Documents, [new PointStruct { Id = uuid, Vectors = new Dictionary<string, Vector>() }], cancellationToken: Cancel);

        var ids = new List<string>();
        PointId? offset = null;
        do
        {
            var page = await host.Client.ScrollAsync(Documents, limit: 2, offset: offset, cancellationToken: Cancel);
            ids.AddRange(page.Result.Select(p => p.Id.HasNum ? $"{p.Id.Num}" : p.Id.Uuid));
            offset = page.NextPageOffset;
        }
        while (offset is not null);

        Assert.Equal(["1", "2", "3", "4", uuid.ToString()], ids);
    }

    [Fact]
    public async Task UpdateAliases_DeleteAndCreate_SwitchAtOnce()
    {
        await using var host = await VectorsHost.StartAsync();
        foreach (var name in new[] { "kb-1", "kb-2" }) await host.Client.CreateCollectionAsync(name, new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel);
        await host.Client.UpsertAsync("kb-2", [new PointStruct { Id = 1, Vectors = new float[] { 1, 2 } }], cancellationToken: Cancel);
        await host.Client.CreateAliasAsync("live", "kb-1", cancellationToken: Cancel);
        Assert.Equal(0UL, await host.Client.CountAsync("live", cancellationToken: Cancel));

        await host.Client.UpdateAliasesAsync(
            [new AliasOperations { DeleteAlias = new DeleteAlias { AliasName = "live" } }, new AliasOperations { CreateAlias = new CreateAlias { AliasName = "live", CollectionName = "kb-2" } }],
            cancellationToken: Cancel);

        Assert.Equal(1UL, await host.Client.CountAsync("live", cancellationToken: Cancel));
        Assert.Equal(["live"], await host.Client.ListCollectionAliasesAsync("kb-2", cancellationToken: Cancel));
        Assert.Empty(await host.Client.ListCollectionAliasesAsync("kb-1", cancellationToken: Cancel));
        Assert.True(await host.Client.CollectionExistsAsync("live", cancellationToken: Cancel));

        // One bad action of several: none is applied.
        var failed = await Assert.ThrowsAsync<RpcException>(() => host.Client.UpdateAliasesAsync(
            [new AliasOperations { DeleteAlias = new DeleteAlias { AliasName = "live" } }, new AliasOperations { CreateAlias = new CreateAlias { AliasName = "live", CollectionName = "none" } }],
            cancellationToken: Cancel));
        Assert.Equal((StatusCode.NotFound, "Not found: Collection `none` doesn't exist!"), (failed.StatusCode, failed.Status.Detail));
        Assert.Equal(1UL, await host.Client.CountAsync("live", cancellationToken: Cancel));
    }

    [Fact]
    public async Task Restart_AfterWrites_EverythingIsThere()
    {
        var folder = Directory.CreateTempSubdirectory("mesh-vectors-").FullName;
        try
        {
            await using (var first = await VectorsHost.StartAsync(folder))
            {
                await CreateDocumentsAsync(first.Client);
                await first.Client.CreateAliasAsync("live", Documents, cancellationToken: Cancel);
                await first.Client.CreatePayloadIndexAsync(Documents, "lang", PayloadSchemaType.Keyword, cancellationToken: Cancel);
                await first.Client.DeleteAsync(Documents, [4UL], cancellationToken: Cancel);
            }
            await using var second = await VectorsHost.StartAsync(folder);
            var hits = await second.Client.QueryAsync("live", query: new[] { 1f, 0, 0 }, usingVector: "dense", payloadSelector: true, cancellationToken: Cancel);
            Assert.Equal([1UL, 3UL, 2UL], hits.Select(h => h.Id.Num));
            Assert.Equal("退货", hits[0].Payload["title"].StringValue);
            var sparse = await second.Client.QueryAsync("live", query: new (float, uint)[] { (1f, 8u) }, usingVector: "text", cancellationToken: Cancel);
            Assert.Equal([2UL], sparse.Select(h => h.Id.Num));
            var info = await second.Client.GetCollectionInfoAsync(Documents, cancellationToken: Cancel);
            Assert.Equal((3UL, CollectionStatus.Green), (info.PointsCount, info.Status));
            Assert.Equal((PayloadSchemaType.Keyword, 3UL), (info.PayloadSchema["lang"].DataType, info.PayloadSchema["lang"].Points));
            var next = await second.Client.UpsertAsync(Documents, [new PointStruct { Id = 9, Vectors = new Dictionary<string, Vector>() }], cancellationToken: Cancel);
            Assert.Equal(4UL, next.OperationId);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Collections_CreateListDelete_AnswerAsQdrant()
    {
        await using var host = await VectorsHost.StartAsync();
        var size3 = new VectorParams { Size = 3, Distance = Distance.Cosine };
        await host.Client.CreateCollectionAsync("b", size3, cancellationToken: Cancel);
        await host.Client.CreateCollectionAsync("a", size3, cancellationToken: Cancel);
        Assert.Equal(["a", "b"], await host.Client.ListCollectionsAsync(Cancel));

        var again = await Assert.ThrowsAsync<RpcException>(() => host.Client.CreateCollectionAsync("a", size3, cancellationToken: Cancel));
        Assert.Equal((StatusCode.AlreadyExists, "Wrong input: Collection `a` already exists!"), (again.StatusCode, again.Status.Detail));
        await host.Client.DeleteCollectionAsync("a", cancellationToken: Cancel);
        var gone = await Assert.ThrowsAsync<RpcException>(() => host.Client.CountAsync("a", cancellationToken: Cancel));
        Assert.Equal((StatusCode.NotFound, "Not found: Collection `a` doesn't exist!"), (gone.StatusCode, gone.Status.Detail));
        await Assert.ThrowsAsync<QdrantException>(() => host.Client.DeleteCollectionAsync("a", cancellationToken: Cancel));

        // The name is free again, and nothing of the old one is left.
        await host.Client.CreateCollectionAsync("a", size3, cancellationToken: Cancel);
        Assert.Equal(0UL, await host.Client.CountAsync("a", cancellationToken: Cancel));
        Assert.Equal("1.20.0", (await host.Client.HealthAsync(Cancel)).Version);
    }

    [Fact]
    public async Task DeleteCollection_WithAnAlias_RemovesBoth()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);
        await host.Client.CreateAliasAsync("live", Documents, cancellationToken: Cancel);
        var taken = await Assert.ThrowsAsync<RpcException>(() => host.Client.CreateCollectionAsync("live", new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel));
        Assert.Equal((StatusCode.InvalidArgument, "Wrong input: Can't create collection with name live. Alias with the same name already exists"), (taken.StatusCode, taken.Status.Detail));
        var shadow = await Assert.ThrowsAsync<RpcException>(() => host.Client.CreateAliasAsync(Documents, Documents, cancellationToken: Cancel));
        Assert.Equal(StatusCode.InvalidArgument, shadow.StatusCode);
        await host.Client.RenameAliasAsync("live", "current", cancellationToken: Cancel);
        var renamed = Assert.Single(await host.Client.ListAliasesAsync(Cancel));
        Assert.Equal(("current", Documents), (renamed.AliasName, renamed.CollectionName));

        // An alias is no collection to delete.
        await Assert.ThrowsAsync<QdrantException>(() => host.Client.DeleteCollectionAsync("current", cancellationToken: Cancel));
        await host.Client.DeleteCollectionAsync(Documents, cancellationToken: Cancel);

        Assert.Empty(await host.Client.ListAliasesAsync(Cancel));
        Assert.False(await host.Client.CollectionExistsAsync("current", cancellationToken: Cancel));
    }

    [Fact]
    public async Task Upsert_OfALargeBatch_FitsOneRequest()
    {
        const int Points = 10_000, Size = 768;
        await using var host = await VectorsHost.StartAsync();
        await host.Client.CreateCollectionAsync("large", new VectorParams { Size = Size, Distance = Distance.Dot }, cancellationToken: Cancel);
        var vector = Enumerable.Range(0, Size).Select(i => (float)i).ToArray();

        // 31 MB: more than a web server takes by default.
        await host.Client.UpsertAsync("large", [.. Enumerable.Range(0, Points).Select(i => new PointStruct { Id = (ulong)i, Vectors = vector })], cancellationToken: Cancel);

        Assert.Equal((ulong)Points, await host.Client.CountAsync("large", cancellationToken: Cancel));
    }

    [Fact]
    public async Task QueryBatch_OfSeveralQueries_AnswersEachInOrder()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);
        var answers = await host.Client.QueryBatchAsync(Documents,
        [
            new QueryPoints { CollectionName = Documents, Query = new float[] { 0, 0, 1 }, Using = "dense", Limit = 1 },
            new QueryPoints { CollectionName = Documents, Query = 1UL, Using = "dense", Limit = 1 },
            new QueryPoints { CollectionName = Documents, Limit = 3, Offset = 2 },
        ], cancellationToken: Cancel);
        Assert.Equal(["4", "3", "3,4"], answers.Select(a => string.Join(',', a.Result.Select(p => p.Id.Num))));
    }

    [Fact]
    public async Task DeleteByFilter_WithAndWithoutIndex_RemovesWhatMatches()
    {
        await using var host = await VectorsHost.StartAsync();
        await CreateDocumentsAsync(host.Client);
        await host.Client.CreatePayloadIndexAsync(Documents, "lang", PayloadSchemaType.Keyword, cancellationToken: Cancel);
        await host.Client.DeleteAsync(Documents, MatchKeyword("lang", "zh"), cancellationToken: Cancel);
        Assert.Equal(0UL, await host.Client.CountAsync(Documents, MatchKeyword("lang", "zh"), cancellationToken: Cancel));
        Assert.Equal(2UL, await host.Client.CountAsync(Documents, MatchKeyword("lang", "en"), cancellationToken: Cancel));
        await host.Client.DeletePayloadIndexAsync(Documents, "lang", cancellationToken: Cancel);
        await host.Client.DeleteAsync(Documents, MatchKeyword("title", "invoice"), cancellationToken: Cancel);
        Assert.Equal(1UL, await host.Client.CountAsync(Documents, MatchKeyword("lang", "en"), cancellationToken: Cancel));
        var hits = await host.Client.QueryAsync(Documents, query: new (float, uint)[] { (1f, 7u), (1f, 9u) }, usingVector: "text", cancellationToken: Cancel);
        Assert.Equal([3UL], hits.Select(h => h.Id.Num));
    }

    private static async Task CreateDocumentsAsync(QdrantClient client)
    {
        await client.CreateCollectionAsync(Documents,
            new VectorParamsMap { Map = { ["dense"] = new VectorParams { Size = 3, Distance = Distance.Cosine } } },
            sparseVectorsConfig: new SparseVectorConfig { Map = { ["text"] = new SparseVectorParams { Modifier = Modifier.Idf } } }, cancellationToken: Cancel);
        await client.UpsertAsync(Documents,
        [
            Document(1, "zh", "退货", [2, 0, 0], [(1f, 7u)]),
            Document(2, "zh", "发票", [0, 1, 0], [(1f, 7u), (1f, 8u)]),
            Document(3, "en", "returns", [1, 1, 0], [(1f, 9u)]),
            Document(4, "en", "invoice", [0, 0, 1], null),
        ], cancellationToken: Cancel);
    }

    private static PointStruct Document(ulong id, string lang, string title, float[] dense, (float, uint)[]? sparse)
    {
        var vectors = new Dictionary<string, Vector> { ["dense"] = dense };
        if (sparse is not null) vectors["text"] = sparse;
        return new PointStruct { Id = id, Vectors = vectors, Payload = { ["lang"] = lang, ["title"] = title } };
    }
}
