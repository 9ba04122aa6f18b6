using System.Runtime.InteropServices;
using Dapper;
using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Data;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Retrieval.Snapshots;

/// <summary>
/// Snapshots, their documents and chunks, in the service's database. Which snapshot is live is decided here; the vector store's alias follows in the same step.
/// </summary>
internal sealed class SnapshotStore(MeshDatabase database, TimeProvider time)
{
    private const string SnapshotColumns = """
        snapshot_id AS SnapshotId, tenant AS Tenant, state AS State, created_at AS CreatedAt, activated_at AS ActivatedAt, previous_id AS PreviousId, documents AS Documents,
        chunks AS Chunks, encoder AS Encoder, encoder_revision AS EncoderRevision, note AS Note, reason AS Reason, unchecked AS Unchecked
        """;

    private const string DocumentColumns = """
        snapshot_id AS SnapshotId, document_id AS DocumentId, title AS Title, revision AS Revision, media_type AS MediaType, language AS Language, labels AS Labels, source AS Source,
        valid_from AS ValidFrom, valid_until AS ValidUntil, content_key AS ContentKey, is_checked AS IsChecked, chunks AS Chunks
        """;

    private const string ChunkColumns = """
        snapshot_id AS SnapshotId, chunk_id AS ChunkId, document_id AS DocumentId, ordinal AS Ordinal, heading_path AS HeadingPath, kind AS Kind, span_start AS SpanStart,
        span_end AS SpanEnd, page AS Page, text AS Text, hash AS Hash, input_hash AS InputHash, language AS Language, question AS Question, answer AS Answer, terms AS Terms
        """;

    private const string ChunkInsert = """
        INSERT INTO chunks (snapshot_id, chunk_id, document_id, ordinal, heading_path, kind, span_start, span_end, page, text, hash, input_hash, language, question, answer, terms)
        VALUES (@SnapshotId, @ChunkId, @DocumentId, @Ordinal, @HeadingPath, @Kind, @SpanStart, @SpanEnd, @Page, @Text, @Hash, @InputHash, @Language, @Question, @Answer, @Terms)
        """;

    private const string DocumentInsert = """
        INSERT INTO documents (snapshot_id, document_id, title, revision, media_type, language, labels, source, valid_from, valid_until, content_key, is_checked, chunks, text)
        VALUES (@SnapshotId, @DocumentId, @Title, @Revision, @MediaType, @Language, @Labels, @Source, @ValidFrom, @ValidUntil, @ContentKey, @IsChecked, @Chunks, @Text)
        """;

    public async Task<SnapshotRow> CreateAsync(string tenant, string encoder, string encoderRevision, string note, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = new SnapshotRow
        {
            SnapshotId = Guid.CreateVersion7(now).ToString("N"),
            Tenant = tenant,
            State = (long)Snapshot.Types.State.Building,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            Encoder = encoder,
            EncoderRevision = encoderRevision,
            Note = note,
        };
        await ExecuteAsync("""
            INSERT INTO snapshots (snapshot_id, tenant, state, created_at, encoder, encoder_revision, note) VALUES (@SnapshotId, @Tenant, @State, @CreatedAt, @Encoder, @EncoderRevision, @Note)
            """, row, cancellationToken);
        return row;
    }

    public Task<SnapshotRow?> LiveAsync(string tenant, CancellationToken cancellationToken) =>
        FirstAsync<SnapshotRow>($"SELECT {SnapshotColumns} FROM snapshots WHERE tenant = @tenant AND state = @state", new { tenant, state = (long)Snapshot.Types.State.Live }, cancellationToken);

    /// <exception cref="NotFoundException">No such snapshot of this tenant.</exception>
    public async Task<SnapshotRow> GetAsync(string tenant, string snapshotId, CancellationToken cancellationToken) =>
        await FirstAsync<SnapshotRow>($"SELECT {SnapshotColumns} FROM snapshots WHERE tenant = @tenant AND snapshot_id = @snapshotId", new { tenant, snapshotId }, cancellationToken)
            ?? throw new NotFoundException("snapshot", snapshotId);

    public Task<List<SnapshotRow>> ListAsync(string tenant, int limit, CancellationToken cancellationToken) =>
        QueryAsync<SnapshotRow>($"SELECT {SnapshotColumns} FROM snapshots WHERE tenant = @tenant ORDER BY created_at DESC, snapshot_id DESC LIMIT @limit", new { tenant, limit }, cancellationToken);

    public Task<List<SnapshotRow>> AllInStateAsync(Snapshot.Types.State state, CancellationToken cancellationToken) =>
        QueryAsync<SnapshotRow>($"SELECT {SnapshotColumns} FROM snapshots WHERE state = @state", new { state = (long)state }, cancellationToken);

    public Task FinishAsync(SnapshotRow snapshot, Snapshot.Types.State state, string reason, long documents, long chunks, long uncheckedDocuments, byte[] termCounts, CancellationToken cancellationToken) =>
        ExecuteAsync("""
            UPDATE snapshots SET state = @state, reason = @reason, documents = @documents, chunks = @chunks, unchecked = @uncheckedDocuments, term_counts = @termCounts WHERE snapshot_id = @id
            """, new { id = snapshot.SnapshotId, state = (long)state, reason, documents, chunks, uncheckedDocuments, termCounts }, cancellationToken);

    /// <summary>Marks a snapshot as failed and forgets what it held; its record stays for the list.</summary>
    public Task FailAsync(string snapshotId, string reason, CancellationToken cancellationToken) => database.InTransactionAsync(async (connection, transaction) =>
    {
        await connection.ExecuteAsync(new CommandDefinition("UPDATE snapshots SET state = @state, reason = @reason WHERE snapshot_id = @snapshotId",
            new { snapshotId, reason, state = (long)Snapshot.Types.State.Failed }, transaction, cancellationToken: cancellationToken));
        await DeleteContentAsync(connection, transaction, snapshotId, cancellationToken);
    }, cancellationToken);

    public Task SetReasonAsync(string snapshotId, string reason, CancellationToken cancellationToken) =>
        ExecuteAsync("UPDATE snapshots SET reason = @reason WHERE snapshot_id = @snapshotId", new { snapshotId, reason }, cancellationToken);

    /// <summary>Makes a snapshot live.</summary>
    /// <param name="expectedLive">The id that must be live now, or null where it does not matter; empty for none.</param>
    /// <param name="switchAlias">Runs inside the transaction: when it fails, nothing has changed.</param>
    /// <param name="remember">Whether the one before becomes the target of a rollback; a rollback itself says no.</param>
    /// <exception cref="ConflictException">Another snapshot became live meanwhile.</exception>
    public Task ActivateAsync(SnapshotRow snapshot, string? expectedLive, bool remember, Func<Task> switchAlias, CancellationToken cancellationToken) =>
        database.InTransactionAsync(async (connection, transaction) =>
        {
            var live = await connection.QueryFirstOrDefaultAsync<string>(new CommandDefinition("SELECT snapshot_id FROM snapshots WHERE tenant = @Tenant AND state = @state",
                new { snapshot.Tenant, state = (long)Snapshot.Types.State.Live }, transaction, cancellationToken: cancellationToken)) ?? "";
            if (live == snapshot.SnapshotId)
                return;
            if (expectedLive is not null && live != expectedLive)
                throw new ConflictException("SNAPSHOT_SUPERSEDED", "another snapshot became live while this one was built; ingest again");
            await connection.ExecuteAsync(new CommandDefinition("UPDATE snapshots SET state = @ready WHERE tenant = @Tenant AND state = @state",
                new { snapshot.Tenant, state = (long)Snapshot.Types.State.Live, ready = (long)Snapshot.Types.State.Ready }, transaction, cancellationToken: cancellationToken));
            var changed = await connection.ExecuteAsync(new CommandDefinition($"""
                UPDATE snapshots SET state = @state, activated_at = @now, reason = ''{(remember ? ", previous_id = @live" : "")} WHERE snapshot_id = @SnapshotId AND state = @ready
                """, new
            {
                snapshot.SnapshotId,
                live,
                now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                state = (long)Snapshot.Types.State.Live,
                ready = (long)Snapshot.Types.State.Ready,
            }, transaction, cancellationToken: cancellationToken));
            if (changed != 1)
                throw new PreconditionException("SNAPSHOT_NOT_READY", "only a snapshot that is ready can be made live");
            await switchAlias();
        }, cancellationToken);

    /// <summary>Removes a snapshot with everything in it.</summary>
    public Task DeleteAsync(string snapshotId, CancellationToken cancellationToken) => database.InTransactionAsync(async (connection, transaction) =>
    {
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM snapshots WHERE snapshot_id = @snapshotId", new { snapshotId }, transaction, cancellationToken: cancellationToken));
        await DeleteContentAsync(connection, transaction, snapshotId, cancellationToken);
    }, cancellationToken);

    public Task AddDocumentAsync(DocumentRow document, IReadOnlyList<ChunkRow> chunks, CancellationToken cancellationToken) => database.InTransactionAsync(async (connection, transaction) =>
    {
        await connection.ExecuteAsync(new CommandDefinition(DocumentInsert, document, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(ChunkInsert, chunks, transaction, cancellationToken: cancellationToken));
    }, cancellationToken);

    public Task<DocumentRow?> FindDocumentAsync(string snapshotId, string documentId, CancellationToken cancellationToken) =>
        FirstAsync<DocumentRow>($"SELECT {DocumentColumns} FROM documents WHERE snapshot_id = @snapshotId AND document_id = @documentId", new { snapshotId, documentId }, cancellationToken);

    public async Task<string> TextOfAsync(string snapshotId, string documentId, CancellationToken cancellationToken) =>
        await FirstAsync<string>("SELECT text FROM documents WHERE snapshot_id = @snapshotId AND document_id = @documentId", new { snapshotId, documentId }, cancellationToken)
            ?? throw new NotFoundException("document", documentId);

    /// <summary>Documents without their text, ordered by id, after the given one.</summary>
    public Task<List<DocumentRow>> DocumentsAsync(string snapshotId, string after, int limit, CancellationToken cancellationToken) =>
        QueryAsync<DocumentRow>($"SELECT {DocumentColumns} FROM documents WHERE snapshot_id = @snapshotId AND document_id > @after ORDER BY document_id LIMIT @limit",
            new { snapshotId, after, limit }, cancellationToken);

    public Task<List<DocumentRow>> DocumentsAsync(string snapshotId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        QueryAsync<DocumentRow>($"SELECT {DocumentColumns} FROM documents WHERE snapshot_id = @snapshotId AND document_id {database.In("ids")}", new { snapshotId, ids = ids.ToArray() }, cancellationToken);

    public Task<List<ChunkRow>> ChunksAsync(string snapshotId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        QueryAsync<ChunkRow>($"SELECT {ChunkColumns} FROM chunks WHERE snapshot_id = @snapshotId AND chunk_id {database.In("ids")}", new { snapshotId, ids = ids.ToArray() }, cancellationToken);

    public Task<List<ChunkRow>> ChunksOfAsync(string snapshotId, string documentId, CancellationToken cancellationToken) =>
        QueryAsync<ChunkRow>($"SELECT {ChunkColumns} FROM chunks WHERE snapshot_id = @snapshotId AND document_id = @documentId ORDER BY ordinal", new { snapshotId, documentId }, cancellationToken);

    /// <summary>All chunks of a snapshot, for comparing; ordered by document and place.</summary>
    public Task<List<ChunkRow>> ChunksAsync(string snapshotId, CancellationToken cancellationToken) =>
        QueryAsync<ChunkRow>($"SELECT {ChunkColumns} FROM chunks WHERE snapshot_id = @snapshotId ORDER BY document_id, ordinal", new { snapshotId }, cancellationToken);

    /// <summary>Chunks of a snapshot that were embedded from these inputs, by the input's hash.</summary>
    public async Task<Dictionary<string, string>> ByInputAsync(string snapshotId, IReadOnlyCollection<string> inputHashes, CancellationToken cancellationToken)
    {
        var found = await QueryAsync<ChunkRow>($"SELECT chunk_id AS ChunkId, input_hash AS InputHash FROM chunks WHERE snapshot_id = @snapshotId AND input_hash {database.In("inputHashes")}",
            new { snapshotId, inputHashes = inputHashes.ToArray() }, cancellationToken);
        return found.DistinctBy(row => row.InputHash).ToDictionary(row => row.InputHash, row => row.ChunkId);
    }

    /// <summary>The newest snapshot of the tenant that holds the chunk.</summary>
    public Task<string?> FindHolderAsync(string tenant, string chunkId, CancellationToken cancellationToken) => FirstAsync<string>($"""
        SELECT s.snapshot_id FROM snapshots s JOIN chunks c ON c.snapshot_id = s.snapshot_id WHERE s.tenant = @tenant AND c.chunk_id = @chunkId AND s.state {database.In("states")}
        ORDER BY CASE s.state WHEN @live THEN 0 ELSE 1 END, s.created_at DESC LIMIT 1
        """, new { tenant, chunkId, live = (long)Snapshot.Types.State.Live, states = new[] { (long)Snapshot.Types.State.Live, (long)Snapshot.Types.State.Ready } }, cancellationToken);

    public async Task<(long Documents, long Chunks)> CountAsync(string snapshotId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var documents = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM documents WHERE snapshot_id = @snapshotId", new { snapshotId }, cancellationToken: cancellationToken));
        var chunks = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM chunks WHERE snapshot_id = @snapshotId", new { snapshotId }, cancellationToken: cancellationToken));
        return (documents, chunks);
    }

    /// <summary>In how many chunks each term occurs; see <see cref="Search.TermCounts"/>.</summary>
    public async Task<byte[]> TermCountsAsync(string snapshotId, CancellationToken cancellationToken) =>
        await FirstAsync<byte[]>("SELECT term_counts FROM snapshots WHERE snapshot_id = @snapshotId", new { snapshotId }, cancellationToken) ?? [];

    public Task<string?> SeedAsync(string tenant, CancellationToken cancellationToken) =>
        FirstAsync<string>("SELECT content FROM seeds WHERE tenant = @tenant", new { tenant }, cancellationToken);

    public Task SetSeedAsync(string tenant, string content, CancellationToken cancellationToken) => ExecuteAsync(
        "INSERT INTO seeds (tenant, content) VALUES (@tenant, @content) ON CONFLICT (tenant) DO UPDATE SET content = excluded.content", new { tenant, content }, cancellationToken);

    public static byte[] ToBytes(IReadOnlyCollection<uint> terms) => MemoryMarshal.AsBytes<uint>(terms.ToArray()).ToArray();

    private static async Task DeleteContentAsync(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, string snapshotId, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM chunks WHERE snapshot_id = @snapshotId", new { snapshotId }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM documents WHERE snapshot_id = @snapshotId", new { snapshotId }, transaction, cancellationToken: cancellationToken));
    }

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    private async Task<T?> FirstAsync<T>(string sql, object parameters, CancellationToken cancellationToken) where T : class
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    private async Task<List<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))];
    }
}
