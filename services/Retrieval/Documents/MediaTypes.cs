namespace Mesh.Retrieval.Documents;

/// <summary>Which kind of document it is: by media type or extension, held against the first bytes.</summary>
internal static class MediaTypes
{
    public const string Markdown = "text/markdown";
    public const string Html = "text/html";
    public const string Text = "text/plain";
    public const string Csv = "text/csv";
    public const string Pdf = "application/pdf";
    public const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".md"] = Markdown,
        [".markdown"] = Markdown,
        [".html"] = Html,
        [".htm"] = Html,
        [".txt"] = Text,
        [".csv"] = Csv,
        [".pdf"] = Pdf,
        [".docx"] = Docx,
        [".xlsx"] = Xlsx,
    };

    public static bool IsKnownExtension(string path) => ByExtension.ContainsKey(Path.GetExtension(path));

    /// <exception cref="DocumentRefusedException">No reader for it, or the bytes are something else.</exception>
    public static string Decide(string documentId, string stated, ReadOnlySpan<byte> bytes)
    {
        var extension = Path.GetExtension(documentId);
        var mediaType = stated.Split(';')[0].Trim().ToLowerInvariant();
        if (mediaType.Length == 0 && !ByExtension.TryGetValue(extension, out mediaType!))
            throw new DocumentRefusedException(extension.Length == 0
                ? "its name has no extension and no media type is stated"
                : $"no reader for '{extension}'; readable are {string.Join(" ", ByExtension.Keys)}");
        if (!ByExtension.ContainsValue(mediaType))
            throw new DocumentRefusedException($"no reader for the media type '{mediaType}'");
        if (bytes.IsEmpty)
            throw new DocumentRefusedException("it is empty");
        var found = Sniff(bytes);
        var expected = mediaType switch
        {
            Pdf => "a PDF document",
            Docx or Xlsx => "a ZIP archive",
            _ => null,
        };
        if (found == expected)
            return mediaType;
        if (found == OldOffice && expected == "a ZIP archive")
            throw new DocumentRefusedException("it is encrypted, or in the binary format of old Office programs");
        var name = extension.Length > 0 ? extension : mediaType;
        throw new DocumentRefusedException(found is null ? $"it is called '{name}' but is not {expected}" : $"it is called '{name}' but its bytes are {found}");
    }

    private const string OldOffice = "an OLE compound file";

    /// <summary>What the first bytes say, or null for what may be text.</summary>
    private static string? Sniff(ReadOnlySpan<byte> bytes)
    {
        if (bytes[..Math.Min(bytes.Length, 1024)].IndexOf("%PDF-"u8) >= 0)
            return "a PDF document";
        return bytes switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => "a ZIP archive",
            [0xD0, 0xCF, 0x11, 0xE0, ..] => OldOffice,
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG image",
            [0xFF, 0xD8, 0xFF, ..] => "a JPEG image",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF image",
            [0x1F, 0x8B, ..] => "a gzip file",
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "a 7z archive",
            [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => "a RAR archive",
            [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => "a program",
            [(byte)'M', (byte)'Z', 0x90 or 0x78 or 0x50, 0, ..] => "a program",
            [(byte)'{', (byte)'\\', (byte)'r', (byte)'t', (byte)'f', ..] => "a rich-text file",
            _ => null,
        };
    }
}
