using System.Text;

namespace Mesh.Guard.Text;

/// <summary>
/// A text in the forms that the scanners read, made once. <see cref="Plain"/> keeps case and line breaks and folds width and invisible
/// characters; <see cref="Words"/> is lower case with spelled-out and look-alike letters undone; <see cref="Compact"/> is Words without
/// anything but letters and digits. Every finding is mapped back to the original.
/// </summary>
internal sealed class NormalizedText
{
    /// <summary>Stands for a masked range in every view: no letter, no digit, no punctuation.</summary>
    public const char Mask = '\uE000';

    private readonly Lazy<TextView> _words;
    private readonly Lazy<TextView> _compact;

    /// <param name="original">Any text.</param>
    /// <param name="masked">Ranges, in order and apart, that are not to be read: each becomes one <see cref="Mask"/>.</param>
    public NormalizedText(string original, IReadOnlyList<TextRange>? masked = null)
    {
        Original = original;
        Plain = Fold(original, masked ?? [], out var tags, out var overrides);
        TagCharacters = tags;
        Overrides = overrides;
        _words = new Lazy<TextView>(() => ToWords(Plain), LazyThreadSafetyMode.None);
        _compact = new Lazy<TextView>(() => ToCompact(Words), LazyThreadSafetyMode.None);
    }

    public string Original { get; }

    public TextView Plain { get; }

    /// <summary>Maps to <see cref="Plain"/>; use <see cref="FromWords"/> for the original.</summary>
    public TextView Words => _words.Value;

    /// <summary>Maps to <see cref="Words"/>.</summary>
    public TextView Compact => _compact.Value;

    /// <summary>Invisible tag characters (they carry ASCII that only a model reads).</summary>
    public int TagCharacters { get; }

    public int Overrides { get; }

    public TextRange FromPlain(int start, int end) => Plain.Map(start, end);

    /// <summary>Where in the original the first <paramref name="length"/> characters of the plain view end.</summary>
    public int FromPlainEnd(int length) => length == 0 ? 0 : Plain.Map(length - 1, length).End;

    public TextRange FromWords(int start, int end) => Plain.Map(Words.Map(start, end));

    private static TextView Fold(string original, IReadOnlyList<TextRange> masked, out int tags, out int overrides)
    {
        tags = 0;
        overrides = 0;
        var view = new TextView.Builder(original.Length);
        var next = 0;
        for (var i = 0; i < original.Length; i++)
        {
            if (next < masked.Count && i == masked[next].Start)
            {
                view.Add(Mask, i, masked[next].End);
                i = masked[next++].End - 1;
                continue;
            }

            var c = original[i];
            if (char.IsHighSurrogate(c) && Rune.TryGetRuneAt(original, i, out var rune))
            {
                if (CharFolding.FoldRune(rune) is { } ascii)
                {
                    tags += CharFolding.IsTag(rune) ? 1 : 0;
                    view.Add(ascii, i, i + 2);
                }
                else if (!CharFolding.IsTag(rune) && rune.Value is not (>= 0xE0100 and <= 0xE01EF))
                {
                    // Both halves point at the whole pair, so that no span can cut it.
                    view.Add(c, i, i + 2);
                    view.Add(original[i + 1], i, i + 2);
                }

                i++;
                continue;
            }

            if (CharFolding.IsInvisible(c))
            {
                overrides += CharFolding.IsOverride(c) ? 1 : 0;
                continue;
            }

            view.Add(CharFolding.FoldWidth(c), i, i + 1);
        }

        return view.Build();
    }

    private static TextView ToWords(TextView plain)
    {
        var text = plain.Text;
        var view = new TextView.Builder(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            var spelled = SpelledOut(text, i);
            if (spelled > 0)
            {
                // "i g n o r e", "f*u*c*k": the letters alone. A wider gap ends the word.
                for (var k = i; k < spelled; k += 2)
                    view.Add(CharFolding.FoldWord(text[k]), k, k + 1);
                i = spelled;
                continue;
            }

            var c = text[i];
            if (char.IsAsciiLetterOrDigit(c) || c is '@' or '$')
            {
                var end = i + 1;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '@' or '$'))
                    end++;
                AddToken(view, text, i, end);
                i = end;
                continue;
            }

            if (c is ' ' or '\n')
            {
                if (view.Last is not (' ' or '\n'))
                    view.Add(c, i, i + 1);
            }
            else
            {
                view.Add(CharFolding.FoldWord(c), i, i + 1);
            }

            i++;
        }

        return view.Build();
    }

    /// <summary>End of a run of at least four single letters, each parted by one and the same character; 0 where there is none.</summary>
    private static int SpelledOut(string text, int start)
    {
        if (!IsLatin(text[start]) || (start > 0 && IsLatin(text[start - 1])) || start + 6 >= text.Length)
            return 0;
        var separator = text[start + 1];
        if (separator is not (' ' or '*' or '.' or '-' or '_' or '|' or '/' or '~' or '+'))
            return 0;
        var end = start + 1;
        var letters = 1;
        while (end + 1 < text.Length && text[end] == separator && IsLatin(text[end + 1])
            && (end + 2 >= text.Length || !IsLatin(text[end + 2])))
        {
            letters++;
            end += 2;
        }

        return letters >= 4 ? end : 0;
    }

    private static bool IsLatin(char c) => char.IsAsciiLetterOrDigit(c) || (c >= 0x80 && char.IsAsciiLetter(CharFolding.FoldWord(c)));

    private static void AddToken(TextView.Builder view, string text, int start, int end)
    {
        var letters = 0;
        for (var k = start; k < end; k++)
            letters += char.IsAsciiLetter(text[k]) ? 1 : 0;
        // Only words that are mostly letters are respelled: "1gn0re", not "SO2026110001" nor "2pcs".
        var respell = letters * 2 > end - start && letters < end - start && !char.IsAsciiDigit(text[end - 1]);
        for (var k = start; k < end; k++)
            view.Add(respell ? Unleet(text[k]) : char.ToLowerInvariant(text[k]), k, k + 1);
    }

    private static char Unleet(char c) => c switch
    {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => char.ToLowerInvariant(c),
    };

    private static TextView ToCompact(TextView words)
    {
        var text = words.Text;
        var view = new TextView.Builder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsLetterOrDigit(text[i]))
                view.Add(text[i], i, i + 1);
        }

        return view.Build();
    }
}
