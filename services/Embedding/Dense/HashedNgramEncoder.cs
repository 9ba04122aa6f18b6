using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Mesh.Embedding.Sparse;
using Mesh.Embedding.Text;

namespace Mesh.Embedding.Dense;

/// <summary>
/// Feature hashing (Weinberger et al. 2009): every word and character n-gram adds ±weight to one of 512 places. It knows spelling and no meaning; it finds
/// variants and typing errors that whole words miss. Weights are 1 + ln(count), the vector is L2-normalised.
/// </summary>
internal sealed class HashedNgramEncoder : IDenseEncoder
{
    private const int Size = 512;

    public string Name => "hashed-ngram-512";

    public string Revision => $"hashed-ngram-512-1;{TextAnalyzer.Version}";

    public int Dimension => Size;

    public int MaxTokens => 8192;

    public string Description => "hashed words and character n-grams: spelling, no learned meaning";

    public IReadOnlyList<DenseEmbedding> Encode(IReadOnlyList<AnalyzedText> texts, bool query, CancellationToken cancellationToken)
    {
        var result = new DenseEmbedding[texts.Count];
        var counts = new Dictionary<ulong, float>();
        for (var i = 0; i < texts.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counts.Clear();
            result[i] = new DenseEmbedding(EncodeOne(texts[i], counts), CountTokens(texts[i]), false);
        }
        return result;
    }

    public int CountTokens(AnalyzedText text)
    {
        var count = 0;
        foreach (var term in text.Terms)
            if (term.Kind != TermKind.Bigram)
                count++;
        return count;
    }

    public IReadOnlyList<EncoderToken> Tokenize(AnalyzedText text) =>
        [.. text.Terms.Where(term => term.Kind != TermKind.Bigram)
            .Select(term => new EncoderToken(unchecked((int)Bm25SparseEncoder.TermId(term.Text)), term.Text, term.Start, term.End, term.Kind == TermKind.Word))];

    private static float[] EncodeOne(AnalyzedText text, Dictionary<ulong, float> counts)
    {
        Span<char> padded = stackalloc char[64];
        foreach (var term in text.Terms)
        {
            if (term.Kind == TermKind.Stop)
                continue;
            Add(counts, term.Text, 1);
            if (TextAnalyzer.IsCjk(term.Text[0]))
            {
                if (term.Kind == TermKind.Word)
                    foreach (ref readonly var character in term.Text.AsSpan())
                        Add(counts, new ReadOnlySpan<char>(in character), 1);
            }
            else if (term.Text.Length <= 60)
            {
                var word = padded[..(term.Text.Length + 2)];
                word[0] = '<';
                term.Text.CopyTo(word[1..]);
                word[^1] = '>';
                for (var n = 3; n <= 5; n++)
                    for (var i = 0; i + n <= word.Length; i++)
                        Add(counts, word.Slice(i, n), 2);
            }
        }
        var vector = new float[Size];
        foreach (var (hash, count) in counts)
        {
            var weight = 1 + MathF.Log(count);
            vector[hash & (Size - 1)] += (hash & (1UL << 63)) == 0 ? weight : -weight;
        }
        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0)
            TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }

    private static void Add(Dictionary<ulong, float> counts, ReadOnlySpan<char> feature, long kind)
    {
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(feature), kind);
        CollectionsMarshal.GetValueRefOrAddDefault(counts, hash, out _)++;
    }
}
