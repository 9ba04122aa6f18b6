using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;

namespace Mesh.Dialog.Flows;

/// <summary>Whether a text can be a slot's value, and the value it is then.</summary>
internal static partial class SlotValues
{
    /// <summary>Null when it cannot.</summary>
    public static Value? Parse(SlotDefinition slot, string text)
    {
        text = text.Trim();
        if (text.Length == 0 || text.Length > slot.MaxLength)
            return null;
        if (slot.Type == SlotType.OrderId)
            text = text.ToUpperInvariant();
        if (slot.Pattern is { } pattern && !pattern.IsMatch(text))
            return null;
        return slot.Type switch
        {
            SlotType.OrderId when slot.Pattern is null && !OrderId().IsMatch(text) => null,
            SlotType.Phone when !Phone().IsMatch(text) => null,
            SlotType.Date when !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => null,
            SlotType.Amount when !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount < 0 => null,
            SlotType.Number when !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => null,
            SlotType.Choice when slot.Values.All(value => value.Value != text) => null,
            SlotType.Address when text.Length < 8 => null,
            SlotType.Boolean => text is "true" or "false" ? Value.ForBool(text == "true") : null,
            _ => Value.ForString(text),
        };
    }

    /// <summary>A value as text, in the form that <see cref="SlotType"/> describes.</summary>
    public static string Text(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        Value.KindOneofCase.NumberValue => value.NumberValue.ToString(CultureInfo.InvariantCulture),
        _ => value.StringValue,
    };

    /// <summary>A value as the customer should see it.</summary>
    public static string Show(SlotDefinition slot, Value value, string language)
    {
        var text = Text(value);
        return slot.Values.FirstOrDefault(choice => choice.Value == text)?.Title.In(language) ?? text;
    }

    [GeneratedRegex("^[A-Z0-9-]{6,32}$")]
    private static partial Regex OrderId();

    [GeneratedRegex("^1[3-9][0-9]{9}$")]
    private static partial Regex Phone();
}
