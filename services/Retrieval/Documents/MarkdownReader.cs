using System.Text;
using AngleSharp.Html.Parser;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Mesh.Retrieval.Documents;

/// <summary>CommonMark with pipe tables, definition lists and YAML front matter.</summary>
internal sealed class MarkdownReader(Microsoft.Extensions.Options.IOptions<RetrievalOptions> options) : IDocumentReader
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().UseGridTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().Build();

    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Markdown];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        var text = TextDecoder.Decode(bytes, out _);
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException error)
        {
            // Markdig guards its own recursion this way.
            throw new DocumentRefusedException("its Markdown is nested too deeply", error);
        }
        Walk(document, builder, 0, cancellationToken);
    }

    private void Walk(ContainerBlock container, DocumentBuilder builder, int depth, CancellationToken cancellationToken)
    {
        if (depth > options.Value.Limits.NestingDepth)
            throw new DocumentRefusedException("its Markdown is nested too deeply");
        foreach (var block in container)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (block)
            {
                case YamlFrontMatterBlock front:
                    builder.Metadata = FrontMatter.Parse(front.Lines.ToString(), builder);
                    break;
                case HeadingBlock heading:
                    builder.AddHeading(heading.Level, Text(heading.Inline));
                    break;
                case ParagraphBlock paragraph:
                    builder.AddParagraph(Text(paragraph.Inline));
                    break;
                case Table table:
                    builder.AddTable(table.OfType<TableRow>().Select(row => (IReadOnlyList<string>)[.. row.OfType<TableCell>().Select(TextOf)]),
                        table.OfType<TableRow>().FirstOrDefault()?.IsHeader ?? false);
                    break;
                case ListBlock list:
                    builder.AddList(Items(list, "", 0));
                    break;
                case HtmlBlock html:
                    var parsed = new HtmlParser().ParseDocument(html.Lines.ToString());
                    if (html.Type != HtmlBlockType.Comment && parsed.Body is { } body)
                        builder.AddParagraph(body.TextContent);
                    break;
                case CodeBlock code:
                    builder.AddParagraph(code.Lines.ToString());
                    break;
                case LinkReferenceDefinitionGroup or ThematicBreakBlock:
                    break;
                case ContainerBlock nested:
                    Walk(nested, builder, depth + 1, cancellationToken);
                    break;
            }
        }
    }

    private List<string> Items(ListBlock list, string indent, int depth)
    {
        if (depth > options.Value.Limits.NestingDepth)
            throw new DocumentRefusedException("its Markdown is nested too deeply");
        var items = new List<string>();
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var marker = indent + (list.IsOrdered ? $"{number++}. " : "- ");
            items.Add(marker + string.Join(' ', item.Where(block => block is not ListBlock).Select(TextOf)));
            foreach (var nested in item.OfType<ListBlock>())
                items.AddRange(Items(nested, indent + "- ", depth + 1));
        }
        return items;
    }

    private static string TextOf(Markdig.Syntax.Block block) => block switch
    {
        LeafBlock { Inline: { } inline } => Text(inline),
        LeafBlock leaf => leaf.Lines.ToString(),
        ContainerBlock container => string.Join(' ', container.Select(TextOf)),
        _ => "",
    };

    private static string TextOf(TableCell cell) => string.Join(' ', cell.Select(block => TextOf(block)));

    private static string Text(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline?.Descendants() ?? [])
        {
            switch (part)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.AsSpan());
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case LineBreakInline { IsHard: true }:
                    text.Append(' ');
                    break;
                case LineBreakInline:
                    text.Append('\n');
                    break;
            }
        }
        return PlainTextReader.Join(text.ToString().Split('\n'));
    }
}
