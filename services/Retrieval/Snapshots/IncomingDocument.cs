namespace Mesh.Retrieval.Snapshots;

/// <summary>A document as it was sent, with what its sender says about it; empty and null where the document itself decides.</summary>
internal sealed record IncomingDocument(string DocumentId, byte[] Bytes)
{
    public string MediaType { get; init; } = "";

    public string Title { get; init; } = "";

    public string Language { get; init; } = "";

    public string Revision { get; init; } = "";

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string Source { get; init; } = "";

    /// <summary>Set when the bytes are beyond the limit and were not kept.</summary>
    public string Refusal { get; init; } = "";
}

/// <param name="Merge">Keep the live snapshot's other documents.</param>
/// <param name="Activate">Make it live when its check passes.</param>
/// <param name="Strict">One refused document fails the whole.</param>
/// <param name="Remove">Documents of the live snapshot that are left out.</param>
internal sealed record IngestSettings(bool Merge, bool Activate, bool Strict, string Note, IReadOnlyCollection<string> Remove)
{
    /// <summary>A last check before activation: null when it passes, else why not.</summary>
    public Func<SnapshotRow, CancellationToken, Task<string?>>? Check { get; init; }
}

internal enum DocumentStatus
{
    Indexed = 1,
    Unchanged = 2,
    Refused = 3,
    Quarantined = 4,
}

internal sealed record DocumentResult(string DocumentId, DocumentStatus Status)
{
    public int Chunks { get; init; }

    public string Reason { get; init; } = "";

    public string MediaType { get; init; } = "";

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

internal sealed record IngestResult(SnapshotRow Snapshot, IReadOnlyList<DocumentResult> Documents, bool Activated, string Reason);
