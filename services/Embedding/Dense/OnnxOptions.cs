using System.ComponentModel.DataAnnotations;

namespace Mesh.Embedding.Dense;

/// <summary>Where the vector of a text is taken from.</summary>
public enum Pooling
{
    /// <summary>The output <c>sentence_embedding</c> if the model has one, the mean otherwise.</summary>
    Auto,
    /// <summary>Mean of the unmasked tokens of the first three-dimensional output.</summary>
    Mean,
    /// <summary>Its first token.</summary>
    Cls,
    /// <summary>Its last unmasked token.</summary>
    Last,
    /// <summary>The output <c>sentence_embedding</c>, ready made.</summary>
    Output,
}

/// <summary>Section <c>Embedding:Onnx</c>: a sentence encoder in ONNX format. Off while <see cref="Directory"/> is empty.</summary>
public sealed class OnnxOptions
{
    /// <summary>Folder with the model and its tokenizer: a SentencePiece model in XLM-R's layout (<c>sentencepiece.bpe.model</c>) or WordPiece (<c>vocab.txt</c>).</summary>
    public string Directory { get; set; } = "";

    /// <summary>Name in requests and answers; empty for the folder's.</summary>
    public string Name { get; set; } = "";

    [Required]
    public string ModelFile { get; set; } = "model.onnx";

    public Pooling Pooling { get; set; } = Pooling.Auto;

    /// <summary>Put before a query, as the model's card says: <c>"query: "</c> for e5.</summary>
    public string QueryPrefix { get; set; } = "";

    /// <summary>Put before a passage: <c>"passage: "</c> for e5.</summary>
    public string PassagePrefix { get; set; } = "";

    /// <summary>Tokens read of one text, special tokens included.</summary>
    [Range(8, 32_768)]
    public int MaxTokens { get; set; } = 512;

    /// <summary>Texts computed together.</summary>
    [Range(1, 256)]
    public int BatchSize { get; set; } = 16;

    /// <summary>Threads of one computation; 0 for one per core.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }
}
