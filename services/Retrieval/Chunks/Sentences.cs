using Mesh.Retrieval.Documents;

namespace Mesh.Retrieval.Chunks;

/// <summary>Measures and splits Chinese and Latin text.</summary>
internal static class Sentences
{
    private const string Closing = "”’」』）)】》\"'";

    /// <summary>Size of a text: Chinese characters and Latin words count one each.</summary>
    public static int Units(ReadOnlySpan<char> text)
    {
        var units = 0;
        var inWord = false;
        foreach (var c in text)
        {
            if (IsWide(c))
            {
                units++;
                inWord = false;
            }
            else if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
            {
                if (!inWord)
                    units++;
                inWord = true;
            }
            else
                inWord = false;
        }
        return units;
    }

    /// <summary>Spans that follow one another and cover the range: each ends behind a sentence's end, or a line's.</summary>
    public static IEnumerable<Span> Split(string text, Span range)
    {
        var start = range.Start;
        for (var i = range.Start; i < range.End; i++)
        {
            var next = i + 1 < range.End ? text[i + 1] : ' ';
            var ends = text[i] is '。' or '！' or '？' or '；' or '…' or '\n' or '!' or '?' || (text[i] is '.' or ';' && char.IsWhiteSpace(next));
            if (!ends)
                continue;
            while (i + 1 < range.End && (Closing.Contains(text[i + 1], StringComparison.Ordinal) || text[i + 1] is '。' or '！' or '？' or '…' or '!' or '?' || char.IsWhiteSpace(text[i + 1])))
                i++;
            yield return new Span(start, i + 1);
            start = i + 1;
        }
        if (start < range.End)
            yield return new Span(start, range.End);
    }

    private static bool IsWide(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF') or (>= '\uF900' and <= '\uFAFF');
}
