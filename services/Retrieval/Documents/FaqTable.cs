namespace Mesh.Retrieval.Documents;

/// <summary>Tells a question-and-answer list from other tables by its header; spreadsheets and CSV share it.</summary>
internal static class FaqTable
{
    private static readonly string[] QuestionNames = ["question", "q", "问题", "问", "标准问题", "常见问题"];
    private static readonly string[] AnswerNames = ["answer", "a", "答案", "答", "回答", "回复", "解答"];
    private static readonly string[] CategoryNames = ["category", "分类", "类别", "类目"];
    private static readonly string[] LanguageNames = ["language", "lang", "语言"];

    public static void Write(IEnumerable<IReadOnlyList<string>> rows, DocumentBuilder builder)
    {
        using var row = rows.GetEnumerator();
        if (!row.MoveNext())
            return;
        var header = row.Current;
        var question = Column(header, QuestionNames);
        var answer = Column(header, AnswerNames);
        if (question < 0 || answer < 0)
        {
            WriteTable(header, row, builder);
            return;
        }
        var category = Column(header, CategoryNames);
        var language = Column(header, LanguageNames);
        var current = "";
        var incomplete = 0;
        while (row.MoveNext())
        {
            if (Cell(category) is { Length: > 0 } named && named != current)
                builder.AddHeading(2, current = named);
            if (Cell(question).Length == 0 || Cell(answer).Length == 0)
                incomplete++;
            builder.AddFaq(Cell(question), Cell(answer), Cell(language));
        }
        if (incomplete > 0)
            builder.Warn($"{incomplete} rows lack a question or an answer and were left out");

        string Cell(int column) => column >= 0 && column < row.Current.Count ? row.Current[column].Trim() : "";
    }

    /// <summary>A long text alone in its row, where the header has several columns, is a note and no row.</summary>
    private static void WriteTable(IReadOnlyList<string> header, IEnumerator<IReadOnlyList<string>> row, DocumentBuilder builder)
    {
        const int noteCharacters = 12;
        var columns = header.Count(cell => !string.IsNullOrWhiteSpace(cell));
        var rows = new List<IReadOnlyList<string>> { header };
        while (row.MoveNext())
        {
            var filled = row.Current.Where(cell => !string.IsNullOrWhiteSpace(cell)).ToList();
            if (columns < 2 || filled is not [{ Length: > noteCharacters } note])
            {
                rows.Add(row.Current);
                continue;
            }
            builder.AddTable(rows, hasHeader: true);
            builder.AddParagraph(note);
            rows = [header];
        }
        if (rows.Count > 1 || columns > 0 && builder.IsEmpty)
            builder.AddTable(rows, hasHeader: true);
    }

    private static int Column(IReadOnlyList<string> header, string[] names)
    {
        for (var i = 0; i < header.Count; i++)
            if (names.Contains(header[i].Trim(), StringComparer.OrdinalIgnoreCase))
                return i;
        return -1;
    }
}
