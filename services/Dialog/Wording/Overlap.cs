namespace Mesh.Dialog.Wording;

/// <summary>How much of a question's words stand in a sentence: bigrams of Chinese characters, words of Latin letters and digits.</summary>
internal static class Overlap
{
    /// <summary>Words that nearly every question has; they say nothing about what is asked.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "the", "a", "an", "is", "are", "do", "does", "i", "you", "my", "your", "can", "to", "of", "in", "on", "for", "it", "and", "or", "what", "how", "when", "where", "please", "have", "with",
        "什么", "怎么", "多少", "一下", "哪里", "时候",
    };

    /// <summary>Characters of questions and courtesy; a pair with one of them is no word of the matter.</summary>
    private const string Particles = "吗呢吧啊呀么的了是我你您请问可以能会要想";

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
            if (IsWord(c) && i + 1 < text.Length && IsWord(text[i + 1]))
                Add(text.Substring(i, 2));
        }

        return terms;

        void Add(string term)
        {
            if (!Common.Contains(term))
                terms.Add(Stem(term));
        }
    }

    /// <summary>The question's terms with weights that sum to 1: a term that stands in few of the texts says more about which one answers.</summary>
    public static Dictionary<string, double> Weigh(string question, IReadOnlyList<string> texts)
    {
        var terms = Terms(question);
        var sets = texts.Select(Terms).ToList();
        // What stands in no text tells them apart as little as what stands in all.
        var weights = terms.Select(term => (Term: term, Found: sets.Count(set => set.Contains(term)))).Where(term => term.Found > 0)
            .ToDictionary(term => term.Term, term => Math.Log(1 + ((double)sets.Count / term.Found)), StringComparer.Ordinal);
        var sum = weights.Values.Sum();
        return weights.ToDictionary(weight => weight.Key, weight => weight.Value / sum, StringComparer.Ordinal);
    }

    /// <summary>Share of the question, by its terms' weights, that stands in a text: 0 to 1.</summary>
    public static double Share(IReadOnlyDictionary<string, double> question, string text)
    {
        var terms = Terms(text);
        return question.Where(term => terms.Contains(term.Key)).Sum(term => term.Value);
    }

    // "returns" and "return" are one word here; more than that would be a guess.
    private static string Stem(string term) => term.Length > 3 && term[^1] == 's' && term[^2] != 's' && term[0] is >= 'a' and <= 'z' ? term[..^1] : term;

    private static bool IsWord(char c) => c is >= '\u3400' and <= '\u9fff' && !Particles.Contains(c, StringComparison.Ordinal);
}
