using System.ComponentModel.DataAnnotations;

namespace Mesh.Retrieval.Documents;

/// <summary>Section <c>Retrieval:Limits</c>: what a document may be. One that is more is refused with the limit's name, and costs little.</summary>
public sealed class DocumentLimits
{
    /// <summary>Bytes of one document. Default 32 MiB, the contract's own limit.</summary>
    [Range(1, 32 * 1024 * 1024)]
    public int DocumentBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Pages of a PDF.</summary>
    [Range(1, 100_000)]
    public int PdfPages { get; set; } = 2_000;

    /// <summary>Entries of an archive (.docx and .xlsx are archives).</summary>
    [Range(1, 1_000_000)]
    public int ArchiveEntries { get; set; } = 5_000;

    /// <summary>Bytes of all of an archive's entries together, expanded. Default 64 MiB.</summary>
    [Range(1024, 2_000_000_000)]
    public long ArchiveExpandedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Expanded size of an entry over its compressed size, from 1 MiB expanded on.</summary>
    [Range(2, 100_000)]
    public int ArchiveRatio { get; set; } = 200;

    /// <summary>UTF-16 code units of a document's extracted text.</summary>
    [Range(1_000, 100_000_000)]
    public int TextCharacters { get; set; } = 8_000_000;

    /// <summary>Rows of a table, a sheet or a CSV file.</summary>
    [Range(1, 10_000_000)]
    public int TableRows { get; set; } = 50_000;

    /// <summary>Depth of nested elements in HTML and Markdown.</summary>
    [Range(8, 10_000)]
    public int NestingDepth { get; set; } = 200;

    /// <summary>Seconds that reading one document may take.</summary>
    [Range(1, 3_600)]
    public int ReadSeconds { get; set; } = 60;
}
