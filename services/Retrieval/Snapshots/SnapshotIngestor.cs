using System.Collections.Concurrent;
using Grpc.Core;
using Mesh.Embedding.V1;
using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Snapshots;

/// <summary>Builds snapshots beside the live one, checks them, and makes them live. One at a time for each tenant.</summary>
internal sealed partial class SnapshotIngestor(
    SnapshotStore store, VectorCollections vectors, SnapshotSwitch switcher, DocumentPreparation preparation, GuardScreen guard, EmbeddingService.EmbeddingServiceClient embedding,
    IOptions<RetrievalOptions> options, TimeProvider time, ILogger<SnapshotIngestor> logger)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    /// <summary>
    /// The live snapshot stays as it is unless the new one is activated. When the documents stop coming or a service fails, the new one is marked as failed and
    /// what it held is removed.
    /// </summary>
    public async Task<IngestResult> IngestAsync(string tenant, IngestSettings settings, IAsyncEnumerable<IncomingDocument> documents, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(tenant, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            var model = await embedding.GetModelInfoAsync(new GetModelInfoRequest(), cancellationToken: cancellationToken);
            var live = await store.LiveAsync(tenant, cancellationToken);
            if (live is not null && !await vectors.ExistsAsync(live.Collection, cancellationToken))
                live = null;
            var snapshot = await store.CreateAsync(tenant, model.Model, model.Revision, settings.Note, cancellationToken);
            try
            {
                return await BuildAsync(snapshot, live, settings, model.Dimension, documents, cancellationToken);
            }
            catch (Exception error)
            {
                await AbandonAsync(snapshot, error);
                throw;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<IngestResult> BuildAsync(
        SnapshotRow snapshot, SnapshotRow? live, IngestSettings settings, int dimension, IAsyncEnumerable<IncomingDocument> documents, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await vectors.CreateAsync(snapshot.Collection, dimension, cancellationToken);
        var ingestion = new Ingestion(snapshot, live, store, vectors, preparation, guard, embedding, options);
        await foreach (var document in documents.WithCancellation(cancellationToken))
        {
            if (ingestion.Results.Count >= options.Value.MaxDocuments)
                throw new InvalidRequestException("document", $"more than {options.Value.MaxDocuments:N0} documents in one ingestion");
            await ingestion.AddAsync(document, cancellationToken);
        }
        if (settings.Merge)
            await ingestion.CarryOverAsync(settings.Remove, cancellationToken);
        await ingestion.FlushAsync(cancellationToken);

        var (documentCount, chunkCount) = await store.CountAsync(snapshot.SnapshotId, cancellationToken);
        var failure = await FailureAsync(snapshot, settings, ingestion, documentCount, chunkCount, cancellationToken);
        if (failure is not null)
        {
            await store.FailAsync(snapshot.SnapshotId, failure, cancellationToken);
            await vectors.DeleteAsync(snapshot.Collection, cancellationToken);
            LogFailed(snapshot.SnapshotId, failure);
            return new IngestResult(await store.GetAsync(snapshot.Tenant, snapshot.SnapshotId, cancellationToken), ingestion.Results, false, failure);
        }
        await store.FinishAsync(snapshot, Snapshot.Types.State.Ready, "", documentCount, chunkCount, ingestion.Unchecked, ingestion.TermCountBytes, cancellationToken);
        snapshot = await store.GetAsync(snapshot.Tenant, snapshot.SnapshotId, cancellationToken);
        LogBuilt(snapshot.SnapshotId, documentCount, chunkCount, (long)time.GetElapsedTime(started).TotalMilliseconds);

        var reason = settings.Activate ? await HindranceAsync(snapshot, settings, cancellationToken) : null;
        var activated = settings.Activate && reason is null;
        if (activated)
            await switcher.ActivateAsync(snapshot, settings.Merge ? live?.SnapshotId ?? "" : null, remember: true, cancellationToken);
        else if (reason is not null)
            await store.SetReasonAsync(snapshot.SnapshotId, reason, cancellationToken);
        await switcher.PruneAsync(snapshot.Tenant, cancellationToken);
        return new IngestResult(await store.GetAsync(snapshot.Tenant, snapshot.SnapshotId, cancellationToken), ingestion.Results, activated, reason ?? "");
    }

    /// <summary>Why the snapshot cannot be used at all.</summary>
    private async Task<string?> FailureAsync(SnapshotRow snapshot, IngestSettings settings, Ingestion ingestion, long documents, long chunks, CancellationToken cancellationToken)
    {
        var refused = ingestion.Results.Where(result => result.Status is DocumentStatus.Refused or DocumentStatus.Quarantined).ToList();
        if (settings.Strict && refused.Count > 0)
            return $"{refused.Count} documents were not taken, the first of them '{refused[0].DocumentId}': {refused[0].Reason}";
        if (documents == 0 || chunks == 0)
            return "no document could be indexed";
        var points = await vectors.CountAsync(snapshot.Collection, cancellationToken);
        return points == chunks ? null : $"the vector store holds {points} of {chunks} chunks";
    }

    /// <summary>Why the snapshot is good and still not made live.</summary>
    private static async Task<string?> HindranceAsync(SnapshotRow snapshot, IngestSettings settings, CancellationToken cancellationToken) =>
        snapshot.Unchecked > 0 ? SnapshotSwitch.UncheckedReason(snapshot)
        : settings.Check is { } check ? await check(snapshot, cancellationToken) : null;

    /// <summary>After a failure that is somebody else's, also when the caller is gone: leave nothing half-built.</summary>
    private async Task AbandonAsync(SnapshotRow snapshot, Exception error)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit, time);
        LogAbandoned(snapshot.SnapshotId, error);
        try
        {
            await store.FailAsync(snapshot.SnapshotId, error is MeshException ? error.Message : error is OperationCanceledException ? "it was cancelled" : "a service failed while it was built", limit.Token);
            await vectors.DeleteAsync(snapshot.Collection, limit.Token);
        }
        catch (Exception second) when (second is RpcException or MeshException or OperationCanceledException or System.Data.Common.DbException)
        {
            // The snapshot is still marked as being built; the next start removes it.
            LogLeftOver(snapshot.SnapshotId, second);
        }
    }

    [LoggerMessage(EventId = 8141, Level = LogLevel.Information, Message = "Snapshot {Snapshot} holds {Documents} documents in {Chunks} chunks, built in {Milliseconds} ms")]
    private partial void LogBuilt(string snapshot, long documents, long chunks, long milliseconds);

    [LoggerMessage(EventId = 8142, Level = LogLevel.Warning, Message = "Snapshot {Snapshot} failed its check: {Reason}")]
    private partial void LogFailed(string snapshot, string reason);

    [LoggerMessage(EventId = 8143, Level = LogLevel.Warning, Message = "Building snapshot {Snapshot} was given up")]
    private partial void LogAbandoned(string snapshot, Exception error);

    [LoggerMessage(EventId = 8144, Level = LogLevel.Warning, Message = "Snapshot {Snapshot} could not be cleaned up now")]
    private partial void LogLeftOver(string snapshot, Exception error);
}
