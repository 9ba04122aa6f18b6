using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.Conversations;

namespace Mesh.Dialog.Flows;

/// <summary>What a flow's templates can read: plain values only.</summary>
internal static class FlowScope
{
    /// <summary>
    /// Names that are always there: the slots by name, the customer (<c>customer.id</c>, <c>customer.known</c>), the last failed tool call
    /// (<c>error.code</c>, <c>error.message</c>) and the language ("zh" or "en").
    /// </summary>
    public static readonly string[] FixedNames = ["slots", "customer", "error", "language"];

    public static Dictionary<string, object?> Of(ConversationState state, Frame frame, string language)
    {
        var scope = frame.Results.ToDictionary(result => result.Key, result => Plain(result.Value), StringComparer.Ordinal);
        scope["slots"] = frame.Slots.ToDictionary(slot => slot.Key, slot => Plain(slot.Value), StringComparer.Ordinal);
        scope["customer"] = new Dictionary<string, object?> { ["id"] = state.CustomerId, ["known"] = state.CustomerId.Length > 0 };
        scope["error"] = frame.Error is { } error ? new Dictionary<string, object?> { ["code"] = error.Code, ["message"] = error.Message } : null;
        scope["language"] = language;
        return scope;
    }

    /// <summary>JSON values as dictionaries, lists, texts, decimals, booleans and null.</summary>
    public static object? Plain(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue,
        // Numbers beyond decimal's range cannot be a shop's amounts; they stay doubles.
        Value.KindOneofCase.NumberValue => Math.Abs(value.NumberValue) < 1e15 ? (decimal)value.NumberValue : value.NumberValue,
        Value.KindOneofCase.StructValue => value.StructValue.Fields.ToDictionary(field => field.Key, field => Plain(field.Value), StringComparer.Ordinal),
        Value.KindOneofCase.ListValue => value.ListValue.Values.Select(Plain).ToList(),
        _ => null,
    };

    /// <summary>The list at a path of names within a result; null when there is none.</summary>
    public static List<object?>? ListAt(Value value, string path)
    {
        var at = Plain(value);
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            at = at is Dictionary<string, object?> fields ? fields.GetValueOrDefault(name) : null;
        return at as List<object?>;
    }
}
