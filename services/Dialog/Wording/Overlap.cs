namespace Mesh.Dialog.Wording;

/// <summary>How much of a question's words stand in a sentence: bigrams of Chinese characters, words of Latin letters and digits.</summary>
internal static class Overlap
{
    /// <summary>Words that nearly every question has; they say nothing about what is asked.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "the", "a", "an", "is", "are", "do", "does", "i", "you", "my", "your", "can", "to", "of", "in", "on", "for", "it", "and", "or", "what", "how", "when", "where", "please", "have", "with",
        "什么", "怎么", "可以", "吗", "我的", "你们", "多少", "请问", "一下", "能不", "不能",
    };

    public static HashSet<string> Terms(string text)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        var word = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? char.ToLowerInvariant(text[i]) : ' ';
            if (c is >= 'a' and <= 'z' or >= '0' and <= '9')
                continue;
            if (i > word)
                Add(text[word..i].ToLowerInvariant());
            word = i + 1;
            if (IsChinese(c) && i + 1 < text.Length && IsChinese(text[i + 1]))
                Add(text.Substring(i, 2));
        }

        return terms;

        void Add(string term)
        {
            if (!Common.Contains(term))
                terms.Add(Stem(term));
        }
    }

    /// <summary>Share of the question's terms that the sentence has, 0 to 1.</summary>
    public static double Share(HashSet<string> question, string sentence)
    {
        if (question.Count == 0)
            return 0;
        var terms = Terms(sentence);
        return (double)question.Count(terms.Contains) / question.Count;
    }

    // "returns" and "return" are one word here; more than that would be a guess.
    private static string Stem(string term) => term.Length > 3 && term[^1] == 's' && term[^2] != 's' && term[0] is >= 'a' and <= 'z' ? term[..^1] : term;

    private static bool IsChinese(char c) => c is >= '\u3400' and <= '\u9fff';
}
