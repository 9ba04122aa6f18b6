namespace Mesh.Guard.Profiles;

/// <summary>guard.yaml: what a company adds to the built-in rules. Unknown keys are errors.</summary>
internal sealed class GuardFile : GuardSection
{
    /// <summary>What applies to one tenant on top of the rest, by tenant id.</summary>
    public Dictionary<string, GuardSection> Tenants { get; set; } = [];
}

internal class GuardSection
{
    /// <summary>Patterns of the company's own numbers, which are no personal data: orders, parcels.</summary>
    public List<IdentifierSection> Identifiers { get; set; } = [];

    /// <summary>Scanner, then stage, then what is done from which score on.</summary>
    public Dictionary<string, Dictionary<string, PolicySection>> Policies { get; set; } = [];

    /// <summary>Named lists of phrases; a rule takes one in with "$name".</summary>
    public Dictionary<string, List<string>> Words { get; set; } = [];

    public List<RuleSection> Rules { get; set; } = [];

    /// <summary>Ids of rules that do not apply.</summary>
    public List<string> DisabledRules { get; set; } = [];

    public List<TopicSection> DenyTopics { get; set; } = [];

    /// <summary>Texts or canaries that no answer may repeat.</summary>
    public List<string> Confidential { get; set; } = [];
}

internal sealed class IdentifierSection
{
    /// <summary>"order", "parcel" …</summary>
    public string Name { get; set; } = "";

    /// <summary>Regular expression without look-around or back references.</summary>
    public string Pattern { get; set; } = "";

    /// <summary>Whether only its owner may be told it.</summary>
    public bool Owned { get; set; } = true;
}

internal sealed class PolicySection
{
    public double? Flag { get; set; }

    public double? Redact { get; set; }

    public double? Replace { get; set; }

    public double? Block { get; set; }
}

internal sealed class RuleSection
{
    public string Id { get; set; } = "";

    /// <summary>"injection", "abuse", "care" or "topic".</summary>
    public string Scanner { get; set; } = "injection";

    public string Category { get; set; } = "";

    /// <summary>How sure the rule alone makes, above 0 and at most 1. Rules combine as 1 - (1 - a)(1 - b)…</summary>
    public double Weight { get; set; }

    /// <summary>"input", "retrieval", "tool", "output"; all but output when empty.</summary>
    public List<string> Stages { get; set; } = [];

    /// <summary>One phrase of every group must occur, in the groups' order.</summary>
    public List<List<string>> Terms { get; set; } = [];

    /// <summary>Characters allowed between two groups' phrases.</summary>
    public int Gap { get; set; } = 24;

    /// <summary>The groups may come in any order; all of them within <see cref="Gap"/> characters.</summary>
    public bool AnyOrder { get; set; }

    /// <summary>Phrases that take the finding back when they stand within 30 characters of it.</summary>
    public List<string> Unless { get; set; } = [];

    /// <summary>Instead of terms: a regular expression over the lower-case text, without look-around or back references.</summary>
    public string Pattern { get; set; } = "";
}

internal sealed class TopicSection
{
    public string Name { get; set; } = "";

    public List<List<string>> Terms { get; set; } = [];

    public int Gap { get; set; } = 24;

    public bool AnyOrder { get; set; }
}
