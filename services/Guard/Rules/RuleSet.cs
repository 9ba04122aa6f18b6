using Mesh.Guard.Text;

namespace Mesh.Guard.Rules;

/// <summary>Runs all rules of a tenant over a text: one pass for the phrases, then each rule over the phrases found.</summary>
internal sealed class RuleSet
{
    /// <summary>Spans reported for one rule; more say nothing new.</summary>
    private const int MaxSpans = 8;

    private const int UnlessReach = 30;

    private readonly PhraseIndex _index;
    private readonly IReadOnlyList<Rule> _rules;

    // By phrase: in which rule's which group it stands.
    private readonly List<(int Rule, int Group)>[] _uses;

    public RuleSet(PhraseIndex index, IReadOnlyList<Rule> rules)
    {
        _index = index;
        _rules = rules;
        var last = rules.SelectMany(r => r.Groups.SelectMany(g => g).Concat(r.Unless)).DefaultIfEmpty(-1).Max();
        _uses = new List<(int, int)>[last + 1];
        for (var i = 0; i < _uses.Length; i++)
            _uses[i] = [];
        for (var r = 0; r < rules.Count; r++)
        {
            // Later groups first: a phrase in two groups then cannot follow itself.
            for (var g = rules[r].Groups.Count - 1; g >= 0; g--)
            {
                foreach (var phrase in rules[r].Groups[g])
                    _uses[phrase].Add((r, g));
            }
        }
    }

    public IReadOnlyList<RuleMatch> Match(NormalizedText text, Stages stage) => [.. MatchPhrases(text, stage), .. MatchPatterns(text, stage)];

    private IEnumerable<RuleMatch> MatchPhrases(NormalizedText text, Stages stage)
    {
        var hits = _index.Find(text);
        var states = new Dictionary<int, RuleState>();
        foreach (var hit in hits)
        {
            foreach (var (number, group) in _uses[hit.Phrase])
            {
                var rule = _rules[number];
                if ((rule.Stages & stage) == 0)
                    continue;
                if (!states.TryGetValue(number, out var state))
                    states[number] = state = new RuleState(rule.Groups.Count);
                if (state.Take(rule, group, hit.Range) is { } found && state.Spans.Count < MaxSpans && !TakenBack(rule, hits, found))
                    state.Add(found);
            }
        }

        foreach (var (number, state) in states)
        {
            if (state.Spans.Count > 0)
                yield return Matched(_rules[number], state.Spans.Select(s => text.FromWords(s.Start, s.End)));
        }
    }

    private IEnumerable<RuleMatch> MatchPatterns(NormalizedText text, Stages stage)
    {
        var words = text.Words.Text;
        foreach (var rule in _rules)
        {
            if (rule.Pattern is null || (rule.Stages & stage) == 0)
                continue;
            var spans = new List<TextRange>();
            foreach (var match in rule.Pattern.EnumerateMatches(words))
            {
                if (match.Length > 0)
                    spans.Add(text.FromWords(match.Index, match.Index + match.Length));
                if (spans.Count == MaxSpans)
                    break;
            }

            if (spans.Count > 0)
                yield return Matched(rule, spans);
        }
    }

    private static RuleMatch Matched(Rule rule, IEnumerable<TextRange> spans) => new(rule.Id, rule.Scanner, rule.Category, rule.Weight, [.. spans]);

    private static bool TakenBack(Rule rule, List<PhraseHit> hits, TextRange found)
    {
        if (rule.Unless.Count == 0)
            return false;
        var near = new TextRange(found.Start - UnlessReach, found.End + UnlessReach);
        var (low, high) = (0, hits.Count);
        while (low < high)
        {
            var mid = (low + high) / 2;
            if (hits[mid].Range.End <= near.Start)
                low = mid + 1;
            else
                high = mid;
        }

        for (; low < hits.Count && hits[low].Range.End <= near.End; low++)
        {
            if (rule.Unless.Contains(hits[low].Phrase))
                return true;
        }

        return false;
    }

    /// <summary>How far a rule's chain of groups has come.</summary>
    private sealed class RuleState(int groups)
    {
        // The two latest chains that end in a group; the latest may overlap the next phrase.
        private readonly TextRange?[] _latest = new TextRange?[groups];
        private readonly TextRange?[] _before = new TextRange?[groups];

        public List<TextRange> Spans { get; } = [];

        public void Add(TextRange span)
        {
            if (Spans.Count == 0 || !Spans[^1].Overlaps(span))
                Spans.Add(span);
        }

        public TextRange? Take(Rule rule, int group, TextRange hit)
        {
            if (rule.AnyOrder)
                return TakeAny(rule, group, hit);
            var chain = hit;
            if (group > 0)
            {
                if (Fits(_latest[group - 1], hit, rule.Gap) is { } last)
                    chain = new TextRange(last.Start, hit.End);
                else if (Fits(_before[group - 1], hit, rule.Gap) is { } earlier)
                    chain = new TextRange(earlier.Start, hit.End);
                else
                    return null;
            }

            Remember(group, chain);
            return group == groups - 1 ? chain : null;
        }

        private TextRange? TakeAny(Rule rule, int group, TextRange hit)
        {
            Remember(group, hit);
            var (start, end) = (int.MaxValue, 0);
            for (var g = 0; g < groups; g++)
            {
                if (_latest[g] is not { } part)
                    return null;
                start = Math.Min(start, part.Start);
                end = Math.Max(end, part.End);
            }

            return end - start <= rule.Gap ? new TextRange(start, end) : null;
        }

        private void Remember(int group, TextRange chain)
        {
            _before[group] = _latest[group];
            _latest[group] = chain;
        }

        private static TextRange? Fits(TextRange? chain, TextRange hit, int gap) =>
            chain is { } c && c.End <= hit.Start && hit.Start - c.End <= gap ? c : null;
    }
}
