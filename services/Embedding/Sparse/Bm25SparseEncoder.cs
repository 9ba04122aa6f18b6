using System.IO.Hashing;
using System.Runtime.InteropServices;
using Mesh.Embedding.Text;

namespace Mesh.Embedding.Sparse;

/// <summary>A sparse vector: strictly increasing term hashes and their positive weights, of the same length.</summary>
internal readonly record struct SparseTerms(uint[] Indices, float[] Values);

/// <summary>
/// BM25 (Robertson and Zaragoza 2009) as a dot product: a passage's weight holds everything but the inverse document frequency, which the store multiplies in
/// (Qdrant's <c>idf</c> modifier); a query's weight is 1 for a term. A term's index is a 32-bit hash, the same in every process and release.
/// </summary>
internal sealed class Bm25SparseEncoder(SparseOptions options)
{
    /// <summary>Names the analysis and its parameters; part of the revision.</summary>
    public string Revision => FormattableString.Invariant(
        $"bm25-1;{TextAnalyzer.Version};k1={options.K1};b={options.B};avg={options.AverageLength};bigram={options.BigramWeight}");

    public SparseTerms Encode(IReadOnlyList<Term> terms, bool query)
    {
        var counts = new SortedDictionary<uint, (int Count, bool Word)>();
        var length = 0;
        foreach (var term in terms)
        {
            if (term.Kind == TermKind.Stop)
                continue;
            length++;
            var id = TermId(term.Text);
            counts.TryGetValue(id, out var seen);
            counts[id] = (seen.Count + 1, seen.Word || term.Kind == TermKind.Word);
        }
        var indices = new uint[counts.Count];
        var values = new float[counts.Count];
        var norm = options.K1 * (1 - options.B + options.B * length / options.AverageLength);
        var i = 0;
        foreach (var (id, (count, word)) in counts)
        {
            indices[i] = id;
            var weight = query ? 1 : count * (options.K1 + 1) / (count + norm);
            values[i++] = (float)(word || !query ? weight : weight * options.BigramWeight);
        }
        return new SparseTerms(indices, values);
    }

    /// <summary>XXH32 of the term's UTF-16 code units, little-endian.</summary>
    public static uint TermId(string term) => XxHash32.HashToUInt32(MemoryMarshal.AsBytes(term.AsSpan()));
}
