using Mesh.Common.V1;
using Mesh.Retrieval.V1;

namespace Mesh.Dialog.Wording;

/// <summary>
/// Answers with the passages' own sentences: an FAQ's answer as it stands, whole rows of tables and lists, else the sentences that share most with the question,
/// in the order in which they stand. Frame texts around them are fixed. Nothing is made up.
/// </summary>
internal sealed class ExtractiveWording : IWording
{
    private const int MaxSentences = 4;
    private const int MaxCharacters = 500;

    // A second passage is quoted only when it answers about as well as the first: two half-answers are worse than one.
    private const double SecondPassageShare = 0.9;

    // What the search's order counts against the words' share: the first place is worth half of the question's words.
    private const double RankWeight = 0.5;

    public Task<WordedAnswer?> AnswerAsync(WordingRequest request, CancellationToken cancellationToken)
    {
        var candidates = request.Passages.Where(passage => Body(passage).Length > 0).ToList();
        if (candidates.Count == 0)
            return Task.FromResult<WordedAnswer?>(null);
        var question = Overlap.Weigh(request.Question, [.. candidates.Select(Whole)]);
        var passages = Ordered(candidates, request.Language, question);

        var first = passages[0];
        List<string> lines = [];
        List<Citation> citations = [];
        if (IsForeign(first, request.Language))
            lines.Add(request.Language == "en" ? "I only found this in Chinese:" : "这部分资料只有英文版，原文如下：");
        Quote(first);
        var firstShare = Overlap.Share(question, Body(first));
        foreach (var other in passages.Skip(1).Take(2))
        {
            if (citations.Count < 2 && other.DocumentId != first.DocumentId && !IsForeign(other, request.Language) && firstShare > 0
                && firstShare < 1 && Overlap.Share(question, Body(other)) >= Math.Max(firstShare, SecondPassageShare))
                Quote(other);
        }

        return Task.FromResult<WordedAnswer?>(new WordedAnswer(string.Join('\n', lines), citations, "extractive"));

        void Quote(Passage passage)
        {
            var excerpt = Excerpt(passage, question);
            citations.Add(passage.Cite(citations.Count + 1, excerpt, request.SnapshotId));
            lines.Add($"{excerpt} [{citations.Count}]");
        }
    }

    /// <summary>The passage itself, cut at a sentence where it is long: what is said when nothing else may be.</summary>
    public static WordedAnswer Verbatim(Passage passage, string snapshotId)
    {
        var text = Body(passage);
        if (text.Length > MaxCharacters)
        {
            var kept = "";
            foreach (var unit in Units(text))
            {
                if (kept.Length > 0 && kept.Length + unit.Length > MaxCharacters)
                    break;
                kept += unit;
            }

            text = kept.Length > MaxCharacters ? kept[..MaxCharacters] : kept;
        }

        text = text.Trim();
        return new WordedAnswer($"{text} [1]", [passage.Cite(1, text, snapshotId)], "extractive");
    }

    // The search ranks by the whole passage; among its first ones, the one that has more of the question's telling words is quoted.
    // Passages in the customer's language come before others.
    private static List<Passage> Ordered(List<Passage> candidates, string language, Dictionary<string, double> question) =>
        [.. candidates
            // Words of the passage itself say more than those of the headings above it, which its neighbours share.
            .Select((passage, rank) => (passage, score: ((Overlap.Share(question, Whole(passage)) + Overlap.Share(question, Body(passage))) / 2) + (RankWeight / (1 + rank))))
            .OrderBy(entry => IsForeign(entry.passage, language) ? 1 : 0)
            .ThenByDescending(entry => entry.score)
            .Select(entry => entry.passage)];

    private static string Whole(Passage passage) => $"{passage.Title} {string.Join(' ', passage.HeadingPath)} {passage.Question} {Body(passage)}";

    private static bool IsForeign(Passage passage, string language) =>
        passage.Language.Length > 0 && !passage.Language.StartsWith(language, StringComparison.OrdinalIgnoreCase);

    private static string Body(Passage passage) => (passage.Kind == Passage.Types.Kind.Faq && passage.Answer.Length > 0 ? passage.Answer : passage.Text).Trim();

    private static string Excerpt(Passage passage, Dictionary<string, double> question)
    {
        var body = Body(passage);
        if (passage.Kind == Passage.Types.Kind.Faq || body.Length <= 160)
            return body;
        var units = Units(body);
        var isRows = passage.Kind is Passage.Types.Kind.Table or Passage.Types.Kind.List;
        var scores = units.Select(unit => Overlap.Share(question, unit)).ToArray();
        var best = scores.Max();
        if (best <= 0)
            return Head(units, MaxCharacters / 2);
        // What is asked for is a column: all its rows.
        if (passage.Kind == Passage.Types.Kind.Table && scores[0] >= best)
            return Head(units, MaxCharacters);

        var chosen = new SortedSet<int>();
        var length = 0;
        // A table's header row says what its rows mean.
        if (passage.Kind == Passage.Types.Kind.Table)
            Take(0);
        foreach (var (score, index) in scores.Select((score, index) => (score, index)).OrderByDescending(entry => entry.score).ThenBy(entry => entry.index))
        {
            if (score < best / 2 || chosen.Count >= MaxSentences || (length > 0 && length + units[index].Length > MaxCharacters))
                break;
            Take(index);
            // What follows a matching sentence usually says the rest of it: "... within seven days. Exceptions are ...".
            if (!isRows && score >= best && index + 1 < units.Count && length + units[index + 1].Length <= MaxCharacters && chosen.Count < MaxSentences)
                Take(index + 1);
        }

        // Neighbours are quoted as they stand; a gap is shown.
        var text = "";
        var previous = -1;
        foreach (var index in chosen)
        {
            text += previous >= 0 && index != previous + 1 && !isRows ? "…" + units[index] : units[index];
            previous = index;
        }

        return text.Trim();

        void Take(int index)
        {
            if (chosen.Add(index))
                length += units[index].Length;
        }
    }

    private static string Head(List<string> units, int limit)
    {
        var text = "";
        foreach (var unit in units)
        {
            if (text.Length > 0 && text.Length + unit.Length > limit)
                break;
            text += unit;
        }

        return (text.Length > MaxCharacters ? text[..MaxCharacters] : text).Trim();
    }

    /// <summary>Sentences, and lines where a text is made of lines; each keeps what ends it.</summary>
    internal static List<string> Units(string text)
    {
        List<string> units = [];
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isTableRow = text[start] == '|';
            var ends = text[i] == '\n'
                || (!isTableRow && text[i] is '。' or '！' or '？' or '；')
                || (!isTableRow && text[i] is '.' or '!' or '?' && i + 1 < text.Length && char.IsWhiteSpace(text[i + 1]));
            if (!ends)
                continue;
            units.Add(text[start..(i + 1)]);
            start = i + 1;
            if (start >= text.Length)
                break;
        }

        if (start < text.Length)
            units.Add(text[start..]);
        return units;
    }
}
