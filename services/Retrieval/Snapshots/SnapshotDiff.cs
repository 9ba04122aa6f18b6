namespace Mesh.Retrieval.Snapshots;

internal enum ChangeType
{
    Added = 1,
    Removed = 2,
    Changed = 3,
}

internal sealed record ChunkChange(ChangeType Type, ChunkRow? Before, ChunkRow? After);

/// <summary>Which passages two snapshots differ in. A chunk's id outlives a change of its words, so an edited passage is one change and not two.</summary>
internal static class SnapshotDiff
{
    public static List<ChunkChange> Between(IReadOnlyList<ChunkRow> from, IReadOnlyList<ChunkRow> to)
    {
        var before = from.ToDictionary(chunk => chunk.ChunkId);
        var after = to.ToDictionary(chunk => chunk.ChunkId);
        return
        [
            .. from.Where(chunk => !after.ContainsKey(chunk.ChunkId)).Select(chunk => new ChunkChange(ChangeType.Removed, chunk, null))
                .Concat(to.Where(chunk => !before.ContainsKey(chunk.ChunkId)).Select(chunk => new ChunkChange(ChangeType.Added, null, chunk)))
                .Concat(to.Where(chunk => before.TryGetValue(chunk.ChunkId, out var was) && was.Hash != chunk.Hash).Select(chunk => new ChunkChange(ChangeType.Changed, before[chunk.ChunkId], chunk)))
                .OrderBy(change => (change.After ?? change.Before)!.DocumentId, StringComparer.Ordinal).ThenBy(change => (change.After ?? change.Before)!.Ordinal).ThenBy(change => change.Type),
        ];
    }
}
