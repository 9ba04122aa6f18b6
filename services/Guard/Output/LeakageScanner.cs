using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

/// <summary>Finds pieces of confidential texts in an answer by word sequences they share. A Chinese character counts as a word.</summary>
internal static class LeakageScanner
{
    /// <summary>Words of one window; a run of windows is one finding.</summary>
    private const int Window = 6;

    /// <summary>Ranges of the answer's words view that repeat at least <paramref name="minimum"/> words of a confidential text and are not in the evidence.</summary>
    public static IReadOnlyList<TextRange> Find(NormalizedText answer, IEnumerable<string> confidential, IReadOnlyList<NormalizedText> evidence, int minimum)
    {
        var secret = new HashSet<ulong>();
        var canaries = new List<string>();
        foreach (var text in confidential)
        {
            var normal = new NormalizedText(text);
            var words = Split(normal.Words.Text);
            if (words.Count < Window)
                canaries.Add(normal.Compact.Text);
            foreach (var (hash, _) in Windows(normal.Words.Text, words))
                secret.Add(hash);
        }

        var found = new List<TextRange>();
        Canaries(answer, canaries, found);
        if (secret.Count == 0)
            return found;
        // What the company says publicly is no secret.
        foreach (var text in evidence)
        {
            foreach (var (hash, _) in Windows(text.Words.Text, Split(text.Words.Text)))
                secret.Remove(hash);
        }

        var answerWords = Split(answer.Words.Text);
        var (first, last) = (-1, -1);
        foreach (var (hash, at) in Windows(answer.Words.Text, answerWords))
        {
            if (!secret.Contains(hash))
                continue;
            if (first < 0 || at > last + 1)
            {
                Close();
                first = at;
            }

            last = at;
        }

        Close();
        return found;

        void Close()
        {
            if (first >= 0 && last - first + Window >= minimum)
                found.Add(new TextRange(answerWords[first].Start, answerWords[last + Window - 1].End));
        }
    }

    private static void Canaries(NormalizedText answer, List<string> canaries, List<TextRange> found)
    {
        foreach (var canary in canaries)
        {
            // A canary is a token of its own making; a short everyday phrase is none.
            if (canary.Length < 8)
                continue;
            var at = answer.Compact.Text.IndexOf(canary, StringComparison.Ordinal);
            if (at >= 0)
                found.Add(answer.Compact.Map(at, at + canary.Length));
        }
    }

    private static List<TextRange> Split(string text)
    {
        var words = new List<TextRange>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i]))
                continue;
            var end = i + 1;
            if (!CharFolding.IsHan(text[i]))
            {
                while (end < text.Length && char.IsLetterOrDigit(text[end]) && !CharFolding.IsHan(text[end]))
                    end++;
            }

            words.Add(new TextRange(i, end));
            i = end - 1;
        }

        return words;
    }

    private static IEnumerable<(ulong Hash, int At)> Windows(string text, List<TextRange> words)
    {
        for (var i = 0; i + Window <= words.Count; i++)
        {
            // FNV-1a over the window's letters.
            var hash = 14695981039346656037UL;
            for (var w = i; w < i + Window; w++)
            {
                for (var c = words[w].Start; c < words[w].End; c++)
                    hash = (hash ^ text[c]) * 1099511628211UL;
                hash = (hash ^ ' ') * 1099511628211UL;
            }

            yield return (hash, i);
        }
    }
}
