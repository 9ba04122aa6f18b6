using System.Buffers;
using System.Numerics.Tensors;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Filters;
using Mesh.Vectors.Points;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Search;

/// <summary>Runs a plan over a collection's points, exactly: every point that the filters let through is scored.</summary>
internal sealed class QueryRunner(CollectionData data, CancellationToken cancel)
{
    public IReadOnlyList<Hit> Run(QueryPlan plan)
    {
        var hits = Run(plan, []);
        var page = hits.Skip(plan.Offset).Take(plan.Limit);
        var isDistance = plan.Scoring is Scoring.Dense dense && data.Schema.Dense[dense.Name].SmallestIsBest;
        return [.. isDistance ? page.Select(h => h with { Score = -h.Score }) : page];
    }

    /// <param name="outer">Filters of the stages above: they limit what a prefetch may return.</param>
    private List<Hit> Run(QueryPlan plan, IReadOnlyList<PayloadFilter> outer)
    {
        cancel.ThrowIfCancellationRequested();
        IReadOnlyList<PayloadFilter> filters = plan.Filter is { } own ? [.. outer, own] : outer;
        var sources = plan.Prefetches.Select(p => Run(p, filters)).ToArray();
        var keep = plan.Offset + plan.Limit;

        if (plan.Scoring is Scoring.ReciprocalRank fusion) return Fuse(fusion, sources, plan.Threshold, keep);

        var candidates = sources.Length > 0 ? sources.SelectMany(s => s).Select(h => h.Slot).Distinct().ToArray() : Narrow(filters);
        return plan.Scoring switch
        {
            Scoring.ById => ById(filters, plan.Threshold, keep),
            Scoring.Dense dense => Dense(dense, candidates, filters, plan.Threshold, keep),
            Scoring.Sparse sparse => Sparse(sparse, candidates, filters, plan.Threshold, keep),
            _ => throw new InvalidOperationException($"No scoring for {plan.Scoring.GetType().Name}."),
        };
    }

    private IReadOnlyCollection<int>? Narrow(IReadOnlyList<PayloadFilter> filters) =>
        filters.Select(f => f.Candidates(data)).OfType<IReadOnlyCollection<int>>().MinBy(c => c.Count);

    private List<Hit> ById(IReadOnlyList<PayloadFilter> filters, float? threshold, int keep) =>
        threshold >= 1 ? [] : [.. data.InOrder().Where(p => Passes(filters, p)).Take(keep).Select(p => new Hit(data.SlotOf(p.Key)!.Value, p.Key, 1))];

    private List<Hit> Dense(Scoring.Dense query, IReadOnlyCollection<int>? candidates, IReadOnlyList<PayloadFilter> filters, float? threshold, int keep)
    {
        var rows = data.Dense[query.Name];
        var top = new TopHits(keep);
        var spec = data.Schema.Dense[query.Name];
        var difference = spec.Distance == Distance.Manhattan ? new float[spec.Size] : null;
        // Inside, the greatest score is always the best: distances are negative.
        if (spec.SmallestIsBest) threshold = -threshold;
        if (candidates is not null)
        {
            foreach (var slot in candidates)
                if (rows.TryGet(slot, out var row)) Offer(slot, row);
            return top.ToSortedList();
        }
        var size = query.Vector.Length;
        for (var block = 0; block < rows.BlockCount; block++)
        {
            cancel.ThrowIfCancellationRequested();
            var (values, used) = rows.GetBlock(block);
            for (var i = 0; i < used.Length; i++)
                if (used[i]) Offer((block * DenseRows.RowsPerBlock) + i, values.AsSpan(i * size, size));
        }
        return top.ToSortedList();

        void Offer(int slot, ReadOnlySpan<float> row) => OfferTo(top, slot, ScoreOf(row), query.Except, filters, threshold);

        float ScoreOf(ReadOnlySpan<float> row)
        {
            switch (spec.Distance)
            {
                case Distance.Euclid:
                    return -TensorPrimitives.Distance(query.Vector, row);
                case Distance.Manhattan:
                    TensorPrimitives.Subtract(query.Vector, row, difference);
                    return -TensorPrimitives.SumOfMagnitudes<float>(difference);
                default:
                    return TensorPrimitives.Dot(query.Vector, row);
            }
        }
    }

    private List<Hit> Sparse(Scoring.Sparse query, IReadOnlyCollection<int>? candidates, IReadOnlyList<PayloadFilter> filters, float? threshold, int keep)
    {
        var index = data.Sparse[query.Name];
        var weights = data.Schema.Sparse[query.Name].Idf ? WithInverseDocumentFrequency(index, query.Vector, query.Corpus) : query.Vector.Values;
        var top = new TopHits(keep);
        var allowed = candidates is null ? null : candidates as HashSet<int> ?? [.. candidates];

        // A document that shares no index with the query is no hit, even with a threshold below 0.
        var scores = ArrayPool<float>.Shared.Rent(data.SlotCount);
        var touched = new List<int>();
        var seen = new bool[data.SlotCount];
        try
        {
            for (var i = 0; i < weights.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var (slots, documentWeights) = index.GetPostings(query.Vector.Indices[i]);
                for (var at = 0; at < slots.Count; at++)
                {
                    var slot = slots[at];
                    if (!seen[slot])
                    {
                        seen[slot] = true;
                        scores[slot] = 0;
                        touched.Add(slot);
                    }
                    scores[slot] += weights[i] * documentWeights[at];
                }
            }
            foreach (var slot in touched)
                if (allowed is null || allowed.Contains(slot)) OfferTo(top, slot, scores[slot], query.Except, filters, threshold);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
        return top.ToSortedList();
    }

    /// <summary>
    /// Query weights times ln((N - df + 0.5) / (df + 0.5) + 1), N the points with this vector and df those of them with the index
    /// (Robertson's, as in BM25).
    /// </summary>
    private float[] WithInverseDocumentFrequency(SparseIndex index, SparseEntries query, PayloadFilter? corpus)
    {
        bool InCorpus(int slot) => corpus is null || corpus.Matches(data[slot]!);

        double documents = corpus is null ? index.Count : Enumerable.Range(0, data.SlotCount).Count(slot => index.Get(slot) is not null && InCorpus(slot));
        var weights = new float[query.Values.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var slots = index.GetPostings(query.Indices[i]).Slots;
            double frequency = corpus is null ? slots.Count : slots.Count(InCorpus);
            weights[i] = query.Values[i] * (float)Math.Log(((documents - frequency + 0.5) / (frequency + 0.5)) + 1);
        }
        return weights;
    }

    private List<Hit> Fuse(Scoring.ReciprocalRank fusion, List<Hit>[] sources, float? threshold, int keep)
    {
        var scores = new Dictionary<int, float>();
        for (var source = 0; source < sources.Length; source++)
        {
            var weight = fusion.Weights?[source] ?? 1;
            for (var rank = 0; rank < sources[source].Count; rank++)
            {
                var score = weight > 0 ? 1 / (((rank + 1) / weight) + fusion.K - 1) : 0;
                var slot = sources[source][rank].Slot;
                scores[slot] = scores.GetValueOrDefault(slot) + score;
            }
        }
        // Unlike a vector search's threshold, a fusion's is inclusive.
        return [.. scores.Where(s => !(s.Value < threshold)).Select(s => new Hit(s.Key, data[s.Key]!.Key, s.Value)).Order(Hit.BestFirst).Take(keep)];
    }

    private void OfferTo(TopHits top, int slot, float score, PointKey? except, IReadOnlyList<PayloadFilter> filters, float? threshold)
    {
        if (score <= threshold) return;
        var point = data[slot]!;
        var hit = new Hit(slot, point.Key, score);
        if (top.Wants(hit) && point.Key != except && Passes(filters, point)) top.Add(hit);
    }

    private static bool Passes(IReadOnlyList<PayloadFilter> filters, Point point)
    {
        foreach (var filter in filters)
            if (!filter.Matches(point)) return false;
        return true;
    }
}
