using Mesh.Guard.Text;

namespace Mesh.Guard.Rules;

/// <summary>A rule that applies, and where (in the original text).</summary>
internal readonly record struct RuleMatch(string Rule, string Scanner, string Category, double Weight, IReadOnlyList<TextRange> Spans);
