namespace Mesh.Retrieval.Search;

/// <summary>A passage as one side of the search scored it.</summary>
internal readonly record struct Scored(string ChunkId, double Score);

/// <summary>A passage with both sides' scores (0 where a side did not return it) and the fused one.</summary>
internal readonly record struct Candidate(string ChunkId, double Score, double Dense, double Sparse);

/// <summary>
/// Makes one ranking of two: the weighted sum of normalised scores. It measured better than reciprocal rank fusion in the store (constant 2) on every development
/// set, nDCG@10: with the hashed n-grams faq_zh .528 against .527, xquad_zh .964 / .944, xquad_en .968 / .953, cmrc2018 .991 / .964; with multilingual-e5-small
/// faq_zh .602 / .592, xquad_zh .976 / .972, xquad_en .983 / .976 (see FusionEvaluation). BM25's margins say more than its ranks.
/// </summary>
internal static class Fusion
{
    /// <summary>
    /// A sparse score is divided by the best one, so that 0 keeps its meaning, no term in common. A dense score is stretched between the lowest and the best
    /// candidate's: cosines of learned encoders lie in a narrow band.
    /// </summary>
    public static List<Candidate> Fuse(IReadOnlyList<Scored> dense, IReadOnlyList<Scored> sparse, double denseWeight)
    {
        var merged = new Dictionary<string, Candidate>(dense.Count + sparse.Count);
        if (dense.Count > 0)
        {
            var low = dense.Min(item => item.Score);
            var range = Math.Max(dense.Max(item => item.Score) - low, 1e-9);
            foreach (var (id, score) in dense)
                merged[id] = new Candidate(id, denseWeight * (score - low) / range, score, 0);
        }
        if (sparse.Count > 0)
        {
            var best = Math.Max(sparse.Max(item => item.Score), 1e-9);
            foreach (var (id, score) in sparse)
            {
                var before = merged.GetValueOrDefault(id, new Candidate(id, 0, 0, 0));
                merged[id] = before with { Score = before.Score + (1 - denseWeight) * score / best, Sparse = score };
            }
        }
        return Sort(merged.Values);
    }

    /// <summary>Best first; equal scores by chunk id, so that the same question always gives the same order.</summary>
    public static List<Candidate> Sort(IEnumerable<Candidate> candidates) =>
        [.. candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.ChunkId, StringComparer.Ordinal)];
}
