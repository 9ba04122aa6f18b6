using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Mesh.Embedding.V1;
using Mesh.Retrieval.Documents;
using Mesh.Retrieval.Search;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Snapshots;

/// <summary>
/// At the start: recovers what a crash left, and ingests the configured folder when the tenant has no live snapshot or the folder, or the encoder, has
/// changed since it was ingested last. Waits for the services that it needs, and says in the health check what it waits for.
/// </summary>
internal sealed partial class Seeder(
    SnapshotIngestor ingestor, SnapshotSwitch switcher, SnapshotStore store, Searcher searcher, GuardScreen guard, EmbeddingService.EmbeddingServiceClient embedding, CallerAccessor callers,
    IOptions<RetrievalOptions> options, TimeProvider time, ILogger<Seeder> logger) : BackgroundService, IHealthCheck
{
    private const string NotActivated = "SEED_NOT_ACTIVATED";
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(15);
    private volatile string _status = "starting";
    private volatile bool _done;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (options.Value.Seed.Directory.Length == 0)
            return _done ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(_status);
        var live = await store.LiveAsync(options.Value.Seed.Tenant, cancellationToken);
        if (live is null || !_done && live.EncoderRevision.Length == 0)
            return HealthCheckResult.Unhealthy($"no live snapshot yet: {_status}");
        return _done ? HealthCheckResult.Healthy($"snapshot {live.SnapshotId}: {live.Documents} documents, {live.Chunks} passages")
            : HealthCheckResult.Degraded($"snapshot {live.SnapshotId} is live; {_status}");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstRetry;
        while (true)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (RpcException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (PreconditionException error) when (error.Reason == NotActivated)
            {
                // The same folder would give the same again; an operator or the next start decides.
                _status = error.Message;
                LogNotActivated(error.Message);
                return;
            }
            catch (Exception error) when (error is RpcException or MeshException or IOException or InvalidDataException or UnauthorizedAccessException or System.Data.Common.DbException && !stoppingToken.IsCancellationRequested)
            {
                _status = error is MeshException or IOException or InvalidDataException ? error.Message : "a service that it needs does not answer";
                LogWaiting(_status, delay.TotalMilliseconds);
            }
            // The services start side by side; there is no event to wait for.
            await Task.Delay(delay, time, stoppingToken);
            delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry;
        }
    }

    /// <summary>Ingests the folder again, changed or not; for an operator.</summary>
    /// <returns>The new live snapshot, for a person to read.</returns>
    public async Task<string> ReingestAsync(CancellationToken cancellationToken)
    {
        var seed = options.Value.Seed;
        if (seed.Directory.Length == 0)
            throw new PreconditionException("NO_SEED_DIRECTORY", "Retrieval:Seed:Directory names no folder to ingest");
        using var caller = callers.Use(Caller.Internal(seed.Tenant));
        var files = Files(seed.Directory);
        var result = await IngestFolderAsync(seed, files, await ContentAsync(files, cancellationToken), cancellationToken);
        return $"snapshot {result.Snapshot.SnapshotId} is live: {result.Snapshot.Documents} documents, {result.Snapshot.Chunks} passages";
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var seed = options.Value.Seed;
        using var caller = callers.Use(Caller.Internal(seed.Tenant));
        await switcher.RecoverAsync(cancellationToken);
        if (seed.Directory.Length > 0)
            await SeedAsync(seed, cancellationToken);
        _status = "";
        _done = true;
    }

    private async Task SeedAsync(SeedOptions seed, CancellationToken cancellationToken)
    {
        var files = Files(seed.Directory);
        if (files.Count == 0)
            throw new DirectoryNotFoundException($"the folder to ingest, '{Path.GetFileName(seed.Directory)}', has no readable documents");
        var content = await ContentAsync(files, cancellationToken);
        if (await store.LiveAsync(seed.Tenant, cancellationToken) is not null && await store.SeedAsync(seed.Tenant, cancellationToken) == content)
            return;
        _status = "waiting for the guard";
        await guard.WaitAsync(cancellationToken);
        _status = $"ingesting {files.Count} documents";
        await IngestFolderAsync(seed, files, content, cancellationToken);
    }

    /// <summary>What the snapshot depends on: the folder's bytes, the encoder, and how documents are read and cut.</summary>
    private async Task<string> ContentAsync(List<string> files, CancellationToken cancellationToken)
    {
        var model = await embedding.GetModelInfoAsync(new GetModelInfoRequest(), cancellationToken: cancellationToken);
        return Hash(files, $"{model.Revision};{DocumentReading.Version};{Chunks.Chunker.Version};{options.Value.Chunking.MaxUnits};{options.Value.Guard}");
    }

    private async Task<IngestResult> IngestFolderAsync(SeedOptions seed, List<string> files, string content, CancellationToken cancellationToken)
    {
        var settings = new IngestSettings(Merge: false, Activate: true, Strict: false, "seeded from a folder", []) { Check = CheckQuestionsAsync };
        var result = await ingestor.IngestAsync(seed.Tenant, settings, ReadAsync(seed.Directory, files, cancellationToken), cancellationToken);
        foreach (var document in result.Documents.Where(document => document.Status is DocumentStatus.Refused or DocumentStatus.Quarantined))
            LogNotTaken(document.DocumentId, document.Reason);
        if (!result.Activated)
            throw new PreconditionException(NotActivated, $"the folder was ingested and not activated: {result.Reason}");
        await store.SetSeedAsync(seed.Tenant, content, cancellationToken);
        return result;
    }

    /// <summary>Share of the golden questions that find a right document among the first five passages.</summary>
    private async Task<string?> CheckQuestionsAsync(SnapshotRow snapshot, CancellationToken cancellationToken)
    {
        var seed = options.Value.Seed;
        if (seed.Questions.Length == 0)
            return null;
        var questions = GoldenQuestion.Read(Path.Combine(seed.Directory, seed.Questions)).Where(question => question.Answers.Count > 0).ToList();
        var found = 0;
        foreach (var question in questions)
        {
            var answer = await searcher.SearchAsync(snapshot.Tenant, new SearchQuestion(question.Question, 5, snapshot.SnapshotId, "", new Dictionary<string, string>(), []), cancellationToken);
            if (answer.Passages.Any(passage => question.IsAnsweredBy(passage.Chunk)))
                found++;
        }
        var recall = questions.Count == 0 ? 1 : (double)found / questions.Count;
        LogRecall(recall, questions.Count);
        return recall >= seed.MinimumRecall ? null : $"only {recall:P0} of {questions.Count} golden questions find their document, {seed.MinimumRecall:P0} are wanted";
    }

    private static List<string> Files(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory, path).Replace('\\', '/'))
            .Where(path => MediaTypes.IsKnownExtension(path) && !path.Split('/').Any(part => part.StartsWith('.')))
            .Order(StringComparer.Ordinal),
    ];

    private string Hash(List<string> files, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            using var stream = File.OpenRead(Path.Combine(options.Value.Seed.Directory, file));
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async IAsyncEnumerable<IncomingDocument> ReadAsync(string directory, List<string> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(directory, file);
            yield return new FileInfo(path).Length > options.Value.Limits.DocumentBytes
                ? new IncomingDocument(file, []) { Refusal = $"it is larger than {options.Value.Limits.DocumentBytes:N0} bytes" }
                : new IncomingDocument(file, await File.ReadAllBytesAsync(path, cancellationToken)) { Source = "file" };
        }
    }

    [LoggerMessage(EventId = 8147, Level = LogLevel.Information, Message = "The knowledge base waits: {Reason} (next try in {Milliseconds} ms)")]
    private partial void LogWaiting(string reason, double milliseconds);

    [LoggerMessage(EventId = 8148, Level = LogLevel.Warning, Message = "Document {Document} was not taken: {Reason}")]
    private partial void LogNotTaken(string document, string reason);

    [LoggerMessage(EventId = 8150, Level = LogLevel.Error, Message = "The knowledge base keeps its live snapshot: {Reason}")]
    private partial void LogNotActivated(string reason);

    [LoggerMessage(EventId = 8149, Level = LogLevel.Information, Message = "{Recall:P1} of {Questions} golden questions find their document among five passages")]
    private partial void LogRecall(double recall, int questions);
}
