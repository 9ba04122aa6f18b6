using Google.Protobuf.Collections;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Points;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Filters;

/// <summary>Tells for a point, within a payload or an object nested in it, whether a condition holds.</summary>
internal delegate bool PointTest(MapField<string, Value> payload, Point point);

/// <summary>A compiled filter.</summary>
/// <param name="test">The whole filter.</param>
/// <param name="lookups">Index lookups that each hold a superset of the matching points.</param>
internal sealed class PayloadFilter(PointTest test, IReadOnlyList<Lookup> lookups)
{
    public bool Matches(Point point) => test(point.Payload, point);

    /// <summary>Slots that may match, from the narrowest index; null when no index helps. Each still has to be tested.</summary>
    public IReadOnlyCollection<int>? Candidates(CollectionData data)
    {
        IReadOnlyCollection<int>? narrowest = null;
        foreach (var lookup in lookups)
        {
            if (lookup.Slots(data) is { } slots && (narrowest is null || slots.Count < narrowest.Count)) narrowest = slots;
        }
        return narrowest;
    }
}

/// <summary>A condition that an index may answer: the field has one of these values, or the point is one of these.</summary>
internal sealed record Lookup(string Field, IReadOnlyList<object> Values, IReadOnlyList<PointKey>? Keys = null)
{
    public IReadOnlyCollection<int>? Slots(CollectionData data)
    {
        if (Keys is not null)
        {
            var known = new HashSet<int>();
            foreach (var key in Keys)
                if (data.SlotOf(key) is { } slot) known.Add(slot);
            return known;
        }
        if (!data.Fields.TryGetValue(Field, out var index) || !Values.All(index.CanLookUp)) return null;
        if (Values.Count == 1) return index.Lookup(Values[0]);
        var slots = new HashSet<int>();
        foreach (var value in Values) slots.UnionWith(index.Lookup(value));
        return slots;
    }
}
