namespace Mesh.Retrieval.Documents;

/// <summary>Text files: paragraphs stand between empty lines.</summary>
internal sealed class PlainTextReader : IDocumentReader
{
    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Text];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        var paragraph = new List<string>();
        using var lines = new StringReader(TextDecoder.Decode(bytes, out _));
        while (lines.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                paragraph.Add(line);
                continue;
            }
            cancellationToken.ThrowIfCancellationRequested();
            Flush();
        }
        Flush();

        void Flush()
        {
            if (builder.IsEmpty && paragraph is [{ Length: <= 60 } title] && !title.AsSpan().TrimEnd().EndsWith("。"))
                builder.AddHeading(1, title);
            else
                builder.AddParagraph(Join(paragraph));
            paragraph.Clear();
        }
    }

    /// <summary>Lines of one paragraph: a break within Chinese text is no space.</summary>
    internal static string Join(IEnumerable<string> lines)
    {
        var text = new System.Text.StringBuilder();
        foreach (var line in lines)
        {
            var trimmed = line.AsSpan().Trim();
            if (text.Length > 0 && trimmed.Length > 0 && !(IsWide(text[^1]) && IsWide(trimmed[0])))
                text.Append(' ');
            text.Append(trimmed);
        }
        return text.ToString();
    }

    private static bool IsWide(char c) => c is >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF' or '“' or '”' or '‘' or '’' or '…';
}
