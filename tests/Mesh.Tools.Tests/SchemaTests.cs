using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Mesh.Tools.Http;
using Mesh.Tools.Schemas;

namespace Mesh.Tools.Tests;

public sealed class SchemaTests
{
    private static readonly Gen<JsonNode?> Json = Gen.Recursive<JsonNode?>((depth, self) => depth >= 3
        ? Leaf
        : Gen.OneOf(
            Leaf,
            self.Array[0, 4].Select(items => (JsonNode?)new JsonArray(items.Select(i => i?.DeepClone()).ToArray())),
            Gen.Dictionary(Gen.String[1, 6], self)[0, 4].Select(members => (JsonNode?)new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))))));

    private static Gen<JsonNode?> Leaf => Gen.OneOf(
        Gen.Const((JsonNode?)null), Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)), Gen.String[0, 10].Select(s => (JsonNode?)JsonValue.Create(s)),
        Gen.Long[-9_007_199_254_740_991, 9_007_199_254_740_991].Select(l => (JsonNode?)JsonValue.Create(l)),
        Gen.Double[-1e6, 1e6].Select(d => (JsonNode?)JsonValue.Create(d)));

    [Fact]
    public void StructJson_AnyJson_ComesBackTheSame() =>
        Json.Sample(value => JsonNode.DeepEquals(StructJson.ToJson(StructJson.ToValue(value)), Normal(value)));

    [Fact]
    public void ResultPick_AnyJson_KeepsOnlyWhatIsNamed() => Json.Sample(value =>
    {
        var picked = ResultPick.Parse(["a", "b.c"])!.Apply(new JsonObject { ["a"] = value?.DeepClone(), ["b"] = new JsonArray(new JsonObject { ["c"] = value?.DeepClone(), ["d"] = 1 }), ["e"] = 2 });
        return JsonNode.DeepEquals(picked, new JsonObject { ["a"] = value?.DeepClone(), ["b"] = new JsonArray(new JsonObject { ["c"] = value?.DeepClone() }) });
    });

    [Fact]
    public void JsonContract_AnyJson_NeverThrowsAndNeverRepeatsTheValue()
    {
        var contract = new JsonContract(JsonNode.Parse(
            """{"type":"object","required":["a"],"properties":{"a":{"type":"string","pattern":"^x$"},"b":{"type":"integer","maximum":3},"c":{"format":"date"}},"additionalProperties":false}""")!.AsObject());

        Json.Sample(value =>
        {
            var violations = contract.Check(value);
            return value is JsonObject || violations.Count > 0;
        });
        var told = string.Join(' ', contract.Check(JsonNode.Parse("""{"a":"13800000001","b":13800000001,"c":"13800000001"}""")).Select(v => v.Description));
        Assert.DoesNotContain("13800000001", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"n":"5"}""", """{"n":5}""")]
    [InlineData("""{"n":"5.5"}""", """{"n":"5.5"}""")]
    [InlineData("""{"x":"-1.5","f":"true"}""", """{"x":-1.5,"f":true}""")]
    [InlineData("""{"s":"5","o":""}""", """{"s":"5"}""")]
    [InlineData("""{"r":"","n":" 5"}""", """{"r":"","n":" 5"}""")]
    [InlineData("""{"u":"7","n":null,"s":["1"]}""", """{"u":"7","n":null,"s":["1"]}""")]
    public void ArgumentReading_Texts_BecomeWhatTheSchemaWants(string written, string read)
    {
        var schema = JsonNode.Parse(
            """{"required":["r"],"properties":{"n":{"type":"integer"},"x":{"type":["null","number"]},"f":{"type":"boolean"},"s":{"type":"string"},"o":{"type":"string"},"r":{"type":"string"}}}""")!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(read), ArgumentReading.Read(JsonNode.Parse(written)!.AsObject(), schema.AsObject())));
    }

    [Theory]
    [InlineData("shop-api", true, false)]
    [InlineData("SHOP-API", true, false)]
    [InlineData("a.example.com", false, true)]
    [InlineData("example.com", false, false)]
    [InlineData(".example.com", false, false)]
    [InlineData("badexample.com", false, false)]
    [InlineData("a.example.com.evil.org", false, false)]
    public void HostAllowList_Host_IsNamedOrCovered(string host, bool named, bool covered)
    {
        var list = new HostAllowList(["shop-api", "*.example.com"]);

        Assert.Equal((named, covered), (list.Names(host), list.Covers(host)));
    }

    // Struct has doubles only, so 1.0 and 1 are one value.
    private static JsonNode? Normal(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Normal(m.Value)))),
        JsonArray items => new JsonArray(items.Select(Normal).ToArray()),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) && double.IsInteger(number) => JsonValue.Create((long)number),
        _ => node?.DeepClone(),
    };
}
