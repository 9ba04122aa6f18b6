using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Documents;

/// <summary>The main part of an HTML page: without navigation, scripts, and what the page hides from its readers.</summary>
internal sealed partial class HtmlReader(IOptions<RetrievalOptions> options) : IDocumentReader
{
    private const string Furniture =
        "script,style,noscript,template,nav,aside,form,svg,iframe,object,button,select,textarea,[hidden],[aria-hidden=true],[role=navigation],body > header,body > footer";

    private static readonly HashSet<string> Containers = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "header", "h1", "h2", "h3",
        "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "ul",
    };

    private static readonly HashSet<string> StatedFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "title", "language", "revision", "valid_from", "valid_until", "category", "product",
    };

    /// <summary>Elements without content, and those that the next of their kind closes.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Uncounted = FrozenSet.ToFrozenSet(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot",
            "colgroup", "option", "optgroup", "path", "rect", "circle", "line", "polygon", "use"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Html];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        var text = TextDecoder.Decode(bytes, out _);
        RequireShallow(text, cancellationToken);
        var document = new HtmlParser().ParseDocument(text);
        builder.Metadata = FrontMatter.FromFields(
            document.QuerySelectorAll<IHtmlMetaElement>("meta[name]").Where(meta => StatedFields.Contains(meta.Name ?? ""))
                .Select(meta => new KeyValuePair<string, string>(meta.Name!, meta.Content ?? "")), builder);
        if (builder.Metadata.Language.Length == 0 && document.DocumentElement.GetAttribute("lang") is { } language)
            builder.Metadata = builder.Metadata with { Language = language.Trim() };
        foreach (var element in document.QuerySelectorAll(Furniture).ToList())
            element.Remove();
        foreach (var element in document.QuerySelectorAll("[style]").Where(IsHidden).ToList())
        {
            builder.Warn("text that the page hides was left out");
            element.Remove();
        }
        var root = (document.QuerySelector("main") ?? document.QuerySelector("[role=main]") ?? document.QuerySelector("article") ?? document.Body)
            ?? throw new DocumentRefusedException("the page has no body");
        Walk(root, builder, 0, cancellationToken);
        if (builder.Metadata.Title.Length == 0 && builder.FirstHeading is null && document.Title is { Length: > 0 } title)
            builder.Metadata = builder.Metadata with { Title = DocumentBuilder.Clean(title) };
    }

    /// <summary>
    /// Counts open elements before the parser sees the page: its work grows with the square of the depth, and 160 KB of unclosed lists would keep it busy for a
    /// minute. Elements that close each other are not counted; scripts may hold unbalanced tags, so that four times the depth is let through here.
    /// </summary>
    private void RequireShallow(string text, CancellationToken cancellationToken)
    {
        var limit = 4 * options.Value.Limits.NestingDepth;
        var depth = 0;
        foreach (var tag in Tag().EnumerateMatches(text))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var closes = text[tag.Index + 1] == '/';
            var name = text.AsSpan(tag.Index + (closes ? 2 : 1), tag.Length - (closes ? 2 : 1));
            if (Uncounted.Contains(name))
                continue;
            depth = closes ? Math.Max(0, depth - 1) : depth + 1;
            if (depth > limit)
                throw TooDeep();
        }
    }

    private DocumentRefusedException TooDeep() => new($"its elements are nested more than {options.Value.Limits.NestingDepth} deep");

    [GeneratedRegex("</?[a-zA-Z][a-zA-Z0-9]*")]
    private static partial Regex Tag();

    private void Walk(IElement parent, DocumentBuilder builder, int depth, CancellationToken cancellationToken)
    {
        if (depth > options.Value.Limits.NestingDepth)
            throw TooDeep();
        cancellationToken.ThrowIfCancellationRequested();
        var inline = new StringBuilder();
        foreach (var node in parent.ChildNodes)
        {
            if (node is IText text)
            {
                inline.Append(text.Data);
                continue;
            }
            if (node is not IElement element)
                continue;
            var name = element.LocalName;
            if (!Containers.Contains(name) && !element.Children.Any(child => Containers.Contains(child.LocalName)))
            {
                inline.Append(name == "br" ? "\n" : element.TextContent);
                continue;
            }
            Flush();
            switch (name)
            {
                case ['h', >= '1' and <= '6']:
                    builder.AddHeading(name[1] - '0', element.TextContent);
                    break;
                case "ul" or "ol":
                    builder.AddList(Items(element, "", 0));
                    break;
                case "table":
                    AddTable((IHtmlTableElement)element, builder);
                    break;
                case "details" when element.QuerySelector("summary") is { } summary:
                    var question = summary.TextContent;
                    summary.Remove();
                    builder.AddFaq(question, element.TextContent);
                    break;
                default:
                    Walk(element, builder, depth + 1, cancellationToken);
                    break;
            }
        }
        Flush();

        void Flush()
        {
            builder.AddParagraph(PlainTextReader.Join(inline.ToString().Split('\n')));
            inline.Clear();
        }
    }

    private List<string> Items(IElement list, string indent, int depth)
    {
        if (depth > options.Value.Limits.NestingDepth)
            throw TooDeep();
        var items = new List<string>();
        var number = 1;
        foreach (var item in list.Children.Where(child => child.LocalName == "li"))
        {
            var nested = item.Children.Where(child => child.LocalName is "ul" or "ol").ToList();
            nested.ForEach(child => child.Remove());
            var marker = list.LocalName == "ol" ? $"{number++}. " : "- ";
            items.Add(indent + marker + PlainTextReader.Join(item.TextContent.Split('\n')));
            foreach (var child in nested)
                items.AddRange(Items(child, indent + "- ", depth + 1));
        }
        return items;
    }

    /// <summary>A cell that spans rows or columns is repeated in each, so that every row can be read alone.</summary>
    private static void AddTable(IHtmlTableElement table, DocumentBuilder builder)
    {
        const int maxSpan = 100;
        if (table.Caption is { } caption)
            builder.AddParagraph(caption.TextContent);
        var rows = new List<IReadOnlyList<string>>();
        var below = new Dictionary<int, (string Text, int Rows)>();
        foreach (var row in table.Rows)
        {
            var cells = new List<string>();
            TakeFromAbove();
            foreach (var cell in row.Cells)
            {
                var text = PlainTextReader.Join(cell.TextContent.Split('\n'));
                for (var i = 0; i < Math.Clamp(cell.ColumnSpan, 1, maxSpan); i++)
                {
                    if (cell.RowSpan > 1)
                        below[cells.Count] = (text, Math.Min(cell.RowSpan, maxSpan) - 1);
                    cells.Add(text);
                }
                TakeFromAbove();
            }
            rows.Add(cells);

            void TakeFromAbove()
            {
                while (below.TryGetValue(cells.Count, out var spanning) && spanning.Rows > 0)
                {
                    below[cells.Count] = (spanning.Text, spanning.Rows - 1);
                    cells.Add(spanning.Text);
                }
            }
        }
        var hasHeader = table.Head is not null || (table.Rows.Length > 0 && table.Rows[0].Cells is { Length: > 0 } first && first.All(cell => cell.LocalName == "th"));
        builder.AddTable(rows, hasHeader);
    }

    private static bool IsHidden(IElement element)
    {
        var style = element.GetAttribute("style")!.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return style.Contains("display:none", StringComparison.Ordinal) || style.Contains("visibility:hidden", StringComparison.Ordinal)
            || style.Contains("font-size:0", StringComparison.Ordinal) || style.Contains("opacity:0;", StringComparison.Ordinal);
    }
}
