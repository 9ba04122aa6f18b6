using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Groups of digits that stand close enough together to be one number: "138 0000 0001", "(021) 5888-1234".</summary>
internal sealed class DigitRun
{
    /// <summary>More groups than any number has; a longer row of them is cut.</summary>
    private const int MaxGroups = 24;

    private readonly List<TextRange> _groups = [];

    public IReadOnlyList<TextRange> Groups => _groups;

    public TextRange Range => new(_groups[0].Start, _groups[^1].End);

    /// <summary>Every run of a text, in order. One pass.</summary>
    public static IEnumerable<DigitRun> In(string text)
    {
        DigitRun? run = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                continue;
            var end = i + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (run is not null && (run._groups.Count == MaxGroups || !Joins(text, run._groups[^1].End, i)))
            {
                yield return run;
                run = null;
            }

            run ??= new DigitRun();
            run._groups.Add(new TextRange(i, end));
            i = end;
        }

        if (run is not null)
            yield return run;
    }

    /// <summary>The digits of groups <paramref name="first"/> to <paramref name="last"/>, or null if there are more than <paramref name="limit"/>.</summary>
    public string? Digits(string text, int first, int last, int limit)
    {
        var length = Length(first, last);
        if (length > limit)
            return null;
        return string.Create(length, (_groups, text, first, last), static (target, s) =>
        {
            var at = 0;
            for (var g = s.first; g <= s.last; g++)
            {
                s.text.AsSpan(s._groups[g].Start, s._groups[g].Length).CopyTo(target[at..]);
                at += s._groups[g].Length;
            }
        });
    }

    /// <summary>How many digits groups <paramref name="first"/> to <paramref name="last"/> have.</summary>
    public int Length(int first, int last)
    {
        var length = 0;
        for (var g = first; g <= last; g++)
            length += _groups[g].Length;
        return length;
    }

    /// <summary>Lengths of the groups in order, and whether they are all parted in the same way.</summary>
    public bool HasShape(int first, int last, params ReadOnlySpan<int> lengths)
    {
        if (last - first + 1 != lengths.Length)
            return false;
        for (var g = first; g <= last; g++)
        {
            if (_groups[g].Length != lengths[g - first])
                return false;
        }

        return true;
    }

    /// <summary>What stands between two neighbouring groups.</summary>
    public string Separator(string text, int group) => text[_groups[group].End.._groups[group + 1].Start];

    public bool UniformlySeparated(string text, int first, int last)
    {
        for (var g = first + 1; g < last; g++)
        {
            if (Separator(text, g) != Separator(text, first))
                return false;
        }

        return true;
    }

    private static bool Joins(string text, int from, int to)
    {
        if (to - from > 3)
            return false;
        for (var i = from; i < to; i++)
        {
            if (text[i] is not (' ' or '-' or '.' or '(' or ')' or '·' or '_' or '~'))
                return false;
        }

        return true;
    }
}
