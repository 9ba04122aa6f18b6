using System.Text.Json.Nodes;
using Mesh.Tools.Catalog;
using Mesh.Tools.Http;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Mesh.Tools.OpenApi;

/// <summary>Makes tools of the operations that tools.yaml names in an OpenAPI document (3.0 or 3.1, JSON or YAML).</summary>
internal static class OpenApiTools
{
    private static readonly CallLimits DefaultLimits = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), 2);

    private static readonly Dictionary<string, BoundValue> BoundValues = new(StringComparer.Ordinal)
    {
        ["customer.id"] = BoundValue.CustomerId,
        ["conversation.id"] = BoundValue.ConversationId,
        ["tenant.id"] = BoundValue.TenantId,
        ["idempotency_key"] = BoundValue.IdempotencyKey,
        ["language"] = BoundValue.Language,
        ["deadline_ms"] = BoundValue.DeadlineMs,
    };

    /// <exception cref="ToolsFileException">The document is not OpenAPI, or lacks what tools.yaml needs; every fault is named.</exception>
    public static async Task<IReadOnlyList<ToolDefinition>> ReadAsync(
        Stream document, SourceEntry source, BusinessSystem system, CancellationToken cancellationToken)
    {
        var read = await LoadAsync(document, system.Name, cancellationToken);
        if (read.Document is null || read.Diagnostic?.Errors.Count > 0)
            throw new ToolsFileException((read.Diagnostic?.Errors ?? []).Select(e => $"sources.{system.Name}.openapi: {e.Pointer} {e.Message}").DefaultIfEmpty($"sources.{system.Name}.openapi is not an OpenAPI document").ToList());

        var faults = new List<string>();
        var bindings = ReadBindings(source, system.Name, faults);
        var schemas = SchemaSet.Of(read.Document);
        var operations = Operations(read.Document);
        var tools = source.Tools
            .Select(t => Read(t.Key, t.Value, $"sources.{system.Name}.tools.{t.Key}", source, system, bindings, schemas, operations, faults))
            .ToList();
        return faults.Count == 0 ? tools.ConvertAll(t => t!) : throw new ToolsFileException(faults);
    }

    private static async Task<ReadResult> LoadAsync(Stream document, string source, CancellationToken cancellationToken)
    {
        var settings = new OpenApiReaderSettings { LoadExternalRefs = false };
        settings.AddYamlReader();
        using var buffer = new MemoryStream();
        await document.CopyToAsync(buffer, cancellationToken);
        buffer.Position = 0;
        try
        {
            return await OpenApiDocument.LoadAsync(buffer, settings: settings, cancellationToken: cancellationToken);
        }
        // The reader has no exception of its own for what is not even a document.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ToolsFileException([$"sources.{source}.openapi: {e.Message}"], e);
        }
    }

    private static Dictionary<string, BoundValue> ReadBindings(SourceEntry source, string name, List<string> faults)
    {
        var bindings = new Dictionary<string, BoundValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (parameter, value) in source.Bind)
        {
            if (BoundValues.TryGetValue(value, out var bound))
                bindings[parameter] = bound;
            else
                faults.Add($"sources.{name}.bind.{parameter}: '{value}' is none of {string.Join(", ", BoundValues.Keys)}");
        }

        return bindings;
    }

    private static Dictionary<string, (HttpMethod Method, string Path, IOpenApiPathItem Item, OpenApiOperation Operation)> Operations(OpenApiDocument document) =>
        document.Paths
            .SelectMany(path => (path.Value.Operations ?? []).Select(o => (o.Key, path.Key, path.Value, o.Value)))
            .Where(o => o.Item4.OperationId is not null)
            .ToDictionary(o => o.Item4.OperationId!, StringComparer.Ordinal);

    private static ToolDefinition? Read(
        string name, ToolEntry entry, string place, SourceEntry source, BusinessSystem system, Dictionary<string, BoundValue> bindings, SchemaSet schemas,
        Dictionary<string, (HttpMethod Method, string Path, IOpenApiPathItem Item, OpenApiOperation Operation)> operations, List<string> faults)
    {
        var before = faults.Count;
        if (!operations.TryGetValue(entry.Operation ?? name, out var found))
        {
            faults.Add($"{place}: the document has no operation '{entry.Operation ?? name}'");
            return null;
        }

        var input = new ArgumentList(place, faults);
        foreach (var parameter in (found.Item.Parameters ?? []).Concat(found.Operation.Parameters ?? []))
            Add(parameter, input, bindings);
        AddBody(found.Operation.RequestBody, input, bindings, schemas);

        var effect = ReadEffect(entry, place, faults);
        var asks = effect == Effect.Write && entry.Confirmation != false;
        var question = asks ? ConfirmQuestion.Parse(entry.Confirm, $"{place}.confirm", faults) : null;
        if (!asks && entry.Confirm.Count > 0)
            faults.Add($"{place}.confirm: nothing is asked before this tool");

        var answer = Answer(found.Operation, place, schemas, faults);
        var pick = ResultPick.Parse(entry.Pick);
        if (pick is not null && answer is null)
            faults.Add($"{place}.pick: the operation answers nothing");
        var result = pick is null || answer is null
            ? answer
            : schemas.Complete(pick.Apply(answer, schemas.Definitions, member => faults.Add($"{place}.pick: the answer has no member '{member}'")));

        var limits = ReadLimits(place, faults, DefaultLimits, source.Limits, entry.Limits);
        if (faults.Count > before)
            return null;
        var descriptions = new Dictionary<string, string>(entry.Description);
        descriptions.TryAdd("en", found.Operation.Summary ?? found.Operation.Description ?? name);
        return new(
            name, system, descriptions, effect, new(found.Method, found.Path, input.Parameters), new(schemas.Complete(input.Schema)),
            answer is null ? null : new(answer), result, pick, question, limits);
    }

    private static void Add(IOpenApiParameter parameter, ArgumentList input, Dictionary<string, BoundValue> bindings)
    {
        var bound = bindings.TryGetValue(parameter.Name!, out var value) ? value : (BoundValue?)null;
        var schema = parameter.Schema is null ? new JsonObject() : SchemaSet.Json(parameter.Schema);
        if (parameter.Description is { Length: > 0 } description)
            schema["description"] = description;
        switch (parameter.In)
        {
            case ParameterLocation.Path:
                input.Add(new(parameter.Name!, ParameterPlace.Path, bound), schema, required: true);
                break;
            case ParameterLocation.Query when (string?)(schema["type"] as JsonValue) == "object":
                input.Fault($"the query parameter '{parameter.Name}' is an object, which is not supported");
                break;
            case ParameterLocation.Query:
                input.Add(new(parameter.Name!, ParameterPlace.Query, bound), schema, parameter.Required);
                break;
            case ParameterLocation.Header when bound is not null:
                input.Add(new(parameter.Name!, ParameterPlace.Header, bound), schema, parameter.Required);
                break;
            // Headers and cookies carry identity and protocol, so no argument becomes one.
            case var _ when parameter.Required:
                input.Fault($"the parameter '{parameter.Name}' is required and is in the {parameter.In}: bind it");
                break;
        }
    }

    private static void AddBody(IOpenApiRequestBody? body, ArgumentList input, Dictionary<string, BoundValue> bindings, SchemaSet schemas)
    {
        if (body is null)
            return;
        if (JsonSchema(body.Content) is not { } declared)
        {
            input.Fault("its body is not application/json with a schema");
            return;
        }

        var schema = schemas.Resolve(SchemaSet.Json(declared));
        if (schema["properties"] is not JsonObject members)
        {
            input.Fault("its body is not an object with properties");
            return;
        }

        var required = (schema["required"] as JsonArray ?? []).Select(r => (string)r!).ToHashSet(StringComparer.Ordinal);
        foreach (var (member, property) in members)
        {
            var bound = bindings.TryGetValue(member, out var value) ? value : (BoundValue?)null;
            input.Add(new(member, ParameterPlace.Body, bound), property!.DeepClone().AsObject(), required.Contains(member));
        }
    }

    private static Effect ReadEffect(ToolEntry entry, string place, List<string> faults)
    {
        if (entry.Effect is not ("read" or "write"))
            faults.Add($"{place}.effect is '{entry.Effect}', allowed is read or write");
        return entry.Effect == "read" ? Effect.Read : Effect.Write;
    }

    private static JsonObject? Answer(OpenApiOperation operation, string place, SchemaSet schemas, List<string> faults)
    {
        var success = (operation.Responses ?? []).Where(r => r.Key is ['2', ..]).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value).FirstOrDefault();
        if (success is null)
        {
            faults.Add($"{place}: the operation has no 2xx response");
            return null;
        }

        return JsonSchema(success.Content) is { } schema ? schemas.Complete(SchemaSet.Json(schema)) : null;
    }

    private static IOpenApiSchema? JsonSchema(IDictionary<string, OpenApiMediaType>? content) =>
        content is not null && content.TryGetValue("application/json", out var media) ? media.Schema : null;

    private static CallLimits ReadLimits(string place, List<string> faults, CallLimits defaults, params LimitsEntry[] entries)
    {
        var timeout = entries.Select(e => e.TimeoutMs).LastOrDefault(v => v is not null) ?? (int)defaults.Timeout.TotalMilliseconds;
        var attempt = entries.Select(e => e.AttemptTimeoutMs).LastOrDefault(v => v is not null) ?? (int)defaults.AttemptTimeout.TotalMilliseconds;
        var retries = entries.Select(e => e.Retries).LastOrDefault(v => v is not null) ?? defaults.Retries;
        if (timeout is < 50 or > 120_000)
            faults.Add($"{place}.limits.timeout_ms is {timeout}, allowed is 50 to 120000");
        if (attempt is < 50 or > 120_000)
            faults.Add($"{place}.limits.attempt_timeout_ms is {attempt}, allowed is 50 to 120000");
        if (retries is < 0 or > 10)
            faults.Add($"{place}.limits.retries is {retries}, allowed is 0 to 10");
        return new(TimeSpan.FromMilliseconds(timeout), TimeSpan.FromMilliseconds(attempt), retries);
    }

    /// <summary>Collects the parameters of an operation and the schema of those that are arguments.</summary>
    private sealed class ArgumentList(string place, List<string> faults)
    {
        public List<HttpParameter> Parameters { get; } = [];

        public JsonObject Schema { get; } = new() { ["type"] = "object", ["properties"] = new JsonObject(), ["required"] = new JsonArray(), ["additionalProperties"] = false };

        public void Fault(string text) => faults.Add($"{place}: {text}");

        public void Add(HttpParameter parameter, JsonObject schema, bool required)
        {
            if (Parameters.Any(p => p.Name == parameter.Name))
            {
                Fault($"the name '{parameter.Name}' is used twice");
                return;
            }

            Parameters.Add(parameter);
            if (parameter.Bound is not null)
                return;
            Schema["properties"]![parameter.Name] = schema;
            if (required)
                Schema["required"]!.AsArray().Add(parameter.Name);
        }
    }
}
