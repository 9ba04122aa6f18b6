using Mesh.Common.V1;
using Mesh.Guard.Output;
using Mesh.Guard.Privacy;
using Mesh.Guard.Profiles;
using Mesh.Guard.Rules;
using Mesh.Guard.Text;
using Mesh.Guard.V1;

using Action = Mesh.Guard.V1.Action;

namespace Mesh.Guard.Checks;

/// <summary>One check: the stage's scanners over one normalised text, then the tenant's policy over their findings.</summary>
internal sealed class Checker(TenantProfiles profiles, PrivacyScanner privacy, AnswerScanner answers)
{
    private const int MaxRounds = 8;
    private const double LeastScore = 0.5;

    public CheckResponse Check(string tenant, CheckRequest request)
    {
        var profile = profiles.For(tenant);
        var stage = ToStage(request.Stage);
        var text = new NormalizedText(request.Text);
        var findings = new List<Finding>(RuleScanner.Scan(text, stage, profile));
        if (stage == Stages.Input)
            findings.AddRange(Personal(text, profile));
        if (stage == Stages.Output)
        {
            findings.AddRange(answers.Scan(
                text,
                new AnswerContext([.. request.Evidence.Select(e => e.Text)], request.CustomerTexts, request.Confidential, request.Partial),
                profile));
        }

        var response = new CheckResponse { Action = Action.Allow };
        foreach (var finding in findings)
        {
            if (profile.PolicyOf(finding.Scanner, stage)?.Decide(finding.Score) is not var (action, threshold))
                continue;
            var verdict = new Verdict
            {
                Scanner = finding.Scanner,
                Category = finding.Category,
                Score = Math.Round(finding.Score, 4),
                Threshold = threshold,
                Action = action,
            };
            verdict.Spans.AddRange(finding.Spans.Select(s => new TextSpan { Start = s.Start, End = s.End }));
            response.Verdicts.Add(verdict);
            response.Action = action > response.Action ? action : response.Action;
        }

        if (response.Action == Action.Redact)
            response.RedactedText = Redacted(request.Text, response.Verdicts, IsChinese(request.Language, request.Text));
        return response;
    }

    /// <summary>
    /// The personal data of a text, for pseudonyms, until nothing more is found: what has a pseudonym is masked and the rest read again, so that
    /// redacting a redacted text changes nothing.
    /// </summary>
    /// <param name="tenant">Whose identifiers are left.</param>
    /// <param name="text">Any text.</param>
    /// <param name="existing">Where pseudonyms stand in it already.</param>
    public IReadOnlyList<PersonalData> PersonalDataIn(string tenant, string text, IReadOnlyList<TextRange> existing)
    {
        var profile = profiles.For(tenant);
        var all = new List<PersonalData>();
        var masked = existing.ToList();
        for (var round = 0; round < MaxRounds; round++)
        {
            var normal = new NormalizedText(text, masked);
            var identifiers = IdentifierScanner.Find(normal.Plain.Text, profile.Identifiers).Select(i => i.Range).ToList();
            // Less sure than the policy asks: what goes into logs and training sets must rather lose a word too many.
            var found = privacy.Scan(normal, identifiers).Where(p => p.Score >= LeastScore).ToList();
            if (found.Count == 0)
                break;
            all.AddRange(found);
            masked.AddRange(found.Select(f => f.Span));
            masked.Sort((a, b) => a.Start.CompareTo(b.Start));
        }

        all.Sort((a, b) => a.Span.Start.CompareTo(b.Span.Start));
        return all;
    }

    /// <summary>Whether pseudonyms are named in Chinese.</summary>
    public static bool IsChinese(string language, string text) => language switch
    {
        "zh" => true,
        "en" => false,
        _ => text.Any(CharFolding.IsHan),
    };

    private IEnumerable<Finding> Personal(NormalizedText text, Profile profile)
    {
        var identifiers = IdentifierScanner.Find(text.Plain.Text, profile.Identifiers).Select(i => i.Range).ToList();
        return privacy.Scan(text, identifiers).GroupBy(p => p.Category).Select(g => new Finding("privacy", g.Key, g.Max(p => p.Score), [.. g.Select(p => p.Span)]));
    }

    private static string Redacted(string text, IEnumerable<Verdict> verdicts, bool chinese)
    {
        var result = new System.Text.StringBuilder(text.Length);
        var at = 0;
        foreach (var (span, category) in verdicts.Where(v => v.Action == Action.Redact).SelectMany(v => v.Spans.Select(s => (s, v.Category))).OrderBy(s => s.s.Start))
        {
            if (span.Start < at)
                continue;
            var label = PersonalDataCategories.All.Contains(category) ? PersonalDataCategories.Label(category, chinese) : category;
            result.Append(text, at, span.Start - at).Append('[').Append(label).Append(']');
            at = span.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static Stages ToStage(Stage stage) => stage switch
    {
        Stage.Input => Stages.Input,
        Stage.Retrieval => Stages.Retrieval,
        Stage.Tool => Stages.Tool,
        _ => Stages.Output,
    };
}
