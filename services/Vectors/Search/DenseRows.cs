namespace Mesh.Vectors.Search;

/// <summary>
/// The rows of one dense vector name, by slot. Rows lie side by side in blocks of 1,024, so that a scan reads memory in order
/// and growth never copies; a block that no point uses takes no memory.
/// </summary>
internal sealed class DenseRows(int size)
{
    public const int RowsPerBlock = 1024;

    private readonly List<Block?> _blocks = [];

    public int Count { get; private set; }

    public int BlockCount => _blocks.Count;

    public void Set(int slot, ReadOnlySpan<float> row)
    {
        var (index, at) = Math.DivRem(slot, RowsPerBlock);
        while (_blocks.Count <= index) _blocks.Add(null);
        var block = _blocks[index] ??= new Block(new float[RowsPerBlock * size], new bool[RowsPerBlock]);
        row.CopyTo(block.Rows.AsSpan(at * size, size));
        if (!block.Used[at]) Count++;
        block.Used[at] = true;
    }

    public void Clear(int slot)
    {
        var (index, at) = Math.DivRem(slot, RowsPerBlock);
        if (index >= _blocks.Count || _blocks[index] is not { } block || !block.Used[at]) return;
        block.Used[at] = false;
        Count--;
    }

    public bool TryGet(int slot, out ReadOnlySpan<float> row)
    {
        var (index, at) = Math.DivRem(slot, RowsPerBlock);
        if (index >= _blocks.Count || _blocks[index] is not { } block || !block.Used[at])
        {
            row = default;
            return false;
        }
        row = block.Rows.AsSpan(at * size, size);
        return true;
    }

    /// <summary>The rows of a block, one after the other, and which of them hold a vector; empty when none does.</summary>
    public (float[] Rows, bool[] Used) GetBlock(int index) => _blocks[index] is { } block ? (block.Rows, block.Used) : ([], []);

    private sealed record Block(float[] Rows, bool[] Used);
}
