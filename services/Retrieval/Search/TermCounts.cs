using System.Runtime.InteropServices;

namespace Mesh.Retrieval.Search;

/// <summary>In how many chunks of a snapshot each term occurs: what the store knows too and does not tell.</summary>
internal sealed class TermCounts
{
    private readonly uint[] _terms;
    private readonly uint[] _counts;

    private TermCounts(uint[] terms, uint[] counts, long chunks) => (_terms, _counts, Chunks) = (terms, counts, chunks);

    public long Chunks { get; }

    /// <summary>Inverse document frequency as Qdrant's <c>idf</c> modifier computes it; a term that no chunk has weighs most.</summary>
    public double Idf(uint term)
    {
        var count = Count(term);
        return Math.Log(1 + (Chunks - count + 0.5) / (count + 0.5));
    }

    /// <summary>Chunks that hold the term.</summary>
    public long Count(uint term) => Array.BinarySearch(_terms, term) is var at and >= 0 ? _counts[at] : 0;

    public static byte[] Write(IReadOnlyDictionary<uint, uint> counts)
    {
        var terms = counts.Keys.Order().ToArray();
        uint[] both = [.. terms, .. terms.Select(term => counts[term])];
        return MemoryMarshal.AsBytes<uint>(both).ToArray();
    }

    public static TermCounts Read(byte[] bytes, long chunks)
    {
        var both = MemoryMarshal.Cast<byte, uint>(bytes);
        return new TermCounts(both[..(both.Length / 2)].ToArray(), both[(both.Length / 2)..].ToArray(), chunks);
    }
}
