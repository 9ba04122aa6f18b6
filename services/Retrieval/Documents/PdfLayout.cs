using System.Text.RegularExpressions;

namespace Mesh.Retrieval.Documents;

/// <summary>Lines of pages to headings, paragraphs, lists and tables.</summary>
internal static partial class PdfLayout
{
    private const int MaxHeadingCharacters = 80;

    public static void Write(IReadOnlyList<PdfPageLines> pages, DocumentBuilder builder)
    {
        var body = BodySize(pages);
        var furniture = Furniture(pages, body);
        var sizes = pages.SelectMany(page => page.Lines).Where(line => IsHeading(line, body)).Select(line => line.Size).Distinct().OrderDescending().Take(4).ToList();
        foreach (var page in pages)
        {
            builder.Page = page.Number;
            var lines = page.Lines.Where(line => line.Cells.Count > 0 && !(IsAtEdge(page, line) && furniture.Contains(Shape(line.Text)))).ToList();
            foreach (var column in Columns(lines))
                WriteColumn(column, builder, body, sizes);
        }
    }

    private static void WriteColumn(List<PdfLine> lines, DocumentBuilder builder, double body, List<double> sizes)
    {
        var paragraph = new List<string>();
        var items = new List<string>();
        PdfLine? before = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var rows = TableRows(lines, i);
            if (rows > 0)
            {
                Flush();
                builder.AddTable(Table(lines.GetRange(i, rows)), hasHeader: true);
                i += rows - 1;
                before = null;
                continue;
            }
            var level = IsHeading(line, body) ? sizes.IndexOf(line.Size) + 1 : 0;
            if (level > 0)
            {
                Flush();
                builder.AddHeading(level, line.Text);
                before = null;
                continue;
            }
            if (before is not null && before.Y - line.Y > 1.9 * Math.Max(line.Size, before.Size))
                Flush();
            if (ListMarker().IsMatch(line.Text))
            {
                FlushParagraph();
                items.Add(line.Text);
            }
            else if (items.Count > 0 && before is not null && line.Cells[0].Left > before.Cells[0].Left - line.Size)
                items[^1] = PlainTextReader.Join([items[^1], line.Text]);
            else
            {
                FlushList();
                paragraph.Add(line.Text);
            }
            before = line;
        }
        Flush();

        void Flush()
        {
            FlushParagraph();
            FlushList();
        }

        void FlushParagraph()
        {
            builder.AddParagraph(PlainTextReader.Join(paragraph));
            paragraph.Clear();
        }

        void FlushList()
        {
            builder.AddList(items);
            items.Clear();
        }
    }

    /// <summary>
    /// Two columns of running text read one after the other; a table reads across. They differ in that columns fill their width over many lines.
    /// </summary>
    private static List<List<PdfLine>> Columns(List<PdfLine> lines)
    {
        var two = lines.Where(line => line.Cells.Count == 2).ToList();
        if (two.Count < 8 || two.Count * 10 < lines.Count * 7)
            return [lines];
        var gutter = two.Select(line => line.Cells[1].Left).Order().ElementAt(two.Count / 2);
        var leftEdge = two.Min(line => line.Cells[0].Left);
        var rightEdge = two.Max(line => line.Cells[1].Right);
        var filled = two.Count(line => line.Cells[0].Right - leftEdge > 0.75 * (gutter - leftEdge) && line.Cells[1].Right - gutter > 0.6 * (rightEdge - gutter));
        if (filled * 10 < two.Count * 6)
            return [lines];
        List<PdfLine> head = [], left = [], right = [];
        foreach (var line in lines)
        {
            var at = line.Cells.Where(cell => cell.Left < gutter - line.Size).ToList();
            var beyond = line.Cells.Where(cell => cell.Left >= gutter - line.Size).ToList();
            if (beyond.Count == 0 && at[^1].Right > gutter + line.Size && left.Count == 0)
                head.Add(line);
            else
            {
                if (at.Count > 0)
                    left.Add(line with { Cells = at });
                if (beyond.Count > 0)
                    right.Add(line with { Cells = beyond });
            }
        }
        return [head, left, right];
    }

    /// <summary>
    /// How many lines from here belong to one table: at least two with two cells or more that begin where the first row's cells do, and between them lines that
    /// continue a cell, which stand closer than rows do.
    /// </summary>
    private static int TableRows(List<PdfLine> lines, int from)
    {
        var header = lines[from];
        if (header.Cells.Count < 2)
            return 0;
        var rows = 1;
        while (from + rows < lines.Count && lines[from + rows] is { } line && lines[from + rows - 1].Y - line.Y < 4 * header.Size
            && line.Cells.All(cell => header.Cells.Any(column => Aligned(cell, column, header.Size)))
            && (line.Cells.Count >= 2 || !Aligned(line.Cells[0], header.Cells[0], header.Size) || Continues(lines, from, from + rows)))
            rows++;
        return rows >= 2 && lines.Skip(from).Take(rows).Count(line => line.Cells.Count >= 2) >= 2 ? rows : 0;
    }

    /// <summary>Whether a line stands closer to the one above than the rows of its table do to each other.</summary>
    private static bool Continues(List<PdfLine> lines, int from, int at)
    {
        const int nearby = 12;
        var pitches = Enumerable.Range(from + 1, Math.Min(nearby, lines.Count - from - 1)).Select(i => lines[i - 1].Y - lines[i].Y).Where(gap => gap < 5 * lines[from].Size).Order().ToList();
        return pitches.Count > 1 && lines[at - 1].Y - lines[at].Y < 0.8 * pitches[^1] && lines[at - 1].Y - lines[at].Y < 1.6 * lines[at].Size;
    }

    private static bool Aligned(PdfCell cell, PdfCell column, double size) =>
        Math.Abs(cell.Left - column.Left) < 1.2 * size || Math.Abs(cell.Right - column.Right) < 1.2 * size
        || Math.Abs((cell.Left + cell.Right) / 2 - (column.Left + column.Right) / 2) < 1.2 * size;

    /// <summary>Words to the columns of the first row. A line that only has later cells, or stands close to the one above, continues its row: its cells wrapped.</summary>
    private static List<IReadOnlyList<string>> Table(List<PdfLine> lines)
    {
        var columns = lines[0].Cells;
        var rows = new List<string[]>();
        for (var at = 0; at < lines.Count; at++)
        {
            var cells = Enumerable.Repeat("", columns.Count).ToArray();
            foreach (var word in lines[at].Cells.SelectMany(cell => cell.Words))
            {
                // Words that begin before every column, by a hair or because the column is centred, belong to the first that they reach.
                var column = Enumerable.Range(0, columns.Count).LastOrDefault(i => columns[i].Left <= word.Left + 0.6 * lines[at].Size);
                cells[column] = PlainTextReader.Join([cells[column], word.Text]);
            }
            if (rows.Count > 0 && (cells[0].Length == 0 || Continues(lines, 0, at)))
                for (var i = 0; i < cells.Length; i++)
                    rows[^1][i] = PlainTextReader.Join([rows[^1][i], cells[i]]);
            else
                rows.Add(cells);
        }
        return [.. rows];
    }

    private static bool IsHeading(PdfLine line, double body) =>
        line.Size > 1.12 * body && line.Cells.Count == 1 && line.Text.Length <= MaxHeadingCharacters && line.Text[^1] is not ('。' or '；' or '，' or ',' or ';');

    /// <summary>The size in which most letters are set.</summary>
    private static double BodySize(IReadOnlyList<PdfPageLines> pages) =>
        pages.SelectMany(page => page.Lines).SelectMany(line => line.Cells).GroupBy(cell => cell.Size).OrderByDescending(group => group.Sum(cell => cell.Text.Length))
            .Select(group => group.Key).FirstOrDefault(10);

    /// <summary>Shapes of lines that stand at the top or bottom of at least half of the pages, page numbers aside. Headings do not: "Chapter 1" and "Chapter 2" are no furniture.</summary>
    private static HashSet<string> Furniture(IReadOnlyList<PdfPageLines> pages, double body)
    {
        if (pages.Count < 2)
            return [];
        return pages.SelectMany(page => page.Lines.Where(line => line.Cells.Count > 0 && IsAtEdge(page, line) && !IsHeading(line, body)).Select(line => Shape(line.Text)).Distinct())
            .GroupBy(shape => shape).Where(group => group.Count() >= Math.Max(2, (pages.Count + 1) / 2)).Select(group => group.Key).ToHashSet();
    }

    private static bool IsAtEdge(PdfPageLines page, PdfLine line) => line.Y > 0.9 * page.Height || line.Y < 0.09 * page.Height;

    private static string Shape(string text) => Digits().Replace(text, "#");

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\s*([•·●○■◆▪–—*-]\s|\(?\d{1,2}[.)、．]\s?\D|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)")]
    private static partial Regex ListMarker();
}
