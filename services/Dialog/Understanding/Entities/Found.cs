using Mesh.Dialog.Flows;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>A value at [Start, End) of the normalised text.</summary>
/// <param name="Value">In the form that <see cref="SlotType"/> describes.</param>
/// <param name="Score">0 to 1: how likely it is meant as such a value.</param>
internal readonly record struct Found(SlotType Type, string Value, int Start, int End, double Score)
{
    public int Length => End - Start;

    public bool Overlaps(Found other) => Start < other.End && other.Start < End;
}
