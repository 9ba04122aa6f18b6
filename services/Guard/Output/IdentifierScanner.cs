using Mesh.Guard.Profiles;
using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

/// <summary>Finds the company's own identifiers: whole ones only, not parts of longer codes.</summary>
internal static class IdentifierScanner
{
    /// <summary>In order, not overlapping; ranges of <paramref name="plain"/>.</summary>
    public static IReadOnlyList<(Identifier Identifier, TextRange Range)> Find(string plain, IReadOnlyList<Identifier> identifiers)
    {
        var found = new List<(Identifier Identifier, TextRange Range)>();
        foreach (var identifier in identifiers)
        {
            foreach (var match in identifier.Pattern.EnumerateMatches(plain))
            {
                var range = new TextRange(match.Index, match.Index + match.Length);
                if (range.Length > 0 && !Joins(plain, range.Start - 1) && !Joins(plain, range.End))
                    found.Add((identifier, range));
            }
        }

        found.Sort((a, b) => a.Range.Start.CompareTo(b.Range.Start));
        var last = -1;
        found.RemoveAll(f =>
        {
            if (f.Range.Start < last)
                return true;
            last = f.Range.End;
            return false;
        });
        return found;
    }

    private static bool Joins(string text, int at) => at >= 0 && at < text.Length && char.IsAsciiLetterOrDigit(text[at]);
}
