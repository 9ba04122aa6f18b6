namespace Mesh.Retrieval.Documents;

internal enum BlockKind
{
    Heading,
    Paragraph,
    List,
    Table,
    Faq,
}

/// <summary>Half-open range of UTF-16 code units.</summary>
internal readonly record struct Span(int Start, int End)
{
    public int Length => End - Start;
}

/// <summary>A piece of a document's structure. The text between blocks is white space only.</summary>
/// <param name="Span">Where it stands in <see cref="ExtractedDocument.Text"/>.</param>
/// <param name="Level">Of a heading, 1 the outermost.</param>
/// <param name="Page">1-based page or sheet; 0 where there is none.</param>
/// <param name="Parts">Rows of a table, its header first; items of a list.</param>
internal sealed record Block(BlockKind Kind, Span Span, int Level, int Page, IReadOnlyList<Span> Parts)
{
    /// <summary>Whether the first part of a table names its columns.</summary>
    public bool HasHeader { get; init; }

    /// <summary>Of a question with its answer.</summary>
    public string Question { get; init; } = "";

    public string Answer { get; init; } = "";

    /// <summary>Where it differs from the document's; otherwise empty.</summary>
    public string Language { get; init; } = "";
}

/// <summary>What a document says about itself; empty or null where it says nothing.</summary>
internal sealed record DocumentMetadata
{
    public string Title { get; init; } = "";

    public string Language { get; init; } = "";

    public string Revision { get; init; } = "";

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>The one form in which every document is chunked and cited, whatever it was.</summary>
internal sealed record ExtractedDocument(string Text, IReadOnlyList<Block> Blocks, DocumentMetadata Metadata, IReadOnlyList<string> Warnings);
