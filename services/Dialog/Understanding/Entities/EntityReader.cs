using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>Finds every value that a slot could take, whatever is asked. Deterministic; time grows linearly with the text.</summary>
internal sealed class EntityReader(OrderNumbers orders, ProductLexicon products)
{
    /// <param name="asked">Type of the slot that was asked for; lets bare digits be an order number and bare numbers an amount.</param>
    /// <returns>In the order of the text, without overlaps: the likelier and longer one wins.</returns>
    public IReadOnlyList<Found> Read(NormalizedText text, DateOnly today, SlotType? asked)
    {
        var s = text.Text;
        List<Found> all =
        [
            .. orders.Find(s, asked == SlotType.OrderId),
            .. PhoneNumberFinder.Find(s),
            .. EmailAddresses.Find(s),
            .. CalendarDates.Find(s, today),
            .. Quantities.Amounts(s, asked == SlotType.Amount),
            .. Addresses.Find(text),
            .. products.Find(s),
            .. Quantities.Numbers(s),
        ];

        // The type that was asked for wins; otherwise the likelier one, then the longer one.
        var ordered = all
            .Select(found => found.Type == asked ? found with { Score = Math.Min(1, found.Score + 0.04) } : found)
            .OrderByDescending(found => found.Score + (0.02 * Math.Min(found.Length, 20)) + (found.Type == asked ? 0.3 : 0))
            .ThenBy(found => found.Start).ThenBy(found => found.Type);
        var kept = new List<Found>();
        foreach (var found in ordered)
        {
            if (found.Length > 0 && !kept.Exists(found.Overlaps))
                kept.Add(found);
        }

        kept.Sort((a, b) => a.Start.CompareTo(b.Start));
        return kept;
    }

    /// <summary>The text with every number, name and date replaced by one character for its type, so that wordings are compared without them.</summary>
    public static string Mask(string text, IReadOnlyList<Found> found)
    {
        var builder = new System.Text.StringBuilder(text.Length);
        var at = 0;
        foreach (var entity in found)
        {
            if (entity.Start < at || entity.Type is SlotType.Number)
                continue;
            builder.Append(text, at, entity.Start - at).Append(MaskOf(entity.Type));
            at = entity.End;
        }

        return builder.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Private-use character that stands for a value of this type.</summary>
    public static char MaskOf(SlotType type) => (char)('\uE000' + (int)type);
}
