using System.Collections.Immutable;

namespace Mesh.Vectors.Collections;

/// <summary>
/// All collections and aliases at one moment. Immutable: a change replaces it whole, so that a reader never sees half a switch of aliases.
/// </summary>
internal sealed record Catalog(ImmutableSortedDictionary<string, Collection> Collections, ImmutableSortedDictionary<string, Collection> Aliases)
{
    public static readonly Catalog Empty = new(
        ImmutableSortedDictionary.Create<string, Collection>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, Collection>(StringComparer.Ordinal));

    /// <summary>The collection of a name or an alias.</summary>
    public Collection? Find(string name) => Collections.GetValueOrDefault(name) ?? Aliases.GetValueOrDefault(name);
}
