using System.Text.RegularExpressions;

using Mesh.Guard.Rules;

namespace Mesh.Guard.Profiles;

/// <summary>Puts sections of guard.yaml together into one tenant's profile. Every fault is collected, none thrown.</summary>
internal sealed class ProfileBuilder(List<string> errors)
{
    private const int MaxRules = 2000;
    private const int MaxPhraseLength = 128;
    private const int MaxPatternLength = 1024;
    private const int MaxGap = 400;

    private static readonly string[] Scanners = ["injection", "abuse", "care", "topic"];
    private static readonly string[] AllScanners = [.. Scanners, "privacy", "grounding", "leakage", "foreign_data"];

    private readonly PhraseIndex _index = new();
    private readonly Dictionary<string, Rule> _rules = [];
    private readonly Dictionary<string, List<string>> _words = [];
    private readonly Dictionary<(string, Stages), Policy> _policies = [];
    private readonly List<Identifier> _identifiers = [];
    private readonly List<string> _confidential = [];

    /// <param name="section">What to add; later sections win where both say something.</param>
    /// <param name="place">Where it stands, for messages.</param>
    public ProfileBuilder Add(GuardSection section, string place)
    {
        foreach (var (name, list) in section.Words)
            _words[name] = list;
        foreach (var identifier in section.Identifiers)
        {
            if (identifier.Name.Length == 0)
                errors.Add($"{place}: identifiers: name is missing");
            if (Compile(identifier.Pattern, $"{place}: identifiers: {identifier.Name}: pattern") is { } pattern)
                _identifiers.Add(new Identifier(identifier.Name, pattern, identifier.Owned));
        }

        foreach (var (scanner, stages) in section.Policies)
        {
            foreach (var (stage, policy) in stages)
                AddPolicy(scanner, stage, policy, place);
        }

        foreach (var rule in section.Rules)
            AddRule(rule, place);
        foreach (var topic in section.DenyTopics)
        {
            AddRule(
                new RuleSection
                {
                    Id = "deny." + topic.Name,
                    Scanner = "topic",
                    Category = topic.Name,
                    Weight = 1,
                    Stages = ["input", "output"],
                    Terms = topic.Terms,
                    Gap = topic.Gap,
                    AnyOrder = topic.AnyOrder,
                },
                $"{place}: deny_topics");
        }

        foreach (var id in section.DisabledRules)
        {
            if (!_rules.Remove(id))
                errors.Add($"{place}: disabled_rules: there is no rule '{id}'");
        }

        _confidential.AddRange(section.Confidential);
        return this;
    }

    public Profile Build()
    {
        if (_rules.Count > MaxRules)
            errors.Add($"{_rules.Count} rules, at most {MaxRules} are allowed");
        _index.Build();
        return new Profile(new RuleSet(_index, [.. _rules.Values]), _identifiers, _policies, _confidential);
    }

    private void AddPolicy(string scanner, string stage, PolicySection policy, string place)
    {
        if (!AllScanners.Contains(scanner))
            errors.Add($"{place}: policies: '{scanner}' is none of {string.Join(", ", AllScanners)}");
        foreach (var (name, value) in new[] { ("flag", policy.Flag), ("redact", policy.Redact), ("replace", policy.Replace), ("block", policy.Block) })
        {
            if (value is <= 0 or > 1)
                errors.Add($"{place}: policies: {scanner}: {stage}: {name} is {value}, allowed is above 0 and at most 1");
        }

        if (ParseStage(stage, $"{place}: policies: {scanner}") is var parsed and not Stages.None)
            _policies[(scanner, parsed)] = new Policy(policy.Flag, policy.Redact, policy.Replace, policy.Block);
    }

    private void AddRule(RuleSection rule, string place)
    {
        var where = $"{place}: rule '{rule.Id}'";
        var before = errors.Count;
        if (rule.Id.Length == 0)
            errors.Add($"{place}: a rule has no id");
        if (!Scanners.Contains(rule.Scanner))
            errors.Add($"{where}: scanner '{rule.Scanner}' is none of {string.Join(", ", Scanners)}");
        if (rule.Category.Length == 0)
            errors.Add($"{where}: category is missing");
        if (rule.Weight is not (> 0 and <= 1))
            errors.Add($"{where}: weight is {rule.Weight}, allowed is above 0 and at most 1");
        if (rule.Gap is < 0 or > MaxGap)
            errors.Add($"{where}: gap is {rule.Gap}, allowed is 0 to {MaxGap}");
        if ((rule.Terms.Count == 0) == (rule.Pattern.Length == 0))
            errors.Add($"{where}: needs either terms or a pattern");
        var stages = rule.Stages.Aggregate(Stages.None, (all, s) => all | ParseStage(s, where));
        var groups = rule.Terms.ConvertAll(g => Phrases(g, where));
        if (groups.Exists(g => g.Length == 0))
            errors.Add($"{where}: a group of terms is empty");
        var unless = Phrases(rule.Unless, where).ToHashSet();
        var pattern = rule.Pattern.Length == 0 ? null : Compile(rule.Pattern, $"{where}: pattern");
        if (errors.Count == before)
            _rules[rule.Id] = new Rule(rule.Id, rule.Scanner, rule.Category, rule.Weight, stages == Stages.None ? Stages.Incoming : stages, groups, rule.Gap, rule.AnyOrder, unless, pattern);
    }

    private int[] Phrases(List<string> terms, string where)
    {
        var ids = new List<int>();
        foreach (var term in terms)
        {
            if (term.StartsWith('$'))
            {
                if (_words.TryGetValue(term[1..], out var list))
                    ids.AddRange(Phrases(list, where));
                else
                    errors.Add($"{where}: there is no list of words '{term[1..]}'");
            }
            else if (term.Length > MaxPhraseLength)
            {
                errors.Add($"{where}: a phrase has {term.Length} characters, at most {MaxPhraseLength} are allowed");
            }
            else
            {
                try
                {
                    ids.Add(_index.Add(term));
                }
                catch (FormatException e)
                {
                    errors.Add($"{where}: {e.Message}");
                }
            }
        }

        return [.. ids.Distinct()];
    }

    private Stages ParseStage(string stage, string where)
    {
        switch (stage)
        {
            case "input": return Stages.Input;
            case "retrieval": return Stages.Retrieval;
            case "tool": return Stages.Tool;
            case "output": return Stages.Output;
            default:
                errors.Add($"{where}: stage '{stage}' is none of input, retrieval, tool, output");
                return Stages.None;
        }
    }

    private Regex? Compile(string pattern, string where)
    {
        if (pattern.Length is 0 or > MaxPatternLength)
        {
            errors.Add($"{where}: has {pattern.Length} characters, allowed is 1 to {MaxPatternLength}");
            return null;
        }

        try
        {
            // No backtracking: a tenant's pattern cannot make a check slow.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            errors.Add($"{where}: {e.Message}");
            return null;
        }
    }
}
