using System.Security.Cryptography;
using System.Text;
using Mesh.Retrieval.Documents;

namespace Mesh.Retrieval.Chunks;

/// <summary>Stored as a number; the order is the contract's.</summary>
internal enum ChunkKind
{
    Text = 1,
    Table = 2,
    Faq = 3,
    List = 4,
}

/// <summary>What is found and cited.</summary>
/// <param name="Id">32 hexadecimal digits: stays when the document's other sections change, and when this one's words do.</param>
/// <param name="Ordinal">Place within the document, from 0.</param>
/// <param name="Span">Where it stands in the extracted text.</param>
/// <param name="Text">The text at <paramref name="Span"/>; a later part of a table has the header before it.</param>
internal sealed record Chunk(
    string Id, string DocumentId, int Ordinal, IReadOnlyList<string> HeadingPath, ChunkKind Kind, Span Span, int Page, string Text, string Language, string Question, string Answer)
{
    /// <summary>SHA-256 of <see cref="Text"/>, lower-case hexadecimal.</summary>
    public string Hash { get; } = Sha256(Text);

    /// <summary>What is embedded: the chunk under its title and headings, which say what it is about.</summary>
    public string EmbeddingInput(string title)
    {
        const int max = 8_000;
        var head = new StringBuilder();
        if (HeadingPath.Count == 0 || HeadingPath[0] != title)
            head.Append(title).Append('\n');
        foreach (var heading in HeadingPath)
            head.Append(heading).Append('\n');
        var room = max - Text.Length;
        return (head.Length > room ? head.ToString(0, Math.Max(0, room)) : head.ToString()) + Text;
    }

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string IdOf(string documentId, IReadOnlyList<string> headingPath, int ordinalInSection) =>
        Sha256($"{documentId}\n{string.Join('\u001F', headingPath)}\n{ordinalInSection}")[..32];
}
