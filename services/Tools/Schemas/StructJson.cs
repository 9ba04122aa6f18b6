using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;

namespace Mesh.Tools.Schemas;

/// <summary>google.protobuf.Struct to JSON and back. Whole numbers stay whole: Struct knows only doubles.</summary>
internal static class StructJson
{
    private const double MaxWhole = 9_007_199_254_740_992;

    public static JsonObject ToJson(Struct? members) =>
        new((members?.Fields ?? []).Select(f => KeyValuePair.Create(f.Key, ToJson(f.Value))));

    public static JsonNode? ToJson(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => JsonValue.Create(value.StringValue),
        Value.KindOneofCase.BoolValue => JsonValue.Create(value.BoolValue),
        Value.KindOneofCase.NumberValue when double.IsInteger(value.NumberValue) && Math.Abs(value.NumberValue) <= MaxWhole => JsonValue.Create((long)value.NumberValue),
        Value.KindOneofCase.NumberValue => double.IsFinite(value.NumberValue) ? JsonValue.Create(value.NumberValue) : null,
        Value.KindOneofCase.ListValue => new JsonArray(value.ListValue.Values.Select(ToJson).ToArray()),
        Value.KindOneofCase.StructValue => ToJson(value.StructValue),
        _ => null,
    };

    public static Struct ToStruct(JsonObject members)
    {
        var result = new Struct();
        foreach (var (name, member) in members)
            result.Fields[name] = ToValue(member);
        return result;
    }

    public static Value ToValue(JsonNode? node) => node switch
    {
        null => Value.ForNull(),
        JsonObject members => Value.ForStruct(ToStruct(members)),
        JsonArray items => Value.ForList(items.Select(ToValue).ToArray()),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => Value.ForBool(node.GetValue<bool>()),
            JsonValueKind.Number => Value.ForNumber(JsonSerializer.SerializeToElement(node).GetDouble()),
            _ => Value.ForString(node.GetValue<string>()),
        },
    };
}
