using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Documents;

/// <summary>Word documents: headings by outline level or style, lists by numbering, tables with merged cells repeated. Deleted and hidden text is left out.</summary>
internal sealed class DocxReader(IOptions<RetrievalOptions> options) : IDocumentReader
{
    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Docx];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        ArchiveCheck.Require(bytes, "word/document.xml", options.Value.Limits, cancellationToken);
        try
        {
            using var document = WordprocessingDocument.Open(new MemoryStream(bytes, writable: false), false,
                new OpenSettings { MaxCharactersInPart = options.Value.Limits.ArchiveExpandedBytes });
            var main = document.MainDocumentPart ?? throw new DocumentRefusedException("the document has no main part");
            var body = main.Document?.Body ?? throw new DocumentRefusedException("the document has no body");
            var headings = HeadingStyles(main.StyleDefinitionsPart?.Styles);
            builder.Metadata = OfficeProperties.Read(document.PackageProperties, document.CustomFilePropertiesPart, builder);
            var list = new List<string>();
            Walk(body, builder, headings, list, 0, cancellationToken);
            builder.AddList(list);
        }
        catch (Exception error) when (error is OpenXmlPackageException or System.Xml.XmlException or InvalidDataException or InvalidOperationException or FormatException or IOException
            or ArgumentException)
        {
            throw new DocumentRefusedException("document is damaged", error);
        }
    }

    private void Walk(OpenXmlElement parent, DocumentBuilder builder, Dictionary<string, int> headings, List<string> list, int depth, CancellationToken cancellationToken)
    {
        if (depth > options.Value.Limits.NestingDepth)
            throw new DocumentRefusedException($"its elements are nested more than {options.Value.Limits.NestingDepth} deep");
        foreach (var element in parent.ChildElements)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (element)
            {
                case Paragraph paragraph:
                    var text = TextOf(paragraph);
                    var level = HeadingLevel(paragraph, headings);
                    if (level == 0 && paragraph.ParagraphProperties?.NumberingProperties is not null)
                    {
                        list.Add("- " + text);
                        break;
                    }
                    FlushList();
                    if (level > 0)
                        builder.AddHeading(level, text);
                    else
                        builder.AddParagraph(text);
                    break;
                case Table table:
                    FlushList();
                    AddTable(table, builder);
                    break;
                case SdtBlock or SdtContentBlock or CustomXmlBlock:
                    Walk(element, builder, headings, list, depth + 1, cancellationToken);
                    break;
            }
        }

        void FlushList()
        {
            builder.AddList(list);
            list.Clear();
        }
    }

    private static void AddTable(Table table, DocumentBuilder builder)
    {
        var rows = new List<IReadOnlyList<string>>();
        var above = new Dictionary<int, string>();
        var hasHeader = false;
        foreach (var row in table.Elements<TableRow>())
        {
            hasHeader |= rows.Count == 0 && row.TableRowProperties?.GetFirstChild<TableHeader>() is not null;
            var cells = new List<string>();
            foreach (var cell in row.Elements<TableCell>())
            {
                var merge = cell.TableCellProperties?.VerticalMerge;
                var text = merge is not null && merge.Val?.Value != MergedCellValues.Restart && above.TryGetValue(cells.Count, out var value)
                    ? value
                    : string.Join(' ', cell.Descendants<Paragraph>().Select(TextOf));
                above[cells.Count] = text;
                for (var i = 0; i < Math.Clamp(cell.TableCellProperties?.GridSpan?.Val?.Value ?? 1, 1, 100); i++)
                    cells.Add(text);
            }
            rows.Add(cells);
        }
        // Few authors mark the header row; a first row of short cells is one.
        hasHeader |= rows is [{ Count: > 1 } first, _, ..] && first.All(cell => cell.Length is > 0 and <= 24);
        builder.AddTable(rows, hasHeader);
    }

    private static string TextOf(Paragraph paragraph)
    {
        var text = new StringBuilder();
        foreach (var element in paragraph.Descendants())
        {
            if (element is not (Text or TabChar or Break) || element.Ancestors<Run>().FirstOrDefault()?.RunProperties?.Vanish is not null)
                continue;
            text.Append(element is Text words ? words.Text : " ");
        }
        return text.ToString();
    }

    private static int HeadingLevel(Paragraph paragraph, Dictionary<string, int> headings) =>
        paragraph.ParagraphProperties?.OutlineLevel?.Val?.Value is { } outline and >= 0 and <= 5 ? outline + 1
        : paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value is { } style ? headings.GetValueOrDefault(style, BuiltIn(style)) : 0;

    /// <summary>Style ids to levels: by the style's outline level, or by its name in English or Chinese Word.</summary>
    private static Dictionary<string, int> HeadingStyles(Styles? styles)
    {
        var result = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var style in styles?.Elements<Style>() ?? [])
        {
            if (style.StyleId?.Value is not { } id)
                continue;
            var outline = style.StyleParagraphProperties?.OutlineLevel?.Val?.Value;
            var level = outline is >= 0 and <= 5 ? outline.Value + 1 : BuiltIn(style.StyleName?.Val?.Value ?? "");
            if (level > 0)
                result[id] = level;
        }
        return result;
    }

    private static int BuiltIn(string name)
    {
        var compact = name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return compact switch
        {
            "title" or "标题" => 1,
            ['h', 'e', 'a', 'd', 'i', 'n', 'g', >= '1' and <= '6'] => compact[^1] - '0',
            ['标', '题', >= '1' and <= '6'] => compact[^1] - '0',
            _ => 0,
        };
    }
}
