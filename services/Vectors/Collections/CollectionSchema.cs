using Mesh.Vectors.Rpc;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Collections;

/// <summary>A dense vector of a collection; the unnamed one is the empty string.</summary>
internal sealed record DenseSpec(string Name, int Size, Distance Distance)
{
    /// <summary>Whether a score is a distance, so that the smallest is the best.</summary>
    public bool SmallestIsBest => Distance is Distance.Euclid or Distance.Manhattan;
}

/// <param name="Idf">Query weights are multiplied by the inverse document frequency within the collection.</param>
internal sealed record SparseSpec(string Name, bool Idf);

/// <summary>The vectors of a collection, and its configuration as clients see it.</summary>
internal sealed class CollectionSchema
{
    private CollectionSchema(CollectionConfig config)
    {
        Config = config;
        var parameters = config.Params;
        Dense = parameters.VectorsConfig?.ConfigCase switch
        {
            VectorsConfig.ConfigOneofCase.Params => new Dictionary<string, DenseSpec> { [""] = DenseOf("", parameters.VectorsConfig.Params) },
            VectorsConfig.ConfigOneofCase.ParamsMap => parameters.VectorsConfig.ParamsMap.Map.ToDictionary(e => e.Key, e => DenseOf(e.Key, e.Value)),
            _ => [],
        };
        Sparse = parameters.SparseVectorsConfig?.Map.ToDictionary(e => e.Key, e => new SparseSpec(e.Key, e.Value.Modifier == Modifier.Idf)) ?? [];
    }

    public CollectionConfig Config { get; }

    public IReadOnlyDictionary<string, DenseSpec> Dense { get; }

    public IReadOnlyDictionary<string, SparseSpec> Sparse { get; }

    public static CollectionSchema FromStored(CollectionConfig config) => new(config);

    /// <exception cref="Grpc.Core.RpcException">InvalidArgument or Unimplemented, naming the field.</exception>
    public static CollectionSchema FromRequest(CreateCollection request, VectorsOptions limits)
    {
        CheckName("collection_name", request.CollectionName, limits);
        if (request.HasShardingMethod && request.ShardingMethod != ShardingMethod.Auto)
            throw QdrantError.Unsupported($"`sharding_method` {request.ShardingMethod}");

        var config = new CollectionConfig
        {
            Params = new CollectionParams
            {
                ShardNumber = 1,
                ReplicationFactor = 1,
                WriteConsistencyFactor = 1,
                VectorsConfig = request.VectorsConfig ?? new VectorsConfig { ParamsMap = new VectorParamsMap() },
                SparseVectorsConfig = request.SparseVectorsConfig,
            },
            // m = 0 is Qdrant's word for "no graph": every search here is an exact scan.
            HnswConfig = new HnswConfigDiff { M = 0, EfConstruct = 100, FullScanThreshold = 10_000 },
            OptimizerConfig = request.OptimizersConfig ?? new OptimizersConfigDiff(),
            WalConfig = request.WalConfig ?? new WalConfigDiff(),
        };
        config.Metadata.Add(request.Metadata);

        var schema = new CollectionSchema(config);
        foreach (var (name, vector) in schema.Dense)
        {
            if (request.VectorsConfig?.ConfigCase == VectorsConfig.ConfigOneofCase.ParamsMap) CheckName("vectors_config", name, limits);
            if (vector.Size < 1 || vector.Size > limits.MaxVectorSize)
                throw QdrantError.Invalid("vectors_config.size", $"value {vector.Size} invalid, must be from 1 to {limits.MaxVectorSize}");
            if (vector.Distance is not (Distance.Cosine or Distance.Dot or Distance.Euclid or Distance.Manhattan))
                throw QdrantError.Invalid("vectors_config.distance", $"{vector.Distance} is not a distance");
        }
        foreach (var (name, _) in schema.Sparse)
        {
            CheckName("sparse_vectors_config", name, limits);
            if (schema.Dense.ContainsKey(name)) throw QdrantError.WrongInput($"vector name `{name}` is used by a dense and a sparse vector");
        }
        foreach (var dense in DenseParams(config))
        {
            if (dense.HasDatatype && dense.Datatype is not (Datatype.Default or Datatype.Float32))
                throw QdrantError.Unsupported($"`vectors_config.datatype` {dense.Datatype}");
        }
        foreach (var sparse in schema.Config.Params.SparseVectorsConfig?.Map.Values.Select(p => p.Index).OfType<SparseIndexConfig>() ?? [])
        {
            if (sparse.HasDatatype && sparse.Datatype is not (Datatype.Default or Datatype.Float32))
                throw QdrantError.Unsupported($"`sparse_vectors_config.index.datatype` {sparse.Datatype}");
        }
        return schema;
    }

    /// <summary>Refuses names that Qdrant refuses: empty, too long, or with a character that file systems reserve.</summary>
    public static void CheckName(string field, string name, VectorsOptions limits)
    {
        if (name.Length == 0 || name.Length > limits.MaxNameLength)
            throw QdrantError.Invalid(field, $"has {name.Length} characters, must be from 1 to {limits.MaxNameLength}");
        if (name.AsSpan().IndexOfAny(ReservedCharacters) is var at and >= 0)
            throw QdrantError.Invalid(field, $"cannot contain character U+{(int)name[at]:X4}");
    }

    private static readonly System.Buffers.SearchValues<char> ReservedCharacters = System.Buffers.SearchValues.Create("<>:\"/\\|?*\0\u001f");

    private static DenseSpec DenseOf(string name, VectorParams parameters) =>
        new(name, (int)Math.Min(parameters.Size, int.MaxValue), parameters.Distance);

    private static IEnumerable<VectorParams> DenseParams(CollectionConfig config) => config.Params.VectorsConfig.ConfigCase switch
    {
        VectorsConfig.ConfigOneofCase.Params => [config.Params.VectorsConfig.Params],
        VectorsConfig.ConfigOneofCase.ParamsMap => config.Params.VectorsConfig.ParamsMap.Map.Values,
        _ => [],
    };
}
