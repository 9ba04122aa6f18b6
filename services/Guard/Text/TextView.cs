namespace Mesh.Guard.Text;

/// <summary>One normalised form of a text; every character knows where it stood in the form below it.</summary>
internal sealed class TextView(string text, int[] starts, int[] ends)
{
    public string Text { get; } = text;

    public int Length => Text.Length;

    /// <summary>Where a range of this view stands in the form that the view was made from.</summary>
    public TextRange Map(int start, int end) => start >= end ? new TextRange(0, 0) : new TextRange(starts[start], ends[end - 1]);

    public TextRange Map(TextRange range) => Map(range.Start, range.End);

    /// <summary>Collects a view's characters together with their places below.</summary>
    internal sealed class Builder(int capacity)
    {
        private readonly char[] _chars = new char[capacity];
        private readonly int[] _starts = new int[capacity];
        private readonly int[] _ends = new int[capacity];

        public int Length { get; private set; }

        public char Last => Length == 0 ? '\n' : _chars[Length - 1];

        public void Add(char c, int start, int end)
        {
            _chars[Length] = c;
            _starts[Length] = start;
            _ends[Length++] = end;
        }

        public TextView Build() => new(new string(_chars, 0, Length), _starts, _ends);
    }
}
