using Mesh.Guard.Profiles;
using Mesh.Guard.Text;

namespace Mesh.Guard.Rules;

/// <summary>A finding of any scanner, before policy has its say.</summary>
internal readonly record struct Finding(string Scanner, string Category, double Score, IReadOnlyList<TextRange> Spans);

/// <summary>Injection, abuse, care and topics: rules over the text and over what is encoded in it.</summary>
internal static class RuleScanner
{
    private const double HiddenWeight = 0.9;
    private const double EncodedWeight = 0.9;

    // Tag characters spell ASCII that nobody sees; flags of countries use a few of them.
    private const int FewTags = 8;

    public static IEnumerable<Finding> Scan(NormalizedText text, Stages stage, Profile profile)
    {
        var matches = new List<RuleMatch>(profile.Rules.Match(text, stage));
        if (stage != Stages.Output)
        {
            if (text.TagCharacters > FewTags)
                matches.Add(new RuleMatch("hidden.tags", "injection", "hidden_text", HiddenWeight, [new TextRange(0, text.Original.Length)]));
            foreach (var (decoded, span) in EncodedPayloads.Find(text))
            {
                if (profile.Rules.Match(new NormalizedText(decoded), stage).Any(m => m.Scanner is "injection" or "topic"))
                    matches.Add(new RuleMatch("hidden.encoded", "injection", "encoded_payload", EncodedWeight, [span]));
            }
        }

        // Attempts on the instructions add up whatever their kind; other scanners' categories stand for themselves.
        return matches.GroupBy(m => m.Scanner == "injection" ? (m.Scanner, "") : (m.Scanner, m.Category)).Select(Combine);
    }

    private static Finding Combine(IGrouping<(string Scanner, string Category), RuleMatch> group)
    {
        var rest = 1.0;
        var strongest = group.First();
        var spans = new List<TextRange>();
        foreach (var match in group)
        {
            rest *= 1 - match.Weight;
            strongest = match.Weight > strongest.Weight ? match : strongest;
            spans.AddRange(match.Spans);
        }

        return new Finding(group.Key.Scanner, strongest.Category, 1 - rest, Merge(spans));
    }

    private static List<TextRange> Merge(List<TextRange> spans)
    {
        spans.Sort((a, b) => a.Start.CompareTo(b.Start));
        var merged = new List<TextRange>(spans.Count);
        foreach (var span in spans)
        {
            if (merged.Count > 0 && merged[^1].End >= span.Start)
                merged[^1] = new TextRange(merged[^1].Start, Math.Max(merged[^1].End, span.End));
            else
                merged.Add(span);
        }

        return merged;
    }
}
