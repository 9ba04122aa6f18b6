using System.Globalization;
using System.Text;

namespace Mesh.Retrieval.Documents;

/// <summary>
/// Writes the extracted text block by block, so that every span is right by construction. White space is collapsed; characters that show nothing and only
/// hide or reorder text (zero-width, bidirectional controls, other control characters) are left out.
/// </summary>
internal sealed class DocumentBuilder(DocumentLimits limits)
{
    private readonly StringBuilder _text = new();
    private readonly List<Block> _blocks = [];
    private readonly List<string> _warnings = [];

    public DocumentMetadata Metadata { get; set; } = new();

    /// <summary>1-based page or sheet of what follows.</summary>
    public int Page { get; set; }

    public string? FirstHeading { get; private set; }

    public bool IsEmpty => _blocks.Count == 0;

    public void Warn(string warning)
    {
        if (_warnings.Count < 20 && !_warnings.Contains(warning))
            _warnings.Add(warning);
    }

    public void AddHeading(int level, string text)
    {
        var clean = Clean(text);
        if (clean.Length == 0)
            return;
        FirstHeading ??= clean;
        _blocks.Add(new Block(BlockKind.Heading, Append(clean), Math.Clamp(level, 1, 6), Page, []));
    }

    public void AddParagraph(string text)
    {
        var clean = Clean(text);
        if (clean.Length > 0)
            _blocks.Add(new Block(BlockKind.Paragraph, Append(clean), 0, Page, []));
    }

    /// <param name="items">In order; a nested item is written with its own marker.</param>
    public void AddList(IEnumerable<string> items)
    {
        var clean = items.Select(Clean).Where(item => item.Length > 0).ToList();
        if (clean.Count > 0)
            AddLines(BlockKind.List, clean, false);
    }

    /// <param name="rows">Cells of each row.</param>
    /// <param name="hasHeader">Whether the first row names the columns.</param>
    public void AddTable(IEnumerable<IReadOnlyList<string>> rows, bool hasHeader)
    {
        var lines = new List<string>();
        foreach (var row in rows)
        {
            var cells = row.Select(Clean).ToList();
            while (cells.Count > 0 && cells[^1].Length == 0)
                cells.RemoveAt(cells.Count - 1);
            if (cells.Count == 0)
                continue;
            if (lines.Count >= limits.TableRows)
                throw new DocumentRefusedException($"a table has more than {limits.TableRows:N0} rows");
            lines.Add(string.Join(" | ", cells));
        }
        if (lines.Count > 0)
            AddLines(BlockKind.Table, lines, hasHeader && lines.Count > 1);
    }

    public void AddFaq(string question, string answer, string language = "")
    {
        var q = Clean(question);
        var a = Clean(answer);
        if (q.Length == 0 || a.Length == 0)
            return;
        _blocks.Add(new Block(BlockKind.Faq, Append(q + "\n" + a), 0, Page, []) { Question = q, Answer = a, Language = language });
    }

    public ExtractedDocument Build() => new(_text.ToString(), _blocks, Metadata, _warnings);

    private void AddLines(BlockKind kind, List<string> lines, bool hasHeader)
    {
        var whole = Append(string.Join('\n', lines));
        var parts = new List<Span>(lines.Count);
        var at = whole.Start;
        foreach (var line in lines)
        {
            parts.Add(new Span(at, at + line.Length));
            at += line.Length + 1;
        }
        _blocks.Add(new Block(kind, whole, 0, Page, parts) { HasHeader = hasHeader });
    }

    private Span Append(string clean)
    {
        if (_text.Length + clean.Length + 2 > limits.TextCharacters)
            throw new DocumentRefusedException($"its text has more than {limits.TextCharacters:N0} characters");
        if (_text.Length > 0)
            _text.Append("\n\n");
        var start = _text.Length;
        _text.Append(clean);
        return new Span(start, _text.Length);
    }

    internal static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        var space = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                space = true;
                continue;
            }
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse)
                continue;
            if (space && result.Length > 0)
                result.Append(' ');
            space = false;
            result.Append(rune.ToString());
        }
        return result.ToString();
    }
}
