using System.Text.RegularExpressions;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Intents;

/// <summary>
/// What a classifier sees of a text: its characters and words in runs of up to three, their sounds, and the marks by which a question about rules, a wish and a complaint differ.
/// </summary>
internal static partial class TextFeatures
{
    /// <summary>Characters that are read; a longer text is judged by its beginning.</summary>
    public const int MaxLength = 400;

    public enum Block
    {
        /// <summary>Characters and words.</summary>
        Words,

        /// <summary>Pinyin of the characters, or pinyin written as such.</summary>
        Sounds,

        /// <summary>Marks of question, wish, possession, complaint.</summary>
        Marks,
    }

    /// <summary>Features as 64-bit hashes, distinct, by block. Deterministic across processes.</summary>
    /// <param name="text">Normalised and masked.</param>
    public static IReadOnlyList<(Block Block, ulong Id)> Of(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        var features = new HashSet<(Block, ulong)>();
        List<string> sounds = [];
        var latin = new LatinRun();
        string previousWord = "^";
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (IsCharacter(c))
            {
                latin.End(features);
                var end = i;
                while (end < text.Length && IsCharacter(text[end]))
                    end++;
                Characters(features, text, i, end);
                for (var k = i; k < end; k++)
                {
                    if (Pinyin.Of(text[k]) is { Length: > 0 } sound)
                        sounds.Add(sound);
                    else
                        Sounds(features, sounds);
                }

                i = end;
                previousWord = "^";
            }
            else if (char.IsAsciiLetterOrDigit(c))
            {
                var end = i;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || (text[end] == '\'' && end + 1 < text.Length && char.IsAsciiLetter(text[end + 1]))))
                    end++;
                Word(features, text.AsSpan(i, end - i), ref previousWord, latin);
                i = end;
            }
            else
            {
                if (c == '?')
                    features.Add((Block.Words, Hash("?")));
                if (c != ' ')
                {
                    latin.End(features);
                    Sounds(features, sounds);
                    previousWord = "^";
                }

                i++;
            }
        }

        latin.End(features);
        Sounds(features, sounds);
        Marks(features, text);
        return [.. features];
    }

    /// <summary>Whether the text says that something is wanted done: 我要, 帮我, "please".</summary>
    public static bool IsWish(string text) => Wish().IsMatch(text);

    /// <summary>A Chinese character or the mark that stands for a masked value.</summary>
    private static bool IsCharacter(char c) => NormalizedText.IsHan(c) || c is >= '\uE000' and <= '\uE0FF' || (c > '\u00ff' && char.IsLetter(c));

    private static void Characters(HashSet<(Block, ulong)> features, string text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            for (var n = 1; n <= 3 && i + n <= end; n++)
                features.Add((Block.Words, Hash(text.AsSpan(i, n))));
        }

        features.Add((Block.Words, Hash("^" + text[start])));
        features.Add((Block.Words, Hash(text[end - 1] + "$")));
        if (end - start > 1)
        {
            features.Add((Block.Words, Hash(string.Concat("^", text.AsSpan(start, 2)))));
            features.Add((Block.Words, Hash(string.Concat(text.AsSpan(end - 2, 2), "$"))));
        }
    }

    private static void Word(HashSet<(Block, ulong)> features, ReadOnlySpan<char> word, ref string previous, LatinRun latin)
    {
        var number = word.ContainsAnyInRange('0', '9');
        var name = number ? (word.Length > 4 ? "#long" : "#") : word.ToString();
        features.Add((Block.Words, Hash("w:" + name)));
        features.Add((Block.Words, Hash("b:" + previous + " " + name)));
        previous = name;
        if (number)
            return;
        if (word.Length > 3)
        {
            var framed = "<" + name + ">";
            for (var i = 0; i + 4 <= framed.Length; i++)
                features.Add((Block.Words, Hash(string.Concat("c:", framed.AsSpan(i, 4)))));
        }

        latin.Add(word);
    }

    /// <summary>Latin words between other characters: pinyin when every one of them is ("wuliu dao nale"), otherwise a language of its own.</summary>
    private sealed class LatinRun
    {
        private readonly List<string> _syllables = [];
        private bool _foreign;

        public void Add(ReadOnlySpan<char> word)
        {
            var syllables = _foreign ? [] : Pinyin.Split(word);
            _foreign |= syllables.Count == 0;
            _syllables.AddRange(syllables);
        }

        public void End(HashSet<(Block, ulong)> features)
        {
            if (!_foreign)
                Sounds(features, _syllables);
            _syllables.Clear();
            _foreign = false;
        }
    }

    private static void Sounds(HashSet<(Block, ulong)> features, List<string> sounds)
    {
        for (var i = 0; i + 1 < sounds.Count; i++)
        {
            features.Add((Block.Sounds, Hash(sounds[i] + " " + sounds[i + 1])));
            if (i + 2 < sounds.Count)
                features.Add((Block.Sounds, Hash(sounds[i] + " " + sounds[i + 1] + " " + sounds[i + 2])));
        }

        sounds.Clear();
    }

    private static void Marks(HashSet<(Block, ulong)> features, string text)
    {
        foreach (var (name, pattern) in MarkPatterns)
        {
            if (pattern.IsMatch(text))
                features.Add((Block.Marks, Hash("m:" + name)));
        }

        features.Add((Block.Marks, Hash(text.Length switch { < 4 => "m:len3", < 8 => "m:len7", < 16 => "m:len15", < 32 => "m:len31", _ => "m:long" })));
    }

    private static readonly (string Name, Regex Pattern)[] MarkPatterns =
    [
        ("question", Questions.Mark()),
        ("wh", Questions.Asking()),
        ("rule", Questions.Rule()),
        ("possible", Questions.Possible()),
        ("wish", Wish()),
        ("mine", Mine()),
        ("overdue", Overdue()),
        ("value", Value()),
        ("condition", Condition()),
        ("negation", Negation()),
    ];

    /// <summary>FNV-1a over UTF-16, 64 bits.</summary>
    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    [GeneratedRegex(@"我(?:要|想|得|打算)|帮我|给我|替我|麻烦|劳驾|请你|申请|办理?一下|(?:查|看|改|退|换|取消|开)(?:一)?下|\bplease\b|\bpls\b|\bi (?:want|wanna|need|would like)\b|\bi'd like\b|\bcan you\b|\bcould you\b|\bhelp me\b|\bcancel my\b|\bcheck my\b", RegexOptions.CultureInvariant)]
    private static partial Regex Wish();

    [GeneratedRegex(@"我的|俺的|我(?:昨天|前天|上周|刚|买|下|那个|这个|订)|\bmy\b|\bi (?:bought|ordered|got|received|paid|returned)\b|\bmine\b", RegexOptions.CultureInvariant)]
    private static partial Regex Mine();

    [GeneratedRegex(@"还没|还不|怎么还|咋还|没(?:有)?(?:收到|到|动|发|更新|退)|到现在|这么久|好几天|几天了|催|still (?:not|haven't|hasn't|waiting|no)|\bhaven't\b|\bhasn't\b|\bnot (?:arrived|received)\b|\byet\b|\bwhere is\b|\bwhere's\b", RegexOptions.CultureInvariant)]
    private static partial Regex Overdue();

    [GeneratedRegex("[\uE000-\uE0FF]", RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex(@"如果|要是|假如|的话|一般|通常|\bif\b|\bwhen\b|\busually\b|\bin general\b", RegexOptions.CultureInvariant)]
    private static partial Regex Condition();

    [GeneratedRegex(@"不要|不想|不用|别|没|不是|\bnot\b|\bno\b|n't\b", RegexOptions.CultureInvariant)]
    private static partial Regex Negation();
}
