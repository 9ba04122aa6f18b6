using System.ComponentModel.DataAnnotations;

namespace Mesh.Retrieval.Chunks;

/// <summary>Section <c>Retrieval:Chunking</c>.</summary>
public sealed class ChunkingOptions
{
    /// <summary>Size of a chunk in units: a Chinese character or a Latin word each.</summary>
    [Range(20, 2_000)]
    public int MaxUnits { get; set; } = 320;

    /// <summary>Chunks of one document; one with more is refused.</summary>
    [Range(1, 1_000_000)]
    public int MaxChunks { get; set; } = 20_000;
}
