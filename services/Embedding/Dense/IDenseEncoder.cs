using Mesh.Embedding.Text;

namespace Mesh.Embedding.Dense;

/// <summary>What one encoder made of one text.</summary>
/// <param name="Vector">Length <see cref="IDenseEncoder.Dimension"/>, L2 norm 1, or all zero where no token is known.</param>
/// <param name="Tokens">Tokens of the text, before cutting.</param>
/// <param name="Truncated">The text was longer than the encoder reads.</param>
internal readonly record struct DenseEmbedding(float[] Vector, int Tokens, bool Truncated);

/// <summary>A text with its analysis, made once and shared by the sparse and the dense side.</summary>
internal readonly record struct AnalyzedText(string Text, IReadOnlyList<Term> Terms);

/// <summary>Texts to vectors whose dot product says how alike they are.</summary>
internal interface IDenseEncoder
{
    string Name { get; }

    /// <summary>Changes whenever the same text would get another vector.</summary>
    string Revision { get; }

    int Dimension { get; }

    /// <summary>Tokens read of one text.</summary>
    int MaxTokens { get; }

    /// <summary>What it is, for a person.</summary>
    string Description { get; }

    /// <summary>One embedding for each text, in order.</summary>
    IReadOnlyList<DenseEmbedding> Encode(IReadOnlyList<AnalyzedText> texts, bool query, CancellationToken cancellationToken);

    /// <summary>The encoder's own tokens, with their places in the text.</summary>
    IReadOnlyList<EncoderToken> Tokenize(AnalyzedText text);

    int CountTokens(AnalyzedText text);
}

/// <summary>A token of an encoder. Positions are UTF-16 code units of the text; approximate where the encoder's normaliser rewrote it.</summary>
internal readonly record struct EncoderToken(int Id, string Text, int Start, int End, bool Content);
