namespace Mesh.Vectors.Collections;

/// <summary>
/// A collection: many readers or one writer at a time, so that a reader sees each write whole or not at all.
/// A write first reaches the disk outside the lock; readers only wait for its in-memory part.
/// </summary>
#pragma warning disable CA1001 // Readers may still hold a collection that was deleted; the lock has nothing to release without them.
internal sealed class Collection(long id, string name, CollectionSchema schema, DateTimeOffset createdAt, ulong lastOperation)
#pragma warning restore CA1001
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly CollectionData _data = new(schema);

    /// <summary>Its key in the database; names can be used again, this cannot.</summary>
    public long Id => id;

    public string Name => name;

    public CollectionSchema Schema => schema;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Number of the last write; touched by the single writer only.</summary>
    public ulong LastOperation { get; set; } = lastOperation;

    public T Read<T>(Func<CollectionData, T> read)
    {
        _lock.EnterReadLock();
        try
        {
            return read(_data);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Write(Action<CollectionData> write)
    {
        _lock.EnterWriteLock();
        try
        {
            write(_data);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }
}
