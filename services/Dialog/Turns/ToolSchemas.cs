using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Tools.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Turns;

/// <summary>
/// Templates render texts; tools want the types of their schemas. What the tools service lists is kept for a minute per tenant;
/// while it does not answer, arguments stay texts and it decides.
/// </summary>
internal sealed class ToolSchemas(ToolsService.ToolsServiceClient client, IOptions<DialogOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset At, Dictionary<string, Struct> Schemas)> _byTenant = new(StringComparer.Ordinal);

    /// <summary>Arguments with the types that the tool's schema states; empty texts are left out.</summary>
    public async Task<Struct> TypeAsync(Turn turn, string tool, IReadOnlyDictionary<string, string> arguments)
    {
        var schema = (await SchemasAsync(turn)).GetValueOrDefault(tool);
        var properties = schema?.Fields.GetValueOrDefault("properties")?.StructValue;
        var typed = new Struct();
        foreach (var (name, text) in arguments)
        {
            if (text.Length > 0)
                typed.Fields[name] = Typed(text, properties?.Fields.GetValueOrDefault(name)?.StructValue);
        }

        return typed;
    }

    private async Task<Dictionary<string, Struct>> SchemasAsync(Turn turn)
    {
        var tenant = turn.State.Key.TenantId;
        lock (_lock)
        {
            if (_byTenant.TryGetValue(tenant, out var kept) && time.GetUtcNow() - kept.At < Kept)
                return kept.Schemas;
        }

        try
        {
            var listed = await turn.StageAsync("tool_list", options.Value.Budgets.Understand, token => client.ListToolsAsync(new ListToolsRequest(), cancellationToken: token).ResponseAsync);
            var schemas = listed.Tools.ToDictionary(tool => tool.Name, tool => tool.InputSchema ?? new Struct(), StringComparer.Ordinal);
            lock (_lock)
                _byTenant[tenant] = (time.GetUtcNow(), schemas);
            return schemas;
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            return [];
        }
    }

    private static Value Typed(string text, Struct? schema)
    {
        switch (TypeOf(schema))
        {
            case "integer" or "number" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return Value.ForNumber(number);
            case "boolean" when text is "true" or "false":
                return Value.ForBool(text == "true");
            case "array" or "object":
                try
                {
                    return JsonParser.Default.Parse<Value>(text);
                }
                catch (InvalidProtocolBufferException)
                {
                    return Value.ForString(text);
                }

            default:
                return Value.ForString(text);
        }
    }

    // "type" is a name or, for what may be null, a list of names.
    private static string TypeOf(Struct? schema) => schema?.Fields.GetValueOrDefault("type") switch
    {
        { KindCase: Value.KindOneofCase.StringValue } one => one.StringValue,
        { KindCase: Value.KindOneofCase.ListValue } several => several.ListValue.Values.Select(type => type.StringValue).FirstOrDefault(type => type != "null") ?? "",
        _ => "",
    };
}
