using Google.Protobuf.Collections;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Filters;
using Mesh.Vectors.Points;
using Mesh.Vectors.Rpc;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Search;

/// <summary>How a stage of a query scores its points.</summary>
internal abstract record Scoring
{
    /// <summary>All points by id, score 1.</summary>
    public sealed record ById : Scoring;

    /// <param name="Vector">As stored, so normalised for cosine.</param>
    /// <param name="Except">The point that was given as the query; it is not a result.</param>
    public sealed record Dense(string Name, float[] Vector, PointKey? Except) : Scoring;

    /// <param name="Corpus">Where document frequencies are counted; null is the whole collection.</param>
    public sealed record Sparse(string Name, SparseEntries Vector, PayloadFilter? Corpus, PointKey? Except) : Scoring;

    /// <summary>Reciprocal rank fusion: sum over the prefetches of 1 / ((rank + 1) / weight + K - 1), rank from 0.</summary>
    /// <param name="Weights">One per prefetch; null is 1 for each, so 1 / (K + rank).</param>
    public sealed record ReciprocalRank(uint K, IReadOnlyList<float>? Weights) : Scoring;
}

/// <summary>One stage of a query, checked: its prefetches feed its scoring.</summary>
internal sealed record QueryPlan(IReadOnlyList<QueryPlan> Prefetches, Scoring Scoring, PayloadFilter? Filter, float? Threshold, int Offset, int Limit)
{
    /// <summary>Qdrant's default: a first place counts 1/2.</summary>
    public const uint DefaultRankConstant = 2;

    private const ulong DefaultLimit = 10;

    /// <exception cref="Grpc.Core.RpcException">InvalidArgument, NotFound or Unimplemented, naming the field.</exception>
    public static QueryPlan From(QueryPoints query, CollectionData data, VectorsOptions limits)
    {
        var prefetches = 0;
        return Stage(query.Prefetch, query.Query, query.Using, query.Filter, query.Params, query.HasScoreThreshold ? query.ScoreThreshold : null,
            query.HasLimit ? query.Limit : DefaultLimit, query.Offset, data, limits, ref prefetches);
    }

    private static QueryPlan Stage(RepeatedField<PrefetchQuery> prefetch, Query? query, string vectorName, Filter? filter, SearchParams? parameters,
        float? threshold, ulong limit, ulong offset, CollectionData data, VectorsOptions limits, ref int prefetchCount)
    {
        if (limit < 1) throw QdrantError.Invalid("limit", "value 0 invalid, must be 1 or larger");
        if (limit > (ulong)limits.MaxQueryLimit || offset > (ulong)limits.MaxQueryLimit - limit)
            throw QdrantError.Invalid("limit", $"limit {limit} and offset {offset}, together at most {limits.MaxQueryLimit} are allowed");
        prefetchCount += prefetch.Count;
        if (prefetchCount > limits.MaxPrefetches) throw QdrantError.Invalid("prefetch", $"more than {limits.MaxPrefetches} prefetches");

        var stages = new List<QueryPlan>(prefetch.Count);
        foreach (var p in prefetch)
        {
            stages.Add(Stage(p.Prefetch, p.Query, p.Using, p.Filter, p.Params, p.HasScoreThreshold ? p.ScoreThreshold : null,
                p.HasLimit ? p.Limit : DefaultLimit, 0, data, limits, ref prefetchCount));
        }

        Scoring scoring;
        switch (query?.VariantCase ?? Query.VariantOneofCase.None)
        {
            case Query.VariantOneofCase.None:
                if (stages.Count > 0)
                    throw QdrantError.WrongInput("A query is needed to merge the prefetches. Can't have prefetches without defining a query.");
                scoring = new Scoring.ById();
                break;
            case Query.VariantOneofCase.Nearest:
                scoring = Nearest(query!.Nearest, vectorName, parameters, data, limits);
                break;
            case Query.VariantOneofCase.Fusion:
                if (query!.Fusion != Fusion.Rrf) throw QdrantError.Unsupported($"`query.fusion` {query.Fusion}");
                scoring = Fused(DefaultRankConstant, null, stages.Count);
                break;
            case Query.VariantOneofCase.Rrf:
                scoring = Fused(query!.Rrf.HasK ? query.Rrf.K : DefaultRankConstant, query.Rrf.Weights.Count > 0 ? query.Rrf.Weights : null, stages.Count);
                break;
            default:
                throw QdrantError.Unsupported($"`query` of kind {query!.VariantCase}");
        }
        return new QueryPlan(stages, scoring, FilterCompiler.Compile(filter, data, limits), threshold, (int)offset, (int)limit);
    }

    private static Scoring.ReciprocalRank Fused(uint k, RepeatedField<float>? weights, int prefetches)
    {
        if (prefetches == 0) throw QdrantError.WrongInput("Validation failed: cannot apply Fusion without prefetches");
        if (k < 1) throw QdrantError.Invalid("query.rrf.k", "value 0 invalid, must be 1 or larger");
        if (weights is not null && weights.Count != prefetches)
            throw QdrantError.WrongInput($"Validation failed: RRF weights length ({weights.Count}) does not match number of prefetches ({prefetches})");
        return new Scoring.ReciprocalRank(k, weights);
    }

    private static Scoring Nearest(VectorInput input, string name, SearchParams? parameters, CollectionData data, VectorsOptions limits)
    {
        data.Schema.Dense.TryGetValue(name, out var dense);
        if (dense is null && !data.Schema.Sparse.ContainsKey(name)) throw QdrantError.UnknownVectorName(name);
        var corpus = FilterCompiler.Compile(parameters?.Idf?.Corpus, data, limits);
        switch (input.VariantCase)
        {
            case VectorInput.VariantOneofCase.Dense:
                if (dense is null) throw QdrantError.WrongInput("Wrong usage of sparse vectors");
                return new Scoring.Dense(name, VectorReader.Dense(dense, input.Dense.Data), null);
            case VectorInput.VariantOneofCase.Sparse:
                if (dense is not null) throw QdrantError.WrongInput("Wrong usage of sparse vectors");
                return new Scoring.Sparse(name, VectorReader.Sparse(input.Sparse.Indices, input.Sparse.Values, limits), corpus, null);
            case VectorInput.VariantOneofCase.Id:
                var key = PointKey.From(input.Id);
                if (data.SlotOf(key) is not { } slot) throw QdrantError.PointNotFound(key);
                if (dense is not null && data.Dense[name].TryGet(slot, out var row)) return new Scoring.Dense(name, row.ToArray(), key);
                if (dense is null && data.Sparse[name].Get(slot) is { } sparse) return new Scoring.Sparse(name, sparse, corpus, key);
                throw QdrantError.VectorOfPointNotFound(key, name);
            case VectorInput.VariantOneofCase.None:
                throw QdrantError.Invalid("query.nearest", "is empty");
            default:
                throw QdrantError.Unsupported($"`query.nearest` of kind {input.VariantCase}");
        }
    }
}
