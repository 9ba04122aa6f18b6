using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Snapshots;

/// <summary>Makes snapshots live, goes back, and removes old ones. A search in flight finishes on the snapshot that it began with.</summary>
internal sealed partial class SnapshotSwitch(SnapshotStore store, VectorCollections vectors, IOptions<RetrievalOptions> options, ILogger<SnapshotSwitch> logger)
{
    public static string UncheckedReason(SnapshotRow snapshot) => $"the guard did not answer, so {snapshot.Unchecked} documents are not checked; ingest again when it does";

    /// <param name="expectedLive">See <see cref="SnapshotStore.ActivateAsync"/>.</param>
    /// <exception cref="PreconditionException">Not ready, or holding documents that the guard has not checked.</exception>
    public async Task ActivateAsync(SnapshotRow snapshot, string? expectedLive, bool remember, CancellationToken cancellationToken)
    {
        if (options.Value.Guard && snapshot.Unchecked > 0)
            throw new PreconditionException("NOT_CHECKED", UncheckedReason(snapshot));
        if (!await vectors.ExistsAsync(snapshot.Collection, cancellationToken))
            throw new PreconditionException("SNAPSHOT_LOST", "the vector store no longer holds this snapshot; ingest the documents again");
        await store.ActivateAsync(snapshot, expectedLive, remember, () => vectors.PointAliasAsync(snapshot.Tenant, snapshot.Collection, cancellationToken), cancellationToken);
        LogActivated(snapshot.SnapshotId);
    }

    /// <exception cref="PreconditionException">Nothing was live before, or it is gone.</exception>
    public async Task<SnapshotRow> RollbackAsync(string tenant, CancellationToken cancellationToken)
    {
        var live = await store.LiveAsync(tenant, cancellationToken) ?? throw new PreconditionException("NO_LIVE_SNAPSHOT", "no snapshot is live");
        if (live.PreviousId.Length == 0)
            throw new PreconditionException("NO_PREVIOUS_SNAPSHOT", "no snapshot was live before this one");
        SnapshotRow before;
        try
        {
            before = await store.GetAsync(tenant, live.PreviousId, cancellationToken);
        }
        catch (NotFoundException)
        {
            throw new PreconditionException("NO_PREVIOUS_SNAPSHOT", "the snapshot that was live before is no longer kept");
        }
        await ActivateAsync(before, live.SnapshotId, remember: false, cancellationToken);
        return await store.GetAsync(tenant, before.SnapshotId, cancellationToken);
    }

    /// <summary>Removes all but the live snapshot, the one to roll back to, and the newest others as configured.</summary>
    public async Task PruneAsync(string tenant, CancellationToken cancellationToken)
    {
        const int all = 10_000;
        var snapshots = await store.ListAsync(tenant, all, cancellationToken);
        var previous = snapshots.Find(snapshot => snapshot.IsLive)?.PreviousId;
        var old = snapshots.Where(snapshot => !snapshot.IsLive && snapshot.SnapshotId != previous && snapshot.State != (long)Snapshot.Types.State.Building).Skip(options.Value.KeepSnapshots).ToList();
        foreach (var snapshot in old)
        {
            await store.DeleteAsync(snapshot.SnapshotId, cancellationToken);
            await vectors.DeleteAsync(snapshot.Collection, cancellationToken);
        }
    }

    /// <summary>
    /// After a start: snapshots that a crash left half-built are removed, and live ones that the store has lost are taken off, so that they are built again.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var snapshot in await store.AllInStateAsync(Snapshot.Types.State.Building, cancellationToken))
        {
            await vectors.DeleteAsync(snapshot.Collection, cancellationToken);
            await store.FailAsync(snapshot.SnapshotId, "the service ended while it was built", cancellationToken);
        }
        foreach (var snapshot in await store.AllInStateAsync(Snapshot.Types.State.Live, cancellationToken))
        {
            if (await vectors.ExistsAsync(snapshot.Collection, cancellationToken))
                await vectors.PointAliasAsync(snapshot.Tenant, snapshot.Collection, cancellationToken);
            else
            {
                LogLost(snapshot.SnapshotId);
                await store.FailAsync(snapshot.SnapshotId, "the vector store no longer holds it", cancellationToken);
            }
        }
    }

    [LoggerMessage(EventId = 8145, Level = LogLevel.Information, Message = "Snapshot {Snapshot} is live")]
    private partial void LogActivated(string snapshot);

    [LoggerMessage(EventId = 8146, Level = LogLevel.Error, Message = "The vector store no longer holds the live snapshot {Snapshot}")]
    private partial void LogLost(string snapshot);
}
