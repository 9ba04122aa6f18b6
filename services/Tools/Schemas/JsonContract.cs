using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Mesh.Tools.Schemas;

/// <summary>A place in a JSON value that breaks its schema.</summary>
/// <param name="Field">JSON Pointer.</param>
/// <param name="Description">What is wrong, without the value itself.</param>
internal sealed record Violation(string Field, string Description);

/// <summary>A JSON Schema (2020-12) and its check.</summary>
internal sealed class JsonContract
{
    private const int MaxViolations = 20;
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private readonly JsonSchema schema;

    public JsonContract(JsonObject schema)
    {
        Schema = schema;
        this.schema = JsonSchema.FromText(schema.ToJsonString());
    }

    public JsonObject Schema { get; }

    /// <summary>What is wrong with a value, each offending field by name; empty if nothing.</summary>
    public IReadOnlyList<Violation> Check(JsonNode? value)
    {
        var results = schema.Evaluate(JsonSerializer.SerializeToElement(value), Options);
        if (results.IsValid)
            return [];
        var violations = (results.Details ?? []).Where(d => d is { IsValid: false, Errors.Count: > 0 })
            .SelectMany(d => d.Errors!.SelectMany(e => Describe(d, e.Key, e.Value, value)))
            .Distinct().Take(MaxViolations).ToList();
        return violations.Count > 0 ? violations : [new("", "does not match its schema")];
    }

    private static IEnumerable<Violation> Describe(EvaluationResults detail, string keyword, string message, JsonNode? root)
    {
        var location = detail.InstanceLocation.ToString();
        if (keyword == "required")
            return Missing(message).Select(name => new Violation($"{location}/{Escape(name)}", "is missing"));
        if (keyword.Length == 0 && detail.EvaluationPath.ToString().EndsWith("/additionalProperties", StringComparison.Ordinal))
            return [new(location, "is not known here")];
        // Numbers' messages begin with the value, which is the customer's.
        return [new(location, keyword is "maximum" or "minimum" or "exclusiveMaximum" or "exclusiveMinimum" ? AfterValue(message) : message)];
    }

    // "Required properties ["a","b"] are not present"
    private static string[] Missing(string message)
    {
        var start = message.IndexOf('[', StringComparison.Ordinal);
        var end = message.LastIndexOf(']');
        return start >= 0 && end > start ? JsonSerializer.Deserialize<string[]>(message[start..(end + 1)])! : [""];
    }

    // "7 should be at most 3"
    private static string AfterValue(string message) =>
        message.IndexOf("should", StringComparison.Ordinal) is >= 0 and var at ? message[at..] : "is out of range";

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
