using System.Text.RegularExpressions;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Reading;

/// <summary>A piece [Start, End) of the normalised text that may stand on its own.</summary>
/// <param name="Joined">It begins with a word that adds a second wish (顺便, 另外, "and also"), which itself lies before Start.</param>
internal readonly record struct Clause(int Start, int End, bool Joined);

/// <summary>Cuts a text at punctuation, pauses and words that add another wish.</summary>
internal static partial class Clauses
{
    /// <summary>More pieces than this are left together at the end.</summary>
    private const int MaxCount = 6;

    private const int ShortestPiece = 2;

    public static IReadOnlyList<Clause> Split(string text)
    {
        var clauses = new List<Clause>();
        var start = 0;
        var joined = false;
        foreach (Match border in Border().Matches(text))
        {
            if (clauses.Count == MaxCount - 1)
                break;
            var connective = border.Groups["join"].Success;
            if (!connective && border.ValueSpan is " " && !IsPause(text, border.Index))
                continue;
            if (border.Index - start >= ShortestPiece)
            {
                clauses.Add(new Clause(start, border.Index, joined));
                joined = false;
            }

            joined |= connective;
            start = border.Index + border.Length;
        }

        if (text.Length - start >= ShortestPiece || (clauses.Count == 0 && text.Length > 0))
            clauses.Add(new Clause(Math.Min(start, text.Length - 1), text.Length, joined));
        else if (clauses.Count > 0 && start < text.Length)
            clauses[^1] = clauses[^1] with { End = text.Length };
        return clauses;
    }

    /// <summary>A space is a pause beside a Chinese character: customers type it for a comma. Between Latin words it is only a space.</summary>
    private static bool IsPause(string text, int space) =>
        space > 0 && space + 1 < text.Length && (NormalizedText.IsHan(text[space - 1]) || NormalizedText.IsHan(text[space + 1]));

    [GeneratedRegex(@"[,，。;；!?\n~…]+ ?(?<join>(?:顺便|顺带|另外|还有|然后|同时|以及|对了|再帮我|再问|还想|and also|and then|and|also|plus|by the way|btw)(?:问一下|问下|再|,|，| )*)?| ?(?<join>(?:顺便|顺带|还有就是|还想问|另外(?:再|帮|问|查|请|麻烦))(?:问一下|问下|再|,|，| )*)| (?<join>(?:另外|还有|然后|同时|以及|对了|再帮我|再问)(?:问一下|问下|再|,|，| )*)|[. ](?<join>(?:and also|and then|also|plus|by the way|btw|and (?=(?:how|what|when|where|why|who|can|could|i |please|is|are|do|does|cancel|track|send|return|give|tell|show)))[, ]*)|\. | ", RegexOptions.CultureInvariant)]
    private static partial Regex Border();
}
