namespace Mesh.Retrieval.Snapshots;

internal static class Migrations
{
    /// <summary>Times are Unix milliseconds, lists and maps JSON, term hashes little-endian.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        """
        CREATE TABLE snapshots (
            snapshot_id TEXT NOT NULL PRIMARY KEY,
            tenant TEXT NOT NULL,
            state BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            activated_at BIGINT NOT NULL DEFAULT 0,
            previous_id TEXT NOT NULL DEFAULT '',
            documents BIGINT NOT NULL DEFAULT 0,
            chunks BIGINT NOT NULL DEFAULT 0,
            encoder TEXT NOT NULL,
            encoder_revision TEXT NOT NULL,
            note TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            unchecked BIGINT NOT NULL DEFAULT 0,
            term_counts {blob}
        );
        CREATE INDEX snapshots_by_tenant ON snapshots (tenant, created_at);
        CREATE TABLE documents (
            snapshot_id TEXT NOT NULL,
            document_id TEXT NOT NULL,
            title TEXT NOT NULL,
            revision TEXT NOT NULL,
            media_type TEXT NOT NULL,
            language TEXT NOT NULL,
            labels TEXT NOT NULL,
            source TEXT NOT NULL,
            valid_from BIGINT NOT NULL,
            valid_until BIGINT NOT NULL,
            content_key TEXT NOT NULL,
            is_checked BIGINT NOT NULL,
            chunks BIGINT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (snapshot_id, document_id)
        );
        CREATE TABLE chunks (
            snapshot_id TEXT NOT NULL,
            chunk_id TEXT NOT NULL,
            document_id TEXT NOT NULL,
            ordinal BIGINT NOT NULL,
            heading_path TEXT NOT NULL,
            kind BIGINT NOT NULL,
            span_start BIGINT NOT NULL,
            span_end BIGINT NOT NULL,
            page BIGINT NOT NULL,
            text TEXT NOT NULL,
            hash TEXT NOT NULL,
            input_hash TEXT NOT NULL,
            language TEXT NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            terms {blob} NOT NULL,
            PRIMARY KEY (snapshot_id, chunk_id)
        );
        CREATE INDEX chunks_by_document ON chunks (snapshot_id, document_id, ordinal);
        CREATE INDEX chunks_by_input ON chunks (snapshot_id, input_hash);
        CREATE TABLE seeds (
            tenant TEXT NOT NULL PRIMARY KEY,
            content TEXT NOT NULL
        );
        """,
    ];
}
