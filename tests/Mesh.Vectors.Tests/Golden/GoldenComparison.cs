using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests.Golden;

/// <summary>Compares answers with the golden ones: scores to 1e-4, any order among equal scores.</summary>
internal static class GoldenComparison
{
    public static bool SameHits(JsonElement expected, IReadOnlyList<ScoredPoint> actual)
    {
        var points = expected.GetProperty("points").EnumerateArray().ToArray();
        if (points.Length != actual.Count) return false;
        for (var i = 0; i < points.Length; i++)
            if (!Close(points[i].GetProperty("score").GetDouble(), actual[i].Score)) return false;

        // Within a group of equal scores any order is right; of the last group, which the limit may cut anywhere, any members are.
        for (var start = 0; start < points.Length;)
        {
            var end = start + 1;
            while (end < points.Length && Close(points[start].GetProperty("score").GetDouble(), points[end].GetProperty("score").GetDouble())) end++;
            foreach (var hit in actual.Skip(start).Take(end - start))
            {
                var match = points[start..end].Where(p => IdOf(p) == IdOf(hit.Id)).ToArray();
                if (match.Length == 0 && end == points.Length) continue;
                if (match.Length != 1 || !SamePoint(match[0], hit.Payload, hit.Vectors)) return false;
            }
            start = end;
        }
        return true;
    }

    public static bool SamePoints(JsonElement expected, IReadOnlyList<RetrievedPoint> actual)
    {
        var points = expected.GetProperty("points").EnumerateArray().ToArray();
        return points.Length == actual.Count && !points.Where((p, i) => IdOf(p) != IdOf(actual[i].Id) || !SamePoint(p, actual[i].Payload, actual[i].Vectors)).Any();
    }

    public static bool SameOffset(JsonElement expected, PointId? actual) =>
        expected.GetProperty("next_page_offset") is { ValueKind: not JsonValueKind.Null } offset ? actual is not null && offset.ToString() == IdOf(actual) : actual is null;

    private static bool SamePoint(JsonElement expected, MapField<string, Value> payload, VectorsOutput? vectors)
    {
        if (expected.TryGetProperty("payload", out var wanted))
        {
            var actual = JsonSerializer.SerializeToElement(new JsonObject(payload.Select(p => KeyValuePair.Create(p.Key, ToJson(p.Value)))));
            if (!SameJson(wanted, actual)) return false;
        }
        else if (payload.Count > 0) return false;

        if (!expected.TryGetProperty("vector", out var vector)) return vectors is null;
        if (vector.ValueKind == JsonValueKind.Array) return SameVector(vector, vectors?.Vector);
        var named = vectors?.Vectors?.Vectors ?? [];
        return vector.EnumerateObject().Count() == named.Count && vector.EnumerateObject().All(v => named.TryGetValue(v.Name, out var found) && SameVector(v.Value, found));
    }

    private static bool SameVector(JsonElement expected, VectorOutput? actual)
    {
        if (expected.ValueKind == JsonValueKind.Array) return actual?.Dense is { } dense && SameNumbers(expected, dense.Data);
        return actual?.Sparse is { } sparse && expected.GetProperty("indices").EnumerateArray().Select(i => i.GetUInt32()).SequenceEqual(sparse.Indices)
            && SameNumbers(expected.GetProperty("values"), sparse.Values);
    }

    private static bool SameNumbers(JsonElement expected, IReadOnlyList<float> actual) =>
        expected.GetArrayLength() == actual.Count && expected.EnumerateArray().Zip(actual).All(pair => Close(pair.First.GetDouble(), pair.Second));

    private static bool SameJson(JsonElement a, JsonElement b)
    {
        if (a.ValueKind != b.ValueKind) return false;
        return a.ValueKind switch
        {
            JsonValueKind.Object => a.EnumerateObject().Count() == b.EnumerateObject().Count() && a.EnumerateObject().All(p => b.TryGetProperty(p.Name, out var other) && SameJson(p.Value, other)),
            JsonValueKind.Array => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(pair => SameJson(pair.First, pair.Second)),
            JsonValueKind.Number => Close(a.GetDouble(), b.GetDouble()),
            JsonValueKind.String => a.GetString() == b.GetString(),
            _ => true,
        };
    }

    private static JsonNode? ToJson(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue,
        Value.KindOneofCase.IntegerValue => value.IntegerValue,
        Value.KindOneofCase.DoubleValue => value.DoubleValue,
        Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(ToJson)]),
        Value.KindOneofCase.StructValue => new JsonObject(value.StructValue.Fields.Select(f => KeyValuePair.Create(f.Key, ToJson(f.Value)))),
        _ => null,
    };

    private static string IdOf(JsonElement point) => point.GetProperty("id").ToString();

    private static string IdOf(PointId id) => id.HasNum ? $"{id.Num}" : id.Uuid;

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-4 * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));
}
