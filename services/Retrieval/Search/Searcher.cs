using System.Collections.Concurrent;
using Mesh.Embedding.V1;
using Mesh.Retrieval.Documents;
using Mesh.Retrieval.Snapshots;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Search;

/// <summary>Finds passages of one snapshot: rewrite, embed, ask both sides, fuse, prefer the question's language, judge whether it can be answered.</summary>
internal sealed class Searcher(
    SnapshotStore store, VectorCollections vectors, EmbeddingService.EmbeddingServiceClient embedding, QueryRewriter rewriter, QueryWords queryWords, IOptions<RetrievalOptions> options, TimeProvider time)
{
    private const int CachedSnapshots = 32;
    private readonly ConcurrentDictionary<string, TermCounts> _counts = new();

    /// <exception cref="PreconditionException">Nothing is live yet, or the snapshot was built with another encoder.</exception>
    /// <exception cref="NotFoundException">No such snapshot.</exception>
    /// <exception cref="DependencyUnavailableException">The vector store does not answer.</exception>
    public async Task<SearchAnswer> SearchAsync(string tenant, SearchQuestion question, CancellationToken cancellationToken)
    {
        var stages = new Stages(time);
        var snapshot = question.SnapshotId.Length > 0
            ? await store.GetAsync(tenant, question.SnapshotId, cancellationToken)
            : await store.LiveAsync(tenant, cancellationToken) ?? throw new PreconditionException("NO_LIVE_SNAPSHOT", "the knowledge base has no live snapshot yet; ingest documents first");
        if (snapshot.State is not ((long)V1.Snapshot.Types.State.Live or (long)V1.Snapshot.Types.State.Ready))
            throw new PreconditionException("SNAPSHOT_NOT_READY", "this snapshot is not ready to be searched");

        var searched = await rewriter.RewriteAsync(question.Query, question.History, cancellationToken);
        stages.Done("rewrite", 0);

        var analysing = queryWords.OfAsync(searched, cancellationToken);
        var embedded = await embedding.EmbedAsync(new EmbedRequest { Texts = { searched }, Kind = TextKind.Query, Dense = true, Sparse = true }, cancellationToken: cancellationToken);
        if (embedded.Revision != snapshot.EncoderRevision)
            throw new PreconditionException("ENCODER_CHANGED", "the embedding service uses another encoder than this snapshot was built with; ingest the documents again");
        var query = new ChunkVectors(embedded.Embeddings[0].Dense, embedded.Embeddings[0].Sparse.Indices, embedded.Embeddings[0].Sparse.Values);
        stages.Done("embed", 0);

        var settings = options.Value.Search;
        var filter = new PassageFilter(question.Labels, time.GetUtcNow().ToUnixTimeMilliseconds());
        var (dense, sparse) = await vectors.SearchAsync(snapshot.Collection, query, filter, settings.Candidates, cancellationToken);
        stages.Done("vectors", dense.Count + sparse.Count);

        var hashed = embedded.Model.StartsWith("hashed-", StringComparison.Ordinal);
        var denseWeight = settings.DenseWeight ?? (hashed ? 0.3 : 0.6);
        var fused = Fusion.Fuse(dense, sparse, denseWeight);
        stages.Done("fusion", fused.Count);

        var considered = fused.Take(Math.Max(2 * question.Limit, 20)).ToList();
        var chunks = (await store.ChunksAsync(snapshot.SnapshotId, [.. considered.Select(candidate => candidate.ChunkId)], cancellationToken)).ToDictionary(chunk => chunk.ChunkId);
        var ranked = PreferLanguage(considered, chunks, question.Language.Length > 0 ? question.Language : LanguageGuess.Of(question.Query), settings.OtherLanguageFactor);
        var top = ranked.Take(question.Limit).ToList();
        var documents = (await store.DocumentsAsync(snapshot.SnapshotId, top.Select(candidate => chunks[candidate.ChunkId].DocumentId).ToHashSet(), cancellationToken)).ToDictionary(document => document.DocumentId);
        stages.Done("passages", top.Count);

        var features = Answerability.Measure(await analysing, await CountsAsync(snapshot, cancellationToken), ranked, chunks, hashed);
        stages.Done("answerability", 0);
        return new SearchAnswer(snapshot.SnapshotId, [.. top.Select(candidate => new FoundPassage(candidate, chunks[candidate.ChunkId], documents[chunks[candidate.ChunkId].DocumentId]))],
            features, top.Count == 0 ? 0 : Answerability.Probability(features), settings.AnswerableThreshold ?? Answerability.Threshold, searched, stages.All);
    }

    /// <summary>Where a document exists in both languages, the question's own comes first; a passage that is much better stays ahead all the same.</summary>
    private static List<Candidate> PreferLanguage(List<Candidate> candidates, Dictionary<string, ChunkRow> chunks, string language, double factor) =>
        Fusion.Sort(candidates.Where(candidate => chunks.ContainsKey(candidate.ChunkId)).Select(candidate =>
            language.Length == 0 || chunks[candidate.ChunkId].Language.Length == 0 || LanguageGuess.Same(chunks[candidate.ChunkId].Language, language)
                ? candidate : candidate with { Score = candidate.Score * factor }));

    /// <summary>A snapshot never changes, so its counts are read once.</summary>
    private async Task<TermCounts> CountsAsync(SnapshotRow snapshot, CancellationToken cancellationToken)
    {
        if (_counts.TryGetValue(snapshot.SnapshotId, out var known))
            return known;
        var read = TermCounts.Read(await store.TermCountsAsync(snapshot.SnapshotId, cancellationToken), snapshot.Chunks);
        if (_counts.Count >= CachedSnapshots)
            _counts.Clear();
        return _counts[snapshot.SnapshotId] = read;
    }

    private sealed class Stages(TimeProvider time)
    {
        private long _since = time.GetTimestamp();

        public List<StageTime> All { get; } = [];

        public void Done(string stage, int candidates)
        {
            var now = time.GetTimestamp();
            All.Add(new StageTime(stage, time.GetElapsedTime(_since, now), candidates));
            _since = now;
        }
    }
}
