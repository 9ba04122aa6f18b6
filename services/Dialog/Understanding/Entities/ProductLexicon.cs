using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Text;
using Quickenshtein;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>Names of things that the shop sells, found in a text exactly or with a few characters wrong.</summary>
internal sealed class ProductLexicon
{
    /// <summary>Beyond it only exact names are looked for: the cost of the fuzzy search is text length times names.</summary>
    private const int MaxFuzzyLength = 200;

    private readonly string[] _names;

    /// <param name="names">As customers call them; a found value is the name as given here.</param>
    public ProductLexicon(IEnumerable<string> names) =>
        _names = [.. names.Select(name => NormalizedText.From(name).Text).Where(name => name.Length >= 2).Distinct(StringComparer.Ordinal)
            .OrderByDescending(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>Longest names first; a place in the text belongs to one name.</summary>
    public IReadOnlyList<Found> Find(string text)
    {
        var found = new List<Found>();
        foreach (var name in _names)
        {
            for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
                Add(found, text, new Found(SlotType.Product, name, at, at + name.Length, 0.95));
        }

        if (text.Length > MaxFuzzyLength)
            return found;
        foreach (var name in _names)
        {
            var allowed = name.Length switch { < 4 => 0, < 8 => 1, _ => 2 };
            if (allowed > 0 && Nearest(text, name, allowed) is { } near)
            {
                var candidate = new Found(SlotType.Product, name, near.Start, near.Start + near.Length, 0.9 - (0.1 * near.Distance));
                // 蓝芽耳机 is a misspelt 蓝牙耳机 rather than some 耳机.
                if (near.Distance == 1)
                    found.RemoveAll(other => other.Start >= candidate.Start && other.End <= candidate.End && other.Length + 1 < candidate.Length);
                Add(found, text, candidate);
            }
        }

        return found;
    }

    private static void Add(List<Found> found, string text, Found candidate)
    {
        // "case" is not in "showcase"; Chinese words have no such border.
        var cutsWord = char.IsAsciiLetter(text[candidate.Start]) && candidate.Start > 0 && char.IsAsciiLetter(text[candidate.Start - 1]);
        if (!cutsWord && !found.Exists(other => other.Overlaps(candidate)))
            found.Add(candidate);
    }

    private static (int Start, int Length, int Distance)? Nearest(string text, string key, int allowed)
    {
        (int Start, int Length, int Distance)? best = null;
        for (var start = 0; start < text.Length; start++)
        {
            // A name starts with one of its own first two characters: the rest need not be measured.
            if (text[start] != key[0] && text[start] != key[1])
                continue;
            for (var length = Math.Max(2, key.Length - 1); length <= key.Length + 1 && start + length <= text.Length; length++)
            {
                var distance = Levenshtein.GetDistance(text.AsSpan(start, length), key);
                if (distance <= allowed && (best is null || distance < best.Value.Distance))
                    best = (start, length, distance);
            }
        }

        return best;
    }
}
