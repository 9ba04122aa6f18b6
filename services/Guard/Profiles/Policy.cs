using Mesh.Guard.Rules;

namespace Mesh.Guard.Profiles;

/// <summary>From which score on a scanner's finding does what; null: never.</summary>
internal sealed record Policy(double? Flag, double? Redact, double? Replace, double? Block)
{
    /// <summary>The strongest action that a score reaches and the threshold it passed, or null.</summary>
    public (V1.Action Action, double Threshold)? Decide(double score)
    {
        if (score >= Block)
            return (V1.Action.Block, Block.Value);
        if (score >= Replace)
            return (V1.Action.Replace, Replace.Value);
        if (score >= Redact)
            return (V1.Action.Redact, Redact.Value);
        return score >= Flag ? (V1.Action.Flag, Flag.Value) : null;
    }
}

/// <summary>A tenant's identifiers: not personal data, and where owned, told only to their owner.</summary>
internal sealed record Identifier(string Name, System.Text.RegularExpressions.Regex Pattern, bool Owned);

/// <summary>All that one tenant's texts are held against.</summary>
internal sealed class Profile(
    RuleSet rules, IReadOnlyList<Identifier> identifiers, IReadOnlyDictionary<(string Scanner, Stages Stage), Policy> policies, IReadOnlyList<string> confidential)
{
    public RuleSet Rules { get; } = rules;

    public IReadOnlyList<Identifier> Identifiers { get; } = identifiers;

    public IReadOnlyList<string> Confidential { get; } = confidential;

    public Policy? PolicyOf(string scanner, Stages stage) => policies.GetValueOrDefault((scanner, stage));
}
