using System.ComponentModel.DataAnnotations;

namespace Mesh.Dialog.Understanding;

/// <summary>How customers' words are understood. Section <c>Understanding</c>.</summary>
public sealed class UnderstandingOptions
{
    /// <summary>The business's example sentences and product names (understanding.yaml), relative to the content root; empty for none.</summary>
    [MaxLength(1_000)]
    public string ExamplesFile { get; set; } = "";

    /// <summary>Letters before the digits of an order number, where no slot states a pattern.</summary>
    [RegularExpression("[A-Z]{0,8}")]
    public string OrderNumberPrefix { get; set; } = "SO";

    /// <summary>Digits of an order number, where no slot states a pattern.</summary>
    [Range(4, 24)]
    public int OrderNumberDigits { get; set; } = 10;

    /// <summary>Use the embedding service's vectors beside words and sounds.</summary>
    public bool UseEmbedding { get; set; } = true;

    /// <summary>Longest wait for the vectors of one message, in milliseconds; then words alone decide.</summary>
    [Range(1, 5_000)]
    public int EmbeddingTimeoutMilliseconds { get; set; } = 200;

    /// <summary>How long the embedding service is left alone after it failed, in seconds.</summary>
    [Range(1, 600)]
    public int EmbeddingRetrySeconds { get; set; } = 10;
}
