using Mesh.Vectors.Points;

namespace Mesh.Vectors.Search;

/// <summary>An inverted index of one sparse vector name: per index the slots that have it, ascending, with their weights.</summary>
internal sealed class SparseIndex
{
    private readonly Dictionary<uint, Postings> _postings = [];
    private readonly Dictionary<int, SparseEntries> _vectors = [];

    /// <summary>Points that have this vector.</summary>
    public int Count => _vectors.Count;

    public void Set(int slot, SparseEntries vector)
    {
        Clear(slot);
        _vectors[slot] = vector;
        for (var i = 0; i < vector.Indices.Length; i++)
        {
            if (!_postings.TryGetValue(vector.Indices[i], out var postings)) _postings[vector.Indices[i]] = postings = new Postings();
            var at = postings.Slots.BinarySearch(slot);
            postings.Slots.Insert(~at, slot);
            postings.Weights.Insert(~at, vector.Values[i]);
        }
    }

    public void Clear(int slot)
    {
        if (!_vectors.Remove(slot, out var vector)) return;
        foreach (var index in vector.Indices)
        {
            var postings = _postings[index];
            var at = postings.Slots.BinarySearch(slot);
            postings.Slots.RemoveAt(at);
            postings.Weights.RemoveAt(at);
            if (postings.Slots.Count == 0) _postings.Remove(index);
        }
    }

    public SparseEntries? Get(int slot) => _vectors.GetValueOrDefault(slot);

    /// <summary>Slots with this index, ascending, and their weights.</summary>
    public (IReadOnlyList<int> Slots, IReadOnlyList<float> Weights) GetPostings(uint index) =>
        _postings.TryGetValue(index, out var postings) ? (postings.Slots, postings.Weights) : ([], []);

    private sealed class Postings
    {
        public List<int> Slots { get; } = [];

        public List<float> Weights { get; } = [];
    }
}
