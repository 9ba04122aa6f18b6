using System.Text.RegularExpressions;

namespace Mesh.Dialog.Flows;

/// <summary>Kind of value that a slot takes. The extractor and the validation are chosen by it.</summary>
public enum SlotType
{
    /// <summary>Upper-case letters and digits as the shop prints them: "SO2026110001".</summary>
    OrderId,

    /// <summary>Chinese mobile number, 11 digits without separators.</summary>
    Phone,

    /// <summary>Calendar day, ISO 8601: "2026-11-25".</summary>
    Date,

    /// <summary>Yuan with up to two decimals and a point, without sign or grouping: "128.50".</summary>
    Amount,

    /// <summary>Whole or decimal number, invariant: "2".</summary>
    Number,

    /// <summary>The customer's words, trimmed.</summary>
    Text,

    /// <summary>One of the slot's values.</summary>
    Choice,

    /// <summary>Name of a product as the customer says it.</summary>
    Product,

    /// <summary>Postal address, as the customer writes it.</summary>
    Address,

    /// <summary>"true" or "false".</summary>
    Boolean,
}

/// <summary>Something that flows need to know. Slots are shared: a value given in one flow is known to the flows it links to.</summary>
/// <param name="Name">Lower-case identifier, unique among all files.</param>
/// <param name="Ask">Liquid template of the question.</param>
/// <param name="Invalid">Liquid template said before asking again when the answer cannot be such a value; null for a general text.</param>
/// <param name="Values">For <see cref="SlotType.Choice"/> only.</param>
/// <param name="MaxLength">Longest value in UTF-16 units.</param>
/// <param name="Pattern">What a whole value looks like; null for any.</param>
public sealed record SlotDefinition(
    string Name, SlotType Type, LocalText Title, LocalTemplate Ask, LocalTemplate? Invalid, IReadOnlyList<ChoiceValue> Values, int MaxLength, Regex? Pattern);

/// <summary>One value of a choice slot.</summary>
/// <param name="Value">What tools receive.</param>
/// <param name="Title">What the customer sees.</param>
/// <param name="Synonyms">Other words for it, without the titles.</param>
public sealed record ChoiceValue(string Value, LocalText Title, Examples Synonyms);
