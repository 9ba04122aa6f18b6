using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Mesh.Tools.OpenApi;

/// <summary>The schemas of a document as JSON Schema 2020-12, with references to <c>#/$defs</c>.</summary>
internal sealed class SchemaSet
{
    private const string Prefix = "#/$defs/";

    private SchemaSet(JsonObject definitions) => Definitions = definitions;

    public JsonObject Definitions { get; }

    public static SchemaSet Of(OpenApiDocument document) =>
        new(new((document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>()).Select(s => KeyValuePair.Create(s.Key, (JsonNode?)Serialize(s.Value)))));

    public static JsonObject Json(IOpenApiSchema schema) => Serialize(schema);

    /// <summary>The schema itself, or the one that it refers to.</summary>
    public JsonObject Resolve(JsonObject schema) =>
        (string?)schema["$ref"] is { } reference ? Resolve(Definitions[reference[Prefix.Length..]]!.AsObject()) : schema;

    /// <summary>The schema with the definitions that it needs, and no others.</summary>
    public JsonObject Complete(JsonObject schema)
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        Collect(schema, needed);
        if (needed.Count > 0)
            schema["$defs"] = new JsonObject(needed.Select(n => KeyValuePair.Create(n, Definitions[n]?.DeepClone())));
        return schema;
    }

    private void Collect(JsonNode? node, SortedSet<string> needed)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Collect(item, needed);
        }
        else if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) && reference.StartsWith(Prefix, StringComparison.Ordinal)
                && needed.Add(reference[Prefix.Length..]))
                Collect(Definitions[reference[Prefix.Length..]], needed);
            foreach (var (name, member) in members)
            {
                if (name != "$defs")
                    Collect(member, needed);
            }
        }
    }

    // The library writes every version's schema as 3.1, which is JSON Schema.
    private static JsonObject Serialize(IOpenApiSchema schema)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        schema.SerializeAsV31(new OpenApiJsonWriter(text));
        return JsonNode.Parse(text.ToString().Replace("\"#/components/schemas/", $"\"{Prefix}", StringComparison.Ordinal))!.AsObject();
    }
}
