using System.Globalization;
using System.Text.Json.Nodes;

namespace Mesh.Tools.Schemas;

/// <summary>
/// Reads arguments as their writers meant them: templates and language models hand over numbers and flags as text ("5", "true") and leave out
/// an optional argument as an empty text. Nothing else is converted; the schema judges what comes out.
/// </summary>
internal static class ArgumentReading
{
    public static JsonObject Read(JsonObject arguments, JsonObject schema)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(r => (string)r!).ToHashSet(StringComparer.Ordinal);
        var read = new JsonObject();
        foreach (var (name, value) in arguments)
        {
            var property = schema["properties"]?[name] as JsonObject;
            if (property is null || value is not JsonValue text || !text.TryGetValue<string>(out var written))
                read[name] = value?.DeepClone();
            else if (written.Length > 0 || required.Contains(name))
                read[name] = Typed(written, property) ?? JsonValue.Create(written);
        }

        return read;
    }

    private static JsonValue? Typed(string written, JsonObject property)
    {
        var types = property["type"] switch
        {
            JsonArray several => several.Select(t => (string)t!).ToArray(),
            JsonValue one => [(string)one!],
            _ => [],
        };
        if (types.Contains("string"))
            return null;
        if (types.Contains("integer") && long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (types.Contains("number") && decimal.TryParse(written, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return JsonValue.Create(number);
        return types.Contains("boolean") && bool.TryParse(written, out var flag) ? JsonValue.Create(flag) : null;
    }
}
