using System.ComponentModel.DataAnnotations;
using Mesh.Embedding.Dense;
using Mesh.Embedding.Sparse;

namespace Mesh.Embedding;

/// <summary>Section <c>Embedding</c>.</summary>
public sealed class EmbeddingOptions
{
    /// <summary>Calls computed at the same time; 0 for one per core.</summary>
    [Range(0, 256)]
    public int MaxConcurrentCalls { get; set; }

    /// <summary>Calls that may wait for their turn; more are refused.</summary>
    [Range(0, 10_000)]
    public int MaxWaitingCalls { get; set; } = 256;

    public SparseOptions Sparse { get; set; } = new();

    public OnnxOptions Onnx { get; set; } = new();
}
