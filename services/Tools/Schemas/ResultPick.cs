using System.Text.Json.Nodes;

namespace Mesh.Tools.Schemas;

/// <summary>Keeps the named parts of an answer and drops the rest, so that what a business system adds tomorrow does not reach a customer.</summary>
internal sealed class ResultPick
{
    private readonly Dictionary<string, ResultPick?> members = [];

    private ResultPick()
    {
    }

    /// <param name="paths">Member names joined by dots; arrays are passed through: "orders.order_number".</param>
    public static ResultPick? Parse(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            return null;
        var root = new ResultPick();
        foreach (var path in paths)
            root.Add(path.Split('.'));
        return root;
    }

    public JsonNode? Apply(JsonNode? value) => value switch
    {
        JsonArray array => new JsonArray(array.Select(Apply).ToArray()),
        JsonObject from => new JsonObject(members
            .Where(m => from.ContainsKey(m.Key))
            .Select(m => KeyValuePair.Create(m.Key, m.Value is null ? from[m.Key]?.DeepClone() : m.Value.Apply(from[m.Key])))),
        _ => value?.DeepClone(),
    };

    /// <summary>The schema of what is left of a value of <paramref name="schema"/>.</summary>
    /// <param name="schema">A schema whose references point into <paramref name="definitions"/>.</param>
    /// <param name="unknown">Called with each named member that the schema does not have.</param>
    public JsonObject Apply(JsonObject schema, JsonObject definitions, Action<string> unknown)
    {
        if ((string?)schema["$ref"] is { } reference)
            schema = definitions[reference["#/$defs/".Length..]]!.AsObject();
        if (schema["items"] is JsonObject items)
            return new() { ["type"] = schema["type"]?.DeepClone(), ["items"] = Apply(items, definitions, unknown) };
        var properties = new JsonObject();
        foreach (var (name, below) in members)
        {
            if (schema["properties"]?[name] is not JsonObject property)
                unknown(name);
            else
                properties[name] = below is null ? property.DeepClone() : below.Apply(property, definitions, unknown);
        }

        var kept = new JsonObject { ["type"] = schema["type"]?.DeepClone(), ["properties"] = properties };
        if (schema["required"] is JsonArray required)
            kept["required"] = new JsonArray(required.Where(r => members.ContainsKey((string)r!)).Select(r => r!.DeepClone()).ToArray());
        return kept;
    }

    private void Add(ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
        {
            members[path[0]] = null;
            return;
        }

        if (!members.TryGetValue(path[0], out var below) || below is null)
            members[path[0]] = below = new ResultPick();
        below.Add(path[1..]);
    }
}
