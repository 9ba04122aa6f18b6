using Google.Protobuf.Collections;
using Mesh.Vectors.Points;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Filters;

/// <summary>
/// An index of one payload field. Keyword, integer, bool and uuid fields can be looked up by value, which narrows a filter;
/// the other types only declare what the field holds, since a scan answers them exactly.
/// </summary>
internal sealed class FieldIndex(FieldPath path, PayloadSchemaType type, PayloadIndexParams? parameters)
{
    private readonly Dictionary<object, HashSet<int>> _slotsByValue = [];
    private readonly HashSet<int> _slots = [];

    public PayloadSchemaType Type => type;

    public PayloadIndexParams? Parameters => parameters;

    /// <summary>Points with a value in this field.</summary>
    public int PointCount => _slots.Count;

    /// <summary>Whether <see cref="Lookup"/> answers for values of this type (string, long, bool).</summary>
    public bool CanLookUp(object value) => (type, value) switch
    {
        (PayloadSchemaType.Keyword or PayloadSchemaType.Uuid, string) => true,
        (PayloadSchemaType.Integer, long) => true,
        (PayloadSchemaType.Bool, bool) => true,
        _ => false,
    };

    /// <summary>Slots of the points with this value; a superset for uuid fields, whose values are compared in any form.</summary>
    public IReadOnlyCollection<int> Lookup(object value) => _slotsByValue.TryGetValue(KeyOf(value), out var slots) ? slots : [];

    public void Add(int slot, MapField<string, Value> payload)
    {
        foreach (var value in ValuesOf(payload))
        {
            _slots.Add(slot);
            if (value is null) continue;
            if (!_slotsByValue.TryGetValue(value, out var slots)) _slotsByValue[value] = slots = [];
            slots.Add(slot);
        }
    }

    public void Remove(int slot, MapField<string, Value> payload)
    {
        _slots.Remove(slot);
        foreach (var value in ValuesOf(payload))
        {
            if (value is null || !_slotsByValue.TryGetValue(value, out var slots)) continue;
            slots.Remove(slot);
            if (slots.Count == 0) _slotsByValue.Remove(value);
        }
    }

    /// <summary>Keys of the values in this field; null for a value that cannot be looked up.</summary>
    private IEnumerable<object?> ValuesOf(MapField<string, Value> payload)
    {
        foreach (var value in path.Find(payload))
        {
            foreach (var element in FieldCheck.Elements(value))
            {
                if (element.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None) continue;
                object? plain = element.KindCase switch
                {
                    Value.KindOneofCase.StringValue => element.StringValue,
                    Value.KindOneofCase.IntegerValue => element.IntegerValue,
                    Value.KindOneofCase.BoolValue => element.BoolValue,
                    _ => null,
                };
                yield return plain is not null && CanLookUp(plain) ? KeyOf(plain) : null;
            }
        }
    }

    private object KeyOf(object value) =>
        type == PayloadSchemaType.Uuid && value is string text && PointKey.TryParseUuid(text, out var uuid) ? uuid : value;
}
