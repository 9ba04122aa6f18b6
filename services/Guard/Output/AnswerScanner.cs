using Mesh.Guard.Privacy;
using Mesh.Guard.Profiles;
using Mesh.Guard.Rules;
using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

/// <summary>What an answer is held against.</summary>
/// <param name="Evidence">Passages, tool results, templates.</param>
/// <param name="CustomerTexts">The customer's own words.</param>
/// <param name="Confidential">Texts that must not be repeated.</param>
/// <param name="Partial">Whether more of the answer follows: then what stands at its end may not be whole yet.</param>
internal sealed record AnswerContext(IReadOnlyList<string> Evidence, IReadOnlyList<string> CustomerTexts, IReadOnlyList<string> Confidential, bool Partial);

/// <summary>
/// Holds an answer against what it may rest on: numbers, dates and links must stand in the evidence or in the customer's own words, other
/// customers' data and confidential texts must not come out. The same answer and evidence always give the same findings.
/// </summary>
internal sealed class AnswerScanner(PrivacyScanner privacy, GuardOptions options)
{
    public IEnumerable<Finding> Scan(NormalizedText answer, AnswerContext context, Profile profile)
    {
        var evidence = context.Evidence.Select(e => new NormalizedText(e)).ToList();
        var said = context.CustomerTexts.Select(t => new NormalizedText(t)).ToList();
        var index = new EvidenceIndex(options.UtcOffsetMinutes);
        foreach (var text in evidence.Concat(said))
            index.Add(text, profile.Identifiers);

        var plain = answer.Plain.Text;
        var open = context.Partial ? OpenEnd(plain) : plain.Length;
        var identifiers = IdentifierScanner.Find(plain, profile.Identifiers);
        var findings = new List<Finding>();
        findings.AddRange(Foreign(answer, identifiers, index, open));
        var personal = Personal(answer, [.. identifiers.Select(i => i.Range)], evidence.Concat(said), index, open).ToList();
        findings.AddRange(personal);
        findings.AddRange(Ungrounded(answer, [.. identifiers.Select(i => i.Range)], [.. personal.SelectMany(p => p.Spans)], index, open));

        var secrets = LeakageScanner.Find(answer, context.Confidential.Concat(profile.Confidential), [.. evidence, .. said], options.MaxSharedWords);
        if (secrets.Count > 0)
            findings.Add(new Finding("leakage", "confidential_text", 1, [.. secrets.Select(s => answer.FromWords(s.Start, s.End))]));
        return findings;
    }

    private static IEnumerable<Finding> Foreign(NormalizedText answer, IReadOnlyList<(Identifier Identifier, TextRange Range)> identifiers, EvidenceIndex index, int open)
    {
        var plain = answer.Plain.Text;
        foreach (var group in identifiers.Where(i => i.Range.End <= open && !index.HasIdentifier(plain[i.Range.Start..i.Range.End])).GroupBy(i => i.Identifier))
        {
            var spans = group.Select(i => answer.FromPlain(i.Range.Start, i.Range.End)).ToList();
            yield return group.Key.Owned ? new Finding("foreign_data", group.Key.Name, 1, spans) : new Finding("grounding", group.Key.Name, 1, spans);
        }
    }

    /// <param name="answer">The answer.</param>
    /// <param name="identifiers">Ranges of the plain view that <see cref="Foreign"/> looks after.</param>
    /// <param name="personal">Spans in the original that are taken out as personal data anyway.</param>
    /// <param name="index">The evidence.</param>
    /// <param name="open">Where the answer's open end begins.</param>
    private static IEnumerable<Finding> Ungrounded(NormalizedText answer, IReadOnlyList<TextRange> identifiers, IReadOnlyList<TextRange> personal, EvidenceIndex index, int open)
    {
        var claims = ClaimReader.Read(answer.Plain.Text, identifiers)
            .Where(c => c.Range.End <= open && !index.Supports(c))
            .Select(c => (c.Category, Span: answer.FromPlain(c.Range.Start, c.Range.End)))
            .Where(c => !personal.Any(p => p.Overlaps(c.Span)));
        foreach (var group in claims.GroupBy(c => c.Category))
            yield return new Finding("grounding", group.Key, 1, [.. group.Select(c => c.Span).Distinct()]);
    }

    private IEnumerable<Finding> Personal(NormalizedText answer, IReadOnlyList<TextRange> identifiers, IEnumerable<NormalizedText> known, EvidenceIndex index, int open)
    {
        var end = answer.FromPlainEnd(open);
        var found = privacy.Scan(answer, identifiers).Where(p => p.Span.End <= end).ToList();
        if (found.Count == 0)
            return [];
        var allowed = new HashSet<(string, string)>();
        foreach (var text in known)
        {
            foreach (var data in privacy.Scan(text, []))
                allowed.Add((data.Category, data.Canonical));
        }

        return found.Where(p => !allowed.Contains((p.Category, p.Canonical)) && !index.Compact.Contains(Letters(p.Canonical), StringComparison.Ordinal))
            .GroupBy(p => p.Category)
            .Select(g => new Finding("privacy", g.Key, g.Max(p => p.Score), [.. g.Select(p => p.Span)]));
    }

    /// <summary>Where the last word begins that may still grow: a number whose unit has not come yet, a link, a name.</summary>
    private static int OpenEnd(string plain)
    {
        var end = plain.Length;
        while (end > 0 && end > plain.Length - 64 && !IsBreak(plain[end - 1]))
            end--;
        // No break in sight: then only the last characters wait.
        return end > 0 && IsBreak(plain[end - 1]) ? end : Math.Max(0, plain.Length - 24);
    }

    private static bool IsBreak(char c) => c is '\n' or '。' or '！' or '？' or '!' or '?' or '；' or ';' or '，';

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
