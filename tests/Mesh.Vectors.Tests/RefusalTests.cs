using Grpc.Core;
using Grpc.Health.V1;
using Mesh.Vectors.Rpc;
using Mesh.Vectors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests;

/// <summary>What the service does not let through.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithoutTheApiKey_IsUnauthenticated()
    {
        await using var host = await VectorsHost.StartAsync(settings: ("Vectors:ApiKey", "secret-key"));
        var missing = await Assert.ThrowsAsync<RpcException>(() => host.Client.ListCollectionsAsync(Cancel));
        Assert.Equal((StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token"), (missing.StatusCode, missing.Status.Detail));
        using var wrong = new QdrantClient(host.Address.Host, host.Address.Port, apiKey: "another-key");
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => wrong.ListCollectionsAsync(Cancel))).StatusCode);
        // The answer to an unknown caller does not even say what exists.
        var unsupported = await Assert.ThrowsAsync<RpcException>(async () => await host.Points.FacetAsync(new FacetCounts(), cancellationToken: Cancel));
        Assert.Equal(StatusCode.Unauthenticated, unsupported.StatusCode);

        using var right = new QdrantClient(host.Address.Host, host.Address.Port, apiKey: "secret-key");
        Assert.Empty(await right.ListCollectionsAsync(Cancel));
        var bearer = await host.Collections.ListAsync(new ListCollectionsRequest(), new Metadata { { "authorization", "Bearer secret-key" } }, cancellationToken: Cancel);
        Assert.Empty(bearer.Collections);
        var health = await new Health.HealthClient(host.Channel).CheckAsync(new Grpc.Health.V1.HealthCheckRequest(), cancellationToken: Cancel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Store_NotYetLoaded_IsUnavailableAndNotReady()
    {
        var folder = Directory.CreateTempSubdirectory("mesh-vectors-").FullName;
        var options = Options.Create(new VectorsOptions { DataDirectory = folder });
        using var store = new VectorStore(options, new VectorsDirectory(options, new ConfigurationBuilder().Build(), new HostingEnvironment { ContentRootPath = folder }), TimeProvider.System, NullLogger<VectorStore>.Instance);
        var readiness = new StoreReadiness(store);
        Assert.Equal((HealthStatus.Unhealthy, "loading"), await StateAsync());
        Assert.Equal(StatusCode.Unavailable, Assert.Throws<RpcException>(() => store.Collection("c")).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => store.DeleteAsync("c", Cancel))).StatusCode);

        store.Load(Cancel);

        Assert.Equal((HealthStatus.Healthy, (string?)null), await StateAsync());
        Assert.Equal(StatusCode.NotFound, Assert.Throws<RpcException>(() => store.Collection("c")).StatusCode);
        store.Dispose();
        Directory.Delete(folder, recursive: true);

        async Task<(HealthStatus, string?)> StateAsync()
        {
            var result = await readiness.CheckHealthAsync(new HealthCheckContext(), Cancel);
            return (result.Status, result.Description);
        }
    }

    [Fact]
    public async Task Call_OfAnUnsupportedMethodOrField_IsUnimplementedAndNamesIt()
    {
        await using var host = await VectorsHost.StartAsync();
        await host.Client.CreateCollectionAsync("c", new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel);

        await NamesAsync("`qdrant.Points/SearchMatrixPairs`", () => host.Points.SearchMatrixPairsAsync(new SearchMatrixPoints(), cancellationToken: Cancel));
        await NamesAsync("`qdrant.Collections/CollectionClusterInfo`", () => host.Collections.CollectionClusterInfoAsync(new CollectionClusterInfoRequest(), cancellationToken: Cancel));
        await NamesAsync("`qdrant.Snapshots/Create`", () => new Snapshots.SnapshotsClient(host.Channel).CreateAsync(new CreateSnapshotRequest(), cancellationToken: Cancel));
        await NamesAsync("`query.sample`", () => QueryAsync(q => q.Query = new Query { Sample = Sample.Random }));
        await NamesAsync("`lookup_from`", () => QueryAsync(q => q.LookupFrom = new LookupLocation { CollectionName = "c" }));
        await NamesAsync("`prefetch.lookup_from`", () => QueryAsync(q => q.Prefetch.Add(new PrefetchQuery { LookupFrom = new LookupLocation { CollectionName = "c" } })));
        await NamesAsync("`filter.must.slice`", () => QueryAsync(q => q.Filter = new Filter { Must = { new Condition { Slice = new SliceCondition { Total = 2 } } } }));
        await NamesAsync("`filter.should.nested.filter.must.field.match.phrase`", () => QueryAsync(q => q.Filter = new Filter
        {
            Should = { new Condition { Nested = new NestedCondition { Key = "a", Filter = new Filter { Must = { new Condition { Field = new FieldCondition { Key = "b", Match = new Match { Phrase = "c" } } } } } } } },
        }));
        await NamesAsync("`vectors_config.params_map.map.multivector_config`", () => host.Collections.CreateAsync(new CreateCollection
        {
            CollectionName = "d",
            VectorsConfig = new VectorsConfig { ParamsMap = new VectorParamsMap { Map = { ["m"] = new VectorParams { Size = 2, Distance = Distance.Dot, MultivectorConfig = new MultiVectorConfig() } } } },
        }, cancellationToken: Cancel));
        await NamesAsync("`quantization_config`", () => host.Collections.CreateAsync(new CreateCollection { CollectionName = "d", QuantizationConfig = new QuantizationConfig() }, cancellationToken: Cancel));
        await NamesAsync("MultiDense", () => host.Points.UpsertAsync(new UpsertPoints
        {
            CollectionName = "c",
            Points = { new PointStruct { Id = 1, Vectors = new Qdrant.Client.Grpc.Vectors { Vector = new Vector { MultiDense = new MultiDenseVector() } } } },
        }, cancellationToken: Cancel));

        AsyncUnaryCall<QueryResponse> QueryAsync(Action<QueryPoints> change)
        {
            var query = new QueryPoints { CollectionName = "c" };
            change(query);
            return host.Points.QueryAsync(query, cancellationToken: Cancel);
        }
    }

    [Fact]
    public async Task Call_BeyondALimit_IsInvalidAndNamesFieldAndLimit()
    {
        await using var host = await VectorsHost.StartAsync(settings:
        [
            ("Vectors:MaxVectorSize", "4"), ("Vectors:MaxBatchPoints", "2"), ("Vectors:MaxPayloadBytes", "100"), ("Vectors:MaxNameLength", "10"),
            ("Vectors:MaxQueryLimit", "20"), ("Vectors:MaxPrefetches", "2"), ("Vectors:MaxFilterConditions", "3"), ("Vectors:MaxSparseEntries", "2"), ("Vectors:MaxBatchQueries", "1"),
        ]);
        var sparse = new SparseVectorConfig { Map = { ["s"] = new SparseVectorParams() } };
        await host.Client.CreateCollectionAsync("c", new VectorParams { Size = 2, Distance = Distance.Dot }, sparseVectorsConfig: sparse, cancellationToken: Cancel);

        await InvalidAsync("vectors_config.size: value 5 invalid, must be from 1 to 4", () => host.Client.CreateCollectionAsync("d", new VectorParams { Size = 5, Distance = Distance.Dot }, cancellationToken: Cancel));
        await InvalidAsync("vectors_config.size: value 0", () => host.Client.CreateCollectionAsync("d", new VectorParams { Size = 0, Distance = Distance.Dot }, cancellationToken: Cancel));
        await InvalidAsync("UnknownDistance", () => host.Client.CreateCollectionAsync("d", new VectorParams { Size = 2 }, cancellationToken: Cancel));
        await InvalidAsync("collection_name: has 11 characters, must be from 1 to 10", () => host.Client.CreateCollectionAsync(new string('n', 11), new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel));
        await InvalidAsync("collection_name: cannot contain character U+002F", () => host.Client.CreateCollectionAsync("../x", new VectorParams { Size = 2, Distance = Distance.Dot }, cancellationToken: Cancel));
        await InvalidAsync("alias_name: has 0 characters", async () => await host.Collections.UpdateAliasesAsync(
            new ChangeAliases { Actions = { new AliasOperations { CreateAlias = new CreateAlias { CollectionName = "c" } } } }, cancellationToken: Cancel));
        await InvalidAsync("points: 3 points, at most 2", () => UpsertAsync(Point(1), Point(2), Point(3)));
        var heavy = Point(1);
        heavy.Payload["text"] = new string('x', 200);
        await InvalidAsync("points.payload: ", () => UpsertAsync(heavy));
        await InvalidAsync("indices: 3 entries, at most 2", () => UpsertAsync(new PointStruct { Id = 1, Vectors = new Dictionary<string, Vector> { ["s"] = new (float, uint)[] { (1f, 1u), (1f, 2u), (1f, 3u) } } }));
        await InvalidAsync("not finite", () => UpsertAsync(new PointStruct { Id = 1, Vectors = new[] { float.NaN, 1 } }));
        await InvalidAsync("id: is required", () => UpsertAsync(new PointStruct { Vectors = new float[] { 1, 2 } }));
        await InvalidAsync("limit: limit 21 and offset 0, together at most 20", () => host.Client.QueryAsync("c", limit: 21, cancellationToken: Cancel));
        await InvalidAsync("limit: limit 10 and offset 18446744073709551615", () => host.Client.QueryAsync("c", limit: 10, offset: ulong.MaxValue, cancellationToken: Cancel));
        await InvalidAsync("limit: value 21 invalid", () => host.Client.ScrollAsync("c", limit: 21, cancellationToken: Cancel));
        await InvalidAsync("prefetch: more than 2", () => host.Client.QueryAsync("c", query: Fusion.Rrf, prefetch: [new(), new(), new()], cancellationToken: Cancel));
        await InvalidAsync("more than 3 conditions and values", () => host.Client.CountAsync("c", Conditions.Match("k", [1L, 2, 3]), cancellationToken: Cancel));
        await InvalidAsync("Not existing vector name error: nope", () => UpsertAsync(new PointStruct { Id = 1, Vectors = new Dictionary<string, Vector> { ["nope"] = new float[] { 1, 2 } } }));
        await InvalidAsync("query_points: 2 queries, at most 1", () => host.Client.QueryBatchAsync("c", [new(), new()], cancellationToken: Cancel));

        // Nothing of all that was written.
        Assert.Equal(0UL, await host.Client.CountAsync("c", cancellationToken: Cancel));
        Assert.Equal(["c"], await host.Client.ListCollectionsAsync(Cancel));

        Task UpsertAsync(params PointStruct[] points) => host.Client.UpsertAsync("c", points, cancellationToken: Cancel);
        static PointStruct Point(ulong id) => new() { Id = id, Vectors = new float[] { 1, 2 } };
    }

    [Theory]
    [InlineData("Vectors:MaxQueryLimit", "0")]
    [InlineData("Vectors:MaxNameLength", "300")]
    [InlineData("Vectors:ApiKey", "short")]
    public async Task Start_WithAWrongOption_NamesIt(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => VectorsHost.StartAsync(settings: (key, value)));
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SupportedFields_EveryName_IsAFieldOfItsMessage()
    {
        foreach (var (message, fields) in SupportedFields.Known)
            Assert.Empty(fields.Except(message.Fields.InDeclarationOrder().Select(f => f.Name).Append("wait").Append("ordering").Append("timeout").Append("read_consistency")));
    }

    private static async Task NamesAsync<T>(string name, Func<AsyncUnaryCall<T>> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains(name, failure.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task InvalidAsync(string text, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains(text, failure.Status.Detail, StringComparison.Ordinal);
    }
}
