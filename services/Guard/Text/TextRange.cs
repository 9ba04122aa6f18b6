namespace Mesh.Guard.Text;

/// <summary>A half-open range of UTF-16 code units.</summary>
internal readonly record struct TextRange(int Start, int End)
{
    public int Length => End - Start;

    public bool Overlaps(TextRange other) => Start < other.End && other.Start < End;

    public bool Contains(TextRange other) => Start <= other.Start && other.End <= End;
}
