using System.Collections.Frozen;
using System.Text;
using JiebaNet.Segmenter;
using Lucene.Net.Tartarus.Snowball.Ext;

namespace Mesh.Embedding.Text;

/// <summary>How a term came about.</summary>
internal enum TermKind
{
    Word,
    /// <summary>Two neighbouring Chinese characters, whatever the segmenter made of them.</summary>
    Bigram,
    /// <summary>A word without a topic of its own; not indexed.</summary>
    Stop,
}

/// <summary>A term of a text. <see cref="Start"/> and <see cref="End"/> are UTF-16 positions in the original text.</summary>
internal readonly record struct Term(string Text, int Start, int End, TermKind Kind);

/// <summary>
/// Splits Chinese and Latin text into index terms. Chinese is segmented into words, and its character bigrams are added, so that a wrong segmentation does
/// not lose a match. Latin words are lower-cased, stop words marked, the rest stemmed (Porter 2); anything with a digit in it (order numbers, product codes,
/// sizes) is kept whole, and also in parts where punctuation joins it. Full-width forms are folded; every fold keeps the length, so positions hold.
/// Traditional characters are left as they are.
/// </summary>
internal sealed class TextAnalyzer
{
    /// <summary>Part of every encoder revision: change it when the same text gives other terms than before.</summary>
    public const string Version = "analysis-1";

    private static readonly FrozenSet<string> StopWords = LoadStopWords();
    private readonly JiebaSegmenter _segmenter;

    /// <summary>Reads the dictionary: about two seconds, once per process.</summary>
    public TextAnalyzer()
    {
        ConfigManager.ConfigFileBaseDir = Path.Combine(AppContext.BaseDirectory, "Resources");
        _segmenter = new JiebaSegmenter();
    }

    public List<Term> Analyze(string text)
    {
        var folded = Fold(text);
        var terms = new List<Term>(folded.Length);
        EnglishStemmer? stemmer = null;
        for (var i = 0; i < folded.Length;)
        {
            var start = i;
            if (IsCjk(folded[i]))
            {
                while (i < folded.Length && IsCjk(folded[i]))
                    i++;
                AddChinese(terms, folded[start..i], start);
            }
            else if (char.IsLetterOrDigit(folded[i]))
            {
                while (i < folded.Length && (IsLatin(folded[i]) || Joins(folded, i)))
                    i++;
                AddLatin(terms, folded.AsSpan(start, i - start), start, stemmer ??= new EnglishStemmer());
            }
            else
                i++;
        }
        return terms;
    }

    /// <summary>Full-width ASCII to half-width, then lower case. Length and positions stay.</summary>
    internal static string Fold(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            target[i] = c switch
            {
                >= '\uFF01' and <= '\uFF5E' => char.ToLowerInvariant((char)(c - 0xFEE0)),
                '\u3000' or '\u00A0' => ' ',
                '\u2019' => '\'',
                '\u2010' or '\u2011' or '\u2212' => '-',
                _ => char.ToLowerInvariant(c),
            };
        }
    });

    private void AddChinese(List<Term> terms, string run, int offset)
    {
        var words = new HashSet<(int, int)>();
        foreach (var word in _segmenter.Tokenize(run, TokenizerMode.Search))
        {
            if (!words.Add((word.StartIndex, word.EndIndex)))
                continue;
            var text = run[word.StartIndex..word.EndIndex];
            terms.Add(new Term(text, offset + word.StartIndex, offset + word.EndIndex, StopWords.Contains(text) ? TermKind.Stop : TermKind.Word));
        }
        for (var i = 0; i + 2 <= run.Length; i++)
            if (!words.Contains((i, i + 2)))
                terms.Add(new Term(run.Substring(i, 2), offset + i, offset + i + 2, TermKind.Bigram));
    }

    private static void AddLatin(List<Term> terms, ReadOnlySpan<char> run, int offset, EnglishStemmer stemmer)
    {
        var joined = run.IndexOfAny("-_./'") >= 0;
        if (joined && run.IndexOfAnyInRange('0', '9') >= 0)
            terms.Add(new Term(run.ToString(), offset, offset + run.Length, TermKind.Word));
        foreach (var range in run.SplitAny("-_./"))
        {
            var part = run[range];
            if (part.EndsWith("'s"))
                part = part[..^2];
            part = part.Trim('\'');
            if (part.IsEmpty)
                continue;
            var text = part.ToString();
            var kind = TermKind.Word;
            if (StopWords.Contains(text))
                kind = TermKind.Stop;
            else if (!part.ContainsAnyInRange('0', '9') && stemmer.SetCurrentAndStem(text) is { Length: > 0 } stem)
                text = stem;
            var start = offset + range.Start.Value;
            terms.Add(new Term(text, start, start + part.Length, kind));
        }
    }

    /// <summary>Han, kana and Hangul: scripts that are searched by words and pairs of characters.</summary>
    internal static bool IsCjk(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF') or (>= '\uF900' and <= '\uFAFF')
        or (>= '\u3040' and <= '\u30FF') or (>= '\uAC00' and <= '\uD7AF') or '\u3005';

    private static bool IsLatin(char c) => char.IsLetterOrDigit(c) && !IsCjk(c);

    private static bool Joins(string text, int i) =>
        text[i] is '-' or '_' or '.' or '/' or '\'' && i > 0 && IsLatin(text[i - 1]) && i + 1 < text.Length && IsLatin(text[i + 1]);

    private static FrozenSet<string> LoadStopWords()
    {
        using var stream = typeof(TextAnalyzer).Assembly.GetManifestResourceStream("stopwords.txt")
            ?? throw new InvalidOperationException("The embedded stop word list is missing.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] != '#').ToFrozenSet();
    }
}

file static class StemmerExtensions
{
    public static string SetCurrentAndStem(this EnglishStemmer stemmer, string word)
    {
        stemmer.SetCurrent(word);
        stemmer.Stem();
        return stemmer.Current;
    }
}
