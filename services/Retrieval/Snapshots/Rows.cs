using Mesh.Retrieval.V1;

namespace Mesh.Retrieval.Snapshots;

/// <summary>A snapshot as it is stored; see <see cref="Migrations"/> for units.</summary>
internal sealed record SnapshotRow
{
    public string SnapshotId { get; init; } = "";

    public string Tenant { get; init; } = "";

    public long State { get; init; }

    public long CreatedAt { get; init; }

    public long ActivatedAt { get; init; }

    public string PreviousId { get; init; } = "";

    public long Documents { get; init; }

    public long Chunks { get; init; }

    public string Encoder { get; init; } = "";

    public string EncoderRevision { get; init; } = "";

    public string Note { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>Documents that the guard could not check.</summary>
    public long Unchecked { get; init; }

    public bool IsLive => State == (long)Snapshot.Types.State.Live;

    /// <summary>The snapshot's collection in the vector store.</summary>
    public string Collection => $"kb_{Tenant}_{SnapshotId}";
}

internal sealed record DocumentRow
{
    public string SnapshotId { get; init; } = "";

    public string DocumentId { get; init; } = "";

    public string Title { get; init; } = "";

    public string Revision { get; init; } = "";

    public string MediaType { get; init; } = "";

    public string Language { get; init; } = "";

    public string Labels { get; init; } = "{}";

    public string Source { get; init; } = "";

    public long ValidFrom { get; init; }

    public long ValidUntil { get; init; }

    /// <summary>Hash of the bytes and of everything that decides what is made of them.</summary>
    public string ContentKey { get; init; } = "";

    public long IsChecked { get; init; }

    public long Chunks { get; init; }

    public string Text { get; init; } = "";
}

internal sealed record ChunkRow
{
    public string SnapshotId { get; init; } = "";

    public string ChunkId { get; init; } = "";

    public string DocumentId { get; init; } = "";

    public long Ordinal { get; init; }

    public string HeadingPath { get; init; } = "[]";

    public long Kind { get; init; }

    public long SpanStart { get; init; }

    public long SpanEnd { get; init; }

    public long Page { get; init; }

    public string Text { get; init; } = "";

    public string Hash { get; init; } = "";

    /// <summary>Hash of what was embedded: the text under its title and headings.</summary>
    public string InputHash { get; init; } = "";

    public string Language { get; init; } = "";

    public string Question { get; init; } = "";

    public string Answer { get; init; } = "";

    /// <summary>Term hashes of its sparse vector, rising.</summary>
    public byte[] Terms { get; init; } = [];
}
