using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>E-mail addresses of the usual form, as a text value.</summary>
internal static partial class EmailAddresses
{
    public static IEnumerable<Found> Find(string text)
    {
        if (!text.Contains('@', StringComparison.Ordinal))
            yield break;
        foreach (Match match in Pattern().Matches(text))
            yield return new Found(SlotType.Text, match.Value, match.Index, match.Index + match.Length, 0.98);
    }

    [GeneratedRegex(@"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
