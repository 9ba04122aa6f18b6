using Mesh.Vectors.Filters;
using Mesh.Vectors.Points;
using Mesh.Vectors.Search;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Collections;

/// <summary>The points of a collection in memory, with their indexes. Not thread-safe: <see cref="Collection"/> guards it.</summary>
internal sealed class CollectionData
{
    private readonly Dictionary<PointKey, int> _slots = [];
    private readonly List<Point?> _points = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly SortedSet<PointKey> _keys = [];

    public CollectionData(CollectionSchema schema)
    {
        Schema = schema;
        Dense = schema.Dense.ToDictionary(s => s.Key, s => new DenseRows(s.Value.Size));
        Sparse = schema.Sparse.ToDictionary(s => s.Key, _ => new SparseIndex());
    }

    public CollectionSchema Schema { get; }

    public IReadOnlyDictionary<string, DenseRows> Dense { get; }

    public IReadOnlyDictionary<string, SparseIndex> Sparse { get; }

    public Dictionary<string, FieldIndex> Fields { get; } = [];

    public int Count => _slots.Count;

    /// <summary>One more than the highest slot in use.</summary>
    public int SlotCount => _points.Count;

    /// <summary>The point in a slot, null when the slot is free.</summary>
    public Point? this[int slot] => _points[slot];

    public int? SlotOf(PointKey key) => _slots.TryGetValue(key, out var slot) ? slot : null;

    public Point? Find(PointKey key) => SlotOf(key) is { } slot ? _points[slot] : null;

    /// <summary>All points by id, from <paramref name="from"/> on when given.</summary>
    public IEnumerable<Point> InOrder(PointKey? from = null)
    {
        if (_keys.Count == 0 || (from is { } first && first.CompareTo(_keys.Max) > 0)) yield break;
        foreach (var key in from is { } start ? _keys.GetViewBetween(start, _keys.Max) : _keys) yield return _points[_slots[key]]!;
    }

    public void Put(PointWrite write)
    {
        var key = write.Point.Key;
        if (_slots.TryGetValue(key, out var slot))
        {
            foreach (var index in Fields.Values) index.Remove(slot, _points[slot]!.Payload);
            _points[slot] = write.Point;
        }
        else
        {
            if (!_freeSlots.TryPop(out slot))
            {
                slot = _points.Count;
                _points.Add(null);
            }
            _points[slot] = write.Point;
            _slots[key] = slot;
            _keys.Add(key);
        }
        foreach (var (name, rows) in Dense)
        {
            if (write.Dense.TryGetValue(name, out var row)) rows.Set(slot, row);
            else rows.Clear(slot);
        }
        foreach (var (name, index) in Sparse)
        {
            if (write.Sparse.TryGetValue(name, out var vector)) index.Set(slot, vector);
            else index.Clear(slot);
        }
        foreach (var index in Fields.Values) index.Add(slot, write.Point.Payload);
    }

    public void Remove(PointKey key)
    {
        if (!_slots.Remove(key, out var slot)) return;
        foreach (var index in Fields.Values) index.Remove(slot, _points[slot]!.Payload);
        foreach (var rows in Dense.Values) rows.Clear(slot);
        foreach (var index in Sparse.Values) index.Clear(slot);
        _points[slot] = null;
        _keys.Remove(key);
        _freeSlots.Push(slot);
    }

    public void AddField(string field, PayloadIndexParams? parameters, PayloadSchemaType type)
    {
        var index = new FieldIndex(FieldPath.Parse(field), type, parameters);
        for (var slot = 0; slot < _points.Count; slot++)
            if (_points[slot] is { } point) index.Add(slot, point.Payload);
        Fields[field] = index;
    }
}
