using System.Runtime.InteropServices;
using Mesh.Retrieval.Snapshots;

namespace Mesh.Retrieval.Search;

/// <summary>What is known about a question and its best passages, each 0 to 1.</summary>
/// <param name="Coverage">Share of the question's terms, by weight and rarity, that the best passage holds.</param>
/// <param name="CoverageOfBest">The largest such share among the first passages.</param>
/// <param name="Unknown">Share, by the same weight, of terms that the whole snapshot does not hold: what the knowledge base never speaks of.</param>
/// <param name="Dense">Dense score of the best passage.</param>
/// <param name="Margin">How much better the first passage is than the fifth, as a share of its score.</param>
internal readonly record struct AnswerFeatures(double Coverage, double CoverageOfBest, double Unknown, double Dense, double Margin);

/// <summary>Whether the best passage is likely to answer: a logistic regression over <see cref="AnswerFeatures"/>.</summary>
internal static class Answerability
{
    private const int First = 5;

    public static AnswerFeatures Measure(ChunkVectors query, TermCounts counts, IReadOnlyList<Candidate> ranked, IReadOnlyDictionary<string, ChunkRow> chunks)
    {
        if (ranked.Count == 0)
            return new AnswerFeatures(0, 0, 1, 0, 0);
        var weights = new double[query.Terms.Count];
        double total = 0, unknown = 0;
        var never = counts.Idf(0xFFFF_FFFF);
        for (var i = 0; i < weights.Length; i++)
        {
            var idf = counts.Idf(query.Terms[i]);
            weights[i] = idf * query.Weights[i];
            total += weights[i];
            if (idf >= never)
                unknown += weights[i];
        }
        total = Math.Max(total, 1e-9);
        var covered = ranked.Take(First).Select(candidate => chunks.TryGetValue(candidate.ChunkId, out var chunk) ? Covered(chunk) / total : 0).ToList();
        var fifth = ranked.Count >= First ? ranked[First - 1].Score : 0;
        return new AnswerFeatures(covered[0], covered.Max(), unknown / total, Math.Max(0, ranked[0].Dense), 1 - fifth / Math.Max(ranked[0].Score, 1e-9));

        double Covered(ChunkRow chunk)
        {
            var terms = MemoryMarshal.Cast<byte, uint>(chunk.Terms);
            double sum = 0;
            for (var i = 0; i < weights.Length; i++)
                if (terms.BinarySearch(query.Terms[i]) >= 0)
                    sum += weights[i];
            return sum;
        }
    }

    public static double Probability(AnswerFeatures features) =>
        1 / (1 + Math.Exp(-(Weights.Bias + Weights.Coverage * features.Coverage + Weights.CoverageOfBest * features.CoverageOfBest + Weights.Unknown * features.Unknown
            + Weights.Dense * features.Dense + Weights.Margin * features.Margin)));

    public static double Threshold => Weights.Threshold;

    private static class Weights
    {
        public const double Bias = -1.5;
        public const double Coverage = 3;
        public const double CoverageOfBest = 3;
        public const double Unknown = -3;
        public const double Dense = 2;
        public const double Margin = 0;
        public const double Threshold = 0.5;
    }
}
