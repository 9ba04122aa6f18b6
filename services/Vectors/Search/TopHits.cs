using Mesh.Vectors.Points;

namespace Mesh.Vectors.Search;

/// <summary>A point found, by its slot.</summary>
internal readonly record struct Hit(int Slot, PointKey Key, float Score)
{
    /// <summary>Best first; equal scores by id, so that the same data always gives the same answer.</summary>
    public static readonly Comparer<Hit> BestFirst = Comparer<Hit>.Create(
        (a, b) => b.Score.CompareTo(a.Score) is var order and not 0 ? order : a.Key.CompareTo(b.Key));
}

/// <summary>Keeps the best <paramref name="capacity"/> hits.</summary>
internal sealed class TopHits(int capacity)
{
    private static readonly Comparer<Hit> WorstFirst = Comparer<Hit>.Create((a, b) => Hit.BestFirst.Compare(b, a));

    private readonly PriorityQueue<Hit, Hit> _kept = new(WorstFirst);

    /// <summary>Whether <paramref name="hit"/> would be kept; cheap, to be asked before a filter is evaluated.</summary>
    public bool Wants(Hit hit) => capacity > 0 && (_kept.Count < capacity || Hit.BestFirst.Compare(hit, _kept.Peek()) < 0);

    public void Add(Hit hit)
    {
        if (_kept.Count < capacity) _kept.Enqueue(hit, hit);
        else _kept.EnqueueDequeue(hit, hit);
    }

    public List<Hit> ToSortedList() => [.. _kept.UnorderedItems.Select(i => i.Element).Order(Hit.BestFirst)];
}
