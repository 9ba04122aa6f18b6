using System.Runtime.InteropServices;
using Mesh.Retrieval.Snapshots;

namespace Mesh.Retrieval.Search;

/// <summary>What is known about a question and its best passages, each 0 to 1.</summary>
/// <param name="Familiar">How often, on a logarithmic scale, the knowledge base speaks of the question's words.</param>
/// <param name="Held">Content words that the best passage holds; three are full marks.</param>
/// <param name="Unknown">Share of words, by rarity, that the whole snapshot does not hold.</param>
/// <param name="UnknownCode">1 where one of these is a code with a digit, such as a product that the shop does not have.</param>
/// <param name="Dense">Dense score of the best passage, where the encoder is the one that this was fitted with.</param>
internal readonly record struct AnswerFeatures(double Familiar, double Held, double Unknown, double UnknownCode, double Dense);

/// <summary>
/// Whether the best passage is likely to answer: a logistic regression over <see cref="AnswerFeatures"/>, fitted on the sample shop's 251 golden questions, 35 of
/// which have no answer there, with both classes weighing the same (area under the curve .84 in five-fold cross-validation). At the threshold 90 % of the
/// answerable questions pass and 46 % of the others are refused: words alone cannot tell a question about a known product that the documents leave open.
/// </summary>
internal static class Answerability
{
    public const double Threshold = 0.34;

    private const double ManyChunks = 40;
    private const double FullMarks = 3;

    /// <summary>Mean dense score of the questions that this was fitted on; it stands in where another encoder's scores lie in another band.</summary>
    private const double UsualDense = 0.227;

    /// <param name="fittedEncoder">Whether the dense scores come from the hashed n-grams.</param>
    public static AnswerFeatures Measure(
        IReadOnlyList<QueryWord> words, TermCounts counts, IReadOnlyList<Candidate> ranked, IReadOnlyDictionary<string, ChunkRow> chunks, bool fittedEncoder)
    {
        var distinct = words.DistinctBy(word => word.Term).ToList();
        if (ranked.Count == 0 || distinct.Count == 0)
            return new AnswerFeatures(0, 0, 1, 0, 0);
        double total = 0, unknown = 0, familiar = 0, held = 0;
        var unknownCode = false;
        var best = MemoryMarshal.Cast<byte, uint>(chunks[ranked[0].ChunkId].Terms);
        foreach (var word in distinct)
        {
            var count = counts.Count(word.Term);
            var idf = counts.Idf(word.Term);
            total += idf;
            familiar += Math.Min(1, Math.Log(1 + count) / Math.Log(ManyChunks));
            if (count == 0)
            {
                unknown += idf;
                unknownCode |= word.HasDigit;
            }
            if (best.BinarySearch(word.Term) >= 0)
                held++;
        }
        return new AnswerFeatures(familiar / distinct.Count, Math.Min(1, held / FullMarks), unknown / total, unknownCode ? 1 : 0, fittedEncoder ? Math.Max(0, ranked[0].Dense) : UsualDense);
    }

    public static double Probability(AnswerFeatures features)
    {
        var z = -0.488 + 0.938 * features.Familiar + 1.596 * features.Held - 1.547 * features.Unknown - 1.323 * features.UnknownCode + 0.702 * features.Dense;
        return 1 / (1 + Math.Exp(-z));
    }
}
