using System.Text;
using UglyToad.PdfPig.Content;

namespace Mesh.Retrieval.Documents;

/// <summary>Letters without a gap between them. Positions are points from the left edge of the page.</summary>
internal readonly record struct PdfWord(double Left, double Right, string Text);

/// <summary>Words that stand side by side without a wide gap.</summary>
/// <param name="Size">Height of the letters in points.</param>
internal sealed record PdfCell(double Size, IReadOnlyList<PdfWord> Words)
{
    public double Left => Words[0].Left;

    public double Right => Words[^1].Right;

    public string Text { get; } = string.Join(' ', Words.Select(word => word.Text));
}

/// <summary>Cells on one baseline, from left to right. <see cref="Y"/> is measured from the bottom of the page, in points.</summary>
internal sealed record PdfLine(double Y, double Size, IReadOnlyList<PdfCell> Cells)
{
    public string Text => string.Join(' ', Cells.Select(cell => cell.Text));
}

/// <summary>The lines of a page from top to bottom.</summary>
internal sealed record PdfPageLines(int Number, double Height, double Width, IReadOnlyList<PdfLine> Lines)
{
    /// <summary>A gap of so many letter sizes parts two cells.</summary>
    private const double CellGap = 1.8;

    /// <summary>A gap of so many letter sizes parts two words.</summary>
    private const double WordGap = 0.22;

    public static PdfPageLines Of(Page page)
    {
        var letters = page.Letters.Where(letter => letter.TextOrientation is TextOrientation.Horizontal && letter.Value.Length > 0 && SizeOf(letter) > 0.5).ToList();
        var lines = new List<PdfLine>();
        foreach (var group in Baselines(letters))
            lines.Add(ToLine(group));
        return new PdfPageLines(page.Number, page.Height, page.Width, lines);
    }

    private static IEnumerable<List<Letter>> Baselines(List<Letter> letters)
    {
        var current = new List<Letter>();
        foreach (var letter in letters.OrderByDescending(letter => letter.StartBaseLine.Y))
        {
            if (current.Count > 0 && current[0].StartBaseLine.Y - letter.StartBaseLine.Y > 0.4 * Math.Max(SizeOf(letter), SizeOf(current[0])))
            {
                yield return current;
                current = [];
            }
            current.Add(letter);
        }
        if (current.Count > 0)
            yield return current;
    }

    private static PdfLine ToLine(List<Letter> letters)
    {
        var cells = new List<PdfCell>();
        var words = new List<PdfWord>();
        var text = new StringBuilder();
        double left = 0, right = 0, size = 0;
        foreach (var letter in letters.OrderBy(letter => letter.StartBaseLine.X))
        {
            var letterSize = SizeOf(letter);
            var gap = text.Length == 0 && words.Count == 0 ? 0 : letter.StartBaseLine.X - right;
            // The same letter drawn twice a hair apart is how some programs make text bold.
            if (text.Length > 0 && gap < -0.5 * letterSize && text.ToString().EndsWith(letter.Value, StringComparison.Ordinal))
                continue;
            if (gap > WordGap * letterSize || string.IsNullOrWhiteSpace(letter.Value))
                FlushWord();
            if (gap > CellGap * letterSize)
                FlushCell();
            if (text.Length == 0)
                left = letter.StartBaseLine.X;
            text.Append(letter.Value);
            right = Math.Max(letter.EndBaseLine.X, letter.StartBaseLine.X);
            size = Math.Max(size, letterSize);
        }
        FlushCell();
        return new PdfLine(letters[0].StartBaseLine.Y, cells.Count == 0 ? 0 : cells.Max(cell => cell.Size), cells);

        void FlushWord()
        {
            var clean = DocumentBuilder.Clean(text.ToString());
            if (clean.Length > 0)
                words.Add(new PdfWord(left, right, clean));
            text.Clear();
        }

        void FlushCell()
        {
            FlushWord();
            if (words.Count > 0)
                cells.Add(new PdfCell(Math.Round(size, 1), [.. words]));
            words.Clear();
            size = 0;
        }
    }

    private static double SizeOf(Letter letter) => letter.PointSize > 0 ? letter.PointSize : letter.BoundingBox.Height;
}
