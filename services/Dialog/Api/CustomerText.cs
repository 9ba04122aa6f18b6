using System.Text;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Api;

/// <summary>A customer's or agent's text as it is kept: without characters that hide or reorder what a reader sees.</summary>
internal static class CustomerText
{
    public const int MaxLength = 4_000;

    /// <summary>Direction overrides and control characters removed, ends trimmed, line ends as \n.</summary>
    /// <exception cref="InvalidRequestException">Nothing is left, or it is too long, or it is not well-formed UTF-16.</exception>
    public static string Normalise(string text, string field)
    {
        Require.Length(text, field, 1, MaxLength);
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsHidden(rune.Value))
                kept.Append(rune);
        }

        var normal = kept.ToString().Trim();
        return normal.Length > 0 ? normal : throw new InvalidRequestException(field, "holds nothing that can be read");
    }

    private static bool IsHidden(int value) =>
        value is < 0x20 or (>= 0x7F and <= 0x9F)
            // Marks, embeddings, overrides and isolates of direction.
            or 0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
            or 0xFEFF or 0x200B or 0x2060 or 0xFFFD;
}
