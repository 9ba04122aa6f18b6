using Grpc.Core;
using Mesh.Retrieval.Search;
using Mesh.ServiceDefaults.Errors;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace Mesh.Retrieval.Snapshots;

/// <summary>A chunk's vectors, as the embedding service gave them or as the store kept them.</summary>
internal sealed record ChunkVectors(IReadOnlyList<float> Dense, IReadOnlyList<uint> Terms, IReadOnlyList<float> Weights);

/// <summary>What is stored beside a chunk's vectors, to filter by.</summary>
internal sealed record ChunkPayload(string DocumentId, string Language, IReadOnlyDictionary<string, string> Labels, long ValidFrom, long ValidUntil);

/// <summary>Which passages may be found.</summary>
/// <param name="Now">Unix milliseconds; a passage must be valid then.</param>
internal sealed record PassageFilter(IReadOnlyDictionary<string, string> Labels, long Now);

/// <summary>The vector store as snapshots use it: a collection for each, with a named dense and a sparse vector, and an alias for the live one.</summary>
internal sealed class VectorCollections(QdrantClient client)
{
    private const string Dense = "dense";
    private const string Sparse = "sparse";
    private const int Batch = 256;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static string AliasOf(string tenant) => $"kb_{tenant}_live";

    public Task CreateAsync(string collection, int dimension, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await client.CreateCollectionAsync(collection,
            new VectorParamsMap { Map = { [Dense] = new VectorParams { Size = (ulong)dimension, Distance = Distance.Cosine } } },
            sparseVectorsConfig: new SparseVectorConfig { Map = { [Sparse] = new SparseVectorParams { Modifier = Modifier.Idf } } }, cancellationToken: cancellationToken);
        await client.CreatePayloadIndexAsync(collection, "labels", PayloadSchemaType.Keyword, cancellationToken: cancellationToken);
        await client.CreatePayloadIndexAsync(collection, "valid_from", PayloadSchemaType.Integer, cancellationToken: cancellationToken);
        await client.CreatePayloadIndexAsync(collection, "valid_until", PayloadSchemaType.Integer, cancellationToken: cancellationToken);
        return true;
    });

    public Task UpsertAsync(string collection, IReadOnlyList<(string ChunkId, ChunkVectors Vectors, ChunkPayload Payload)> chunks, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        foreach (var batch in chunks.Chunk(Batch))
            await client.UpsertAsync(collection, [.. batch.Select(ToPoint)], cancellationToken: cancellationToken);
        return true;
    });

    /// <summary>Vectors of chunks, by chunk id; a chunk that the collection lacks is left out.</summary>
    public Task<Dictionary<string, ChunkVectors>> VectorsAsync(string collection, IReadOnlyCollection<string> chunkIds, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var result = new Dictionary<string, ChunkVectors>();
        foreach (var batch in chunkIds.Chunk(Batch))
        {
            var points = await client.RetrieveAsync(collection, [.. batch.Select(id => new PointId { Uuid = ToUuid(id) })], withPayload: false, withVectors: true, cancellationToken: cancellationToken);
            foreach (var point in points)
            {
                var vectors = point.Vectors.Vectors.Vectors;
                if (vectors.TryGetValue(Dense, out var dense) && vectors.TryGetValue(Sparse, out var sparse))
                    result[ToChunkId(point.Id)] = new ChunkVectors([.. dense.Dense.Data], [.. sparse.Sparse.Indices], [.. sparse.Sparse.Values]);
            }
        }
        return result;
    });

    public Task<long> CountAsync(string collection, CancellationToken cancellationToken) =>
        CallAsync(async () => (long)await client.CountAsync(collection, exact: true, cancellationToken: cancellationToken));

    public Task<bool> ExistsAsync(string collection, CancellationToken cancellationToken) => CallAsync(() => client.CollectionExistsAsync(collection, cancellationToken));

    /// <summary>Points the tenant's alias at a collection in one step, whether or not it pointed elsewhere.</summary>
    public Task PointAliasAsync(string tenant, string collection, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var alias = AliasOf(tenant);
        var steps = new List<AliasOperations>();
        if ((await client.ListAliasesAsync(cancellationToken)).Any(existing => existing.AliasName == alias))
            steps.Add(new AliasOperations { DeleteAlias = new DeleteAlias { AliasName = alias } });
        steps.Add(new AliasOperations { CreateAlias = new CreateAlias { AliasName = alias, CollectionName = collection } });
        await client.UpdateAliasesAsync(steps, cancellationToken: cancellationToken);
        return true;
    });

    public Task DeleteAsync(string collection, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        if (await client.CollectionExistsAsync(collection, cancellationToken))
            await client.DeleteCollectionAsync(collection, cancellationToken: cancellationToken);
        return true;
    });

    /// <summary>The best passages by each vector, asked in one call; a side without a vector has none.</summary>
    public Task<(List<Scored> Dense, List<Scored> Sparse)> SearchAsync(string collection, ChunkVectors query, PassageFilter filter, int limit, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            var condition = ToFilter(filter);
            var queries = new List<QueryPoints>();
            var hasDense = query.Dense.Any(value => value != 0);
            if (hasDense)
                queries.Add(Ask(Dense, new VectorInput { Dense = new DenseVector { Data = { query.Dense } } }));
            if (query.Terms.Count > 0)
                queries.Add(Ask(Sparse, new VectorInput { Sparse = new SparseVector { Indices = { query.Terms }, Values = { query.Weights } } }));
            if (queries.Count == 0)
                return ([], []);
            var results = await client.QueryBatchAsync(collection, queries, cancellationToken: cancellationToken);
            return (hasDense ? ToScored(results[0]) : [], query.Terms.Count > 0 ? ToScored(results[^1]) : []);

            QueryPoints Ask(string vector, VectorInput input) => new()
            {
                CollectionName = collection,
                Query = new Query { Nearest = input },
                Using = vector,
                Filter = condition,
                Limit = (ulong)limit,
                WithPayload = false,
            };
        });

    private static List<Scored> ToScored(BatchResult result) => [.. result.Result.Select(point => new Scored(ToChunkId(point.Id), point.Score))];

    private static PointStruct ToPoint((string ChunkId, ChunkVectors Vectors, ChunkPayload Payload) chunk)
    {
        var (id, vectors, payload) = chunk;
        var point = new PointStruct
        {
            Id = new PointId { Uuid = ToUuid(id) },
            Vectors = new Vectors
            {
                Vectors_ = new NamedVectors
                {
                    Vectors =
                    {
                        [Dense] = new Vector { Dense = new DenseVector { Data = { vectors.Dense } } },
                        [Sparse] = new Vector { Sparse = new SparseVector { Indices = { vectors.Terms }, Values = { vectors.Weights } } },
                    },
                },
            },
        };
        point.Payload["document_id"] = payload.DocumentId;
        point.Payload["language"] = payload.Language;
        point.Payload["valid_from"] = payload.ValidFrom;
        point.Payload["valid_until"] = payload.ValidUntil;
        point.Payload["labels"] = payload.Labels.SelectMany(label => ValuesOf(label.Value).Select(value => $"{label.Key}={value}")).Distinct().ToArray();
        return point;
    }

    /// <summary>A label that lists several values ("X20, K5") is found by each of them, and by the whole.</summary>
    private static IEnumerable<string> ValuesOf(string value) => [value, .. value.Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static Filter ToFilter(PassageFilter filter)
    {
        var result = new Filter();
        result.Must.Add(Conditions.Range("valid_from", new Qdrant.Client.Grpc.Range { Lte = filter.Now }));
        result.Must.Add(Conditions.Range("valid_until", new Qdrant.Client.Grpc.Range { Gt = filter.Now }));
        foreach (var (key, value) in filter.Labels)
            result.Must.Add(Conditions.MatchKeyword("labels", $"{key}={value}"));
        return result;
    }

    private static string ToUuid(string chunkId) => Guid.ParseExact(chunkId, "N").ToString("D");

    private static string ToChunkId(PointId id) => Guid.Parse(id.Uuid).ToString("N");

    /// <summary>A store that does not answer, or has lost a collection, is a dependency that is down and no error of the caller.</summary>
    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.NotFound)
        {
            throw new DependencyUnavailableException("vectors", RetryAfter, error);
        }
    }
}
