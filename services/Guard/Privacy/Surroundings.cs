using System.Buffers;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>What stands around a number, which decides whether it can be a number of its own.</summary>
internal static class Surroundings
{
    private static readonly SearchValues<char> CurrencyBefore = SearchValues.Create("¥￥$€£");
    private static readonly SearchValues<char> UnitAfter = SearchValues.Create("元块万亿%％折件斤克颗套台份次倍米吨升");
    private static readonly string[] Names = ["tel", "phone", "mobile", "cell", "call", "qq", "vx", "wx", "v", "q", "no", "at", "is", "id", "card", "ssn"];

    /// <summary>False where the number goes on to the left, as part of a code or a decimal.</summary>
    public static bool OpenLeft(string text, int start)
    {
        if (start == 0)
            return true;
        var c = text[start - 1];
        if (char.IsAsciiLetter(c))
            return Names.Any(n => EndsWithWord(text, start, n));
        if (c is '_')
            return false;
        // "13800000001/13900000002" are two numbers, "2026/11" is one thing.
        if (c == '/' && start > 7 && text.AsSpan(start - 8, 7).IndexOfAnyExceptInRange('0', '9') < 0)
            return true;
        if (c is '-' or '.' or '/' or '\\' or '#' && start > 1)
            return !char.IsAsciiLetterOrDigit(text[start - 2]) || IsCountryPrefix(text, start - 1);
        return !char.IsAsciiDigit(c);
    }

    public static bool OpenRight(string text, int end)
    {
        if (end >= text.Length)
            return true;
        var c = text[end];
        if (char.IsAsciiLetterOrDigit(c) || c == '_')
            return false;
        return c is not ('-' or '.' or '/') || end + 1 >= text.Length || !char.IsAsciiLetterOrDigit(text[end + 1]) || c == '/';
    }

    /// <summary>¥13800000001, 13800000001元: a quantity.</summary>
    public static bool IsAmount(string text, TextRange range)
    {
        var before = range.Start - 1;
        while (before >= 0 && text[before] == ' ')
            before--;
        if (before >= 0 && CurrencyBefore.Contains(text[before]))
            return true;
        var after = range.End;
        while (after < text.Length && text[after] == ' ')
            after++;
        return after < text.Length && UnitAfter.Contains(text[after]);
    }

    /// <summary>Whether nothing else was said.</summary>
    public static bool IsAlone(string text, TextRange range) =>
        text.AsSpan(0, range.Start).Trim(" \n。.，,：:").IsEmpty && text.AsSpan(range.End).Trim(" \n。.，,").IsEmpty;

    public static bool LooksLikeDate(string text, DigitRun run, int first, int last) =>
        last - first == 2 && run.Groups[first].Length == 4 && run.Groups[first + 1].Length <= 2 && run.Groups[last].Length <= 2
        && text[run.Groups[first].Start] is '1' or '2';

    private static bool IsCountryPrefix(string text, int end) =>
        EndsWith(text, end, "86") && (end == 2 || !char.IsAsciiLetterOrDigit(text[end - 3]) || EndsWith(text, end, "0086"));

    private static bool EndsWithWord(string text, int end, string word)
    {
        var start = end - word.Length;
        return start >= 0 && text.AsSpan(start, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            && (start == 0 || !char.IsAsciiLetterOrDigit(text[start - 1]));
    }

    private static bool EndsWith(string text, int end, string word) =>
        end >= word.Length && text.AsSpan(end - word.Length, word.Length).SequenceEqual(word);
}
