using System.Text.RegularExpressions;

namespace Mesh.Guard.Rules;

/// <summary>Where in a turn a text stands.</summary>
[Flags]
internal enum Stages
{
    None = 0,
    Input = 1,
    Retrieval = 2,
    Tool = 4,
    Output = 8,
    Incoming = Input | Retrieval | Tool,
}

/// <summary>A rule as it is run.</summary>
/// <param name="Id">Name in the file.</param>
/// <param name="Scanner">"injection", "abuse", "care" or "topic".</param>
/// <param name="Category">Within the scanner.</param>
/// <param name="Weight">Above 0, at most 1.</param>
/// <param name="Stages">Where it applies.</param>
/// <param name="Groups">Numbers of phrases, a group at a time; empty for a pattern.</param>
/// <param name="Gap">Characters of the words view.</param>
/// <param name="AnyOrder">Whether the groups' order does not matter.</param>
/// <param name="Unless">Numbers of phrases that take a match back.</param>
/// <param name="Pattern">Run in linear time over the words view; null for phrases.</param>
internal sealed record Rule(
    string Id, string Scanner, string Category, double Weight, Stages Stages, IReadOnlyList<int[]> Groups, int Gap, bool AnyOrder, IReadOnlySet<int> Unless, Regex? Pattern);
