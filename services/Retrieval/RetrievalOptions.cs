using System.ComponentModel.DataAnnotations;
using Mesh.Retrieval.Chunks;
using Mesh.Retrieval.Documents;
using Mesh.Retrieval.Search;
using Mesh.Retrieval.Snapshots;

namespace Mesh.Retrieval;

/// <summary>Section <c>Retrieval</c>.</summary>
public sealed class RetrievalOptions
{
    public DocumentLimits Limits { get; set; } = new();

    public ChunkingOptions Chunking { get; set; } = new();

    public SearchOptions Search { get; set; } = new();

    public SeedOptions Seed { get; set; } = new();

    /// <summary>Snapshots kept beside the live one, to roll back to.</summary>
    [Range(0, 100)]
    public int KeepSnapshots { get; set; } = 3;

    /// <summary>Documents of one ingestion.</summary>
    [Range(1, 1_000_000)]
    public int MaxDocuments { get; set; } = 20_000;

    /// <summary>Chunks embedded in one call.</summary>
    [Range(1, 256)]
    public int EmbedBatch { get; set; } = 64;

    /// <summary>
    /// Whether documents pass the guard, which holds back those that give instructions to the assistant. While the guard does not answer, snapshots are built
    /// and not activated. Off: nothing is checked.
    /// </summary>
    public bool Guard { get; set; } = true;
}
