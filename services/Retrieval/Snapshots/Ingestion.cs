using System.Text.Json;
using Mesh.Embedding.V1;
using Mesh.Retrieval.Search;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Snapshots;

/// <summary>
/// One snapshot being filled. Chunks that the live snapshot already embedded from the same words with the same encoder take their vectors from there; the rest
/// is embedded in batches across documents.
/// </summary>
internal sealed class Ingestion(
    SnapshotRow snapshot, SnapshotRow? live, SnapshotStore store, VectorCollections vectors, DocumentPreparation preparation, GuardScreen guard,
    EmbeddingService.EmbeddingServiceClient embedding, IOptions<RetrievalOptions> options)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<PreparedDocument> _waiting = [];
    private readonly Dictionary<uint, uint> _termCounts = [];
    private readonly bool _sameEncoder = live is not null && live.EncoderRevision == snapshot.EncoderRevision;
    private bool _guardAnswers = true;

    public List<DocumentResult> Results { get; } = [];

    public int Unchecked { get; private set; }

    public byte[] TermCountBytes => TermCounts.Write(_termCounts);

    public async Task AddAsync(IncomingDocument document, CancellationToken cancellationToken)
    {
        if (!_seen.Add(document.DocumentId))
        {
            Results.Add(new DocumentResult(document.DocumentId, DocumentStatus.Refused) { Reason = "a document with this id was sent before in this ingestion" });
            return;
        }
        if (_sameEncoder && document.Refusal.Length == 0 && await store.FindDocumentAsync(live!.SnapshotId, document.DocumentId, cancellationToken) is { } same
            && same.ContentKey == preparation.ContentKey(document) && (same.IsChecked == 1 || !guard.IsOn))
        {
            await CopyAsync(same, cancellationToken);
            Results.Add(new DocumentResult(document.DocumentId, DocumentStatus.Unchanged) { Chunks = (int)same.Chunks, MediaType = same.MediaType });
            return;
        }
        var (prepared, result, isUnchecked) = await preparation.PrepareAsync(snapshot.SnapshotId, document, _guardAnswers, cancellationToken);
        Results.Add(result);
        if (isUnchecked)
        {
            _guardAnswers = false;
            Unchecked++;
        }
        if (prepared is null)
            return;
        _waiting.Add(prepared);
        if (_waiting.Sum(waiting => waiting.Chunks.Count) >= options.Value.EmbedBatch)
            await FlushAsync(cancellationToken);
    }

    /// <summary>Takes over the live snapshot's documents that were not sent anew and are not to be removed.</summary>
    public async Task CarryOverAsync(IReadOnlyCollection<string> remove, CancellationToken cancellationToken)
    {
        if (live is null)
            return;
        const int page = 200;
        for (var after = ""; ;)
        {
            var documents = await store.DocumentsAsync(live.SnapshotId, after, page, cancellationToken);
            foreach (var document in documents.Where(document => !_seen.Contains(document.DocumentId) && !remove.Contains(document.DocumentId)))
            {
                if (guard.IsOn && document.IsChecked == 0)
                    Unchecked++;
                await CopyAsync(document, cancellationToken);
            }
            if (documents.Count < page)
                return;
            after = documents[^1].DocumentId;
        }
    }

    /// <summary>Embeds and stores what waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
            return;
        var chunks = _waiting.SelectMany(document => document.Chunks).ToList();
        var made = await VectorsAsync(chunks, cancellationToken);
        foreach (var document in _waiting)
            await StoreAsync(document.Row, document.Chunks.Select(chunk => chunk.Row), made, cancellationToken);
        _waiting.Clear();
    }

    private async Task CopyAsync(DocumentRow document, CancellationToken cancellationToken)
    {
        var chunks = await store.ChunksOfAsync(live!.SnapshotId, document.DocumentId, cancellationToken);
        var made = new Dictionary<string, ChunkVectors>();
        if (_sameEncoder)
        {
            var kept = await vectors.VectorsAsync(live.Collection, [.. chunks.Select(chunk => chunk.ChunkId)], cancellationToken);
            foreach (var chunk in chunks)
                if (kept.TryGetValue(chunk.ChunkId, out var known))
                    made[chunk.InputHash] = known;
        }
        var missing = chunks.Where(chunk => !made.ContainsKey(chunk.InputHash)).ToList();
        if (missing.Count > 0)
            await EmbedAsync([.. missing.Select(chunk => (chunk.InputHash, Input(chunk)))], made, cancellationToken);
        var text = await store.TextOfAsync(live.SnapshotId, document.DocumentId, cancellationToken);
        await StoreAsync(document with { SnapshotId = snapshot.SnapshotId, Text = text }, chunks, made, cancellationToken);

        string Input(ChunkRow chunk) => new Chunks.Chunk(chunk.ChunkId, chunk.DocumentId, (int)chunk.Ordinal, JsonSerializer.Deserialize<List<string>>(chunk.HeadingPath)!,
            (Chunks.ChunkKind)chunk.Kind, default, 0, chunk.Text, chunk.Language, chunk.Question, chunk.Answer).EmbeddingInput(document.Title);
    }

    private async Task StoreAsync(DocumentRow document, IEnumerable<ChunkRow> chunks, Dictionary<string, ChunkVectors> made, CancellationToken cancellationToken)
    {
        var rows = chunks.Select(chunk => chunk with { SnapshotId = snapshot.SnapshotId, Terms = SnapshotStore.ToBytes(made[chunk.InputHash].Terms.ToArray()) }).ToList();
        var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(document.Labels)!;
        await vectors.UpsertAsync(snapshot.Collection,
            [.. rows.Select(row => (row.ChunkId, made[row.InputHash], new ChunkPayload(document.DocumentId, row.Language, labels, document.ValidFrom, document.ValidUntil)))], cancellationToken);
        await store.AddDocumentAsync(document, rows, cancellationToken);
        foreach (var row in rows)
            foreach (var term in made[row.InputHash].Terms)
                _termCounts[term] = _termCounts.GetValueOrDefault(term) + 1;
    }

    /// <summary>Vectors by the hash of what was embedded: from the live snapshot where it has them.</summary>
    private async Task<Dictionary<string, ChunkVectors>> VectorsAsync(List<PreparedChunk> chunks, CancellationToken cancellationToken)
    {
        var made = new Dictionary<string, ChunkVectors>();
        if (_sameEncoder)
        {
            var known = await store.ByInputAsync(live!.SnapshotId, chunks.Select(chunk => chunk.Row.InputHash).ToHashSet(), cancellationToken);
            var kept = await vectors.VectorsAsync(live.Collection, known.Values, cancellationToken);
            foreach (var (input, chunkId) in known)
                if (kept.TryGetValue(chunkId, out var vector))
                    made[input] = vector;
        }
        await EmbedAsync([.. chunks.Where(chunk => !made.ContainsKey(chunk.Row.InputHash)).Select(chunk => (chunk.Row.InputHash, chunk.Input)).DistinctBy(chunk => chunk.InputHash)], made, cancellationToken);
        return made;
    }

    private async Task EmbedAsync(List<(string InputHash, string Input)> inputs, Dictionary<string, ChunkVectors> made, CancellationToken cancellationToken)
    {
        foreach (var batch in inputs.Chunk(options.Value.EmbedBatch))
        {
            var response = await embedding.EmbedAsync(new EmbedRequest { Texts = { batch.Select(chunk => chunk.Input) }, Kind = TextKind.Passage, Dense = true, Sparse = true },
                cancellationToken: cancellationToken);
            if (response.Revision != snapshot.EncoderRevision)
                throw new ServiceDefaults.Errors.ConflictException("ENCODER_CHANGED", "the embedding service changed its encoder while this snapshot was built");
            for (var i = 0; i < batch.Length; i++)
                made[batch[i].InputHash] = new ChunkVectors(response.Embeddings[i].Dense, response.Embeddings[i].Sparse.Indices, response.Embeddings[i].Sparse.Values);
        }
    }
}
