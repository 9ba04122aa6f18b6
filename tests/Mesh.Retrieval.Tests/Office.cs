using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using S = DocumentFormat.OpenXml.Spreadsheet;

namespace Mesh.Retrieval.Tests;

/// <summary>Makes real Office files with the library that also reads them.</summary>
internal static class Office
{
    public static byte[] Docx(params OpenXmlElement[] body)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
            document.AddMainDocumentPart().Document = new Document(new Body(body));
        return stream.ToArray();
    }

    public static Paragraph Heading(int level, string text) =>
        new(new ParagraphProperties(new ParagraphStyleId { Val = $"Heading{level}" }), new Run(new Text(text)));

    public static Paragraph Paragraph(string text) => new(new Run(new Text(text)));

    public static Paragraph Item(string text) =>
        new(new ParagraphProperties(new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = 1 })), new Run(new Text(text)));

    public static Paragraph Hidden(string text) => new(new Run(new RunProperties(new Vanish()), new Text(text)));

    public static Table Table(params string[][] rows) =>
        new(rows.Select(row => new TableRow(row.Select(cell => new TableCell(new Paragraph(new Run(new Text(cell))))))));

    public static byte[] Xlsx(params (string Name, string[][] Rows)[] sheets)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.Workbook = new S.Workbook(new S.Sheets());
            uint id = 1;
            foreach (var (name, rows) in sheets)
            {
                var part = workbook.AddNewPart<WorksheetPart>();
                part.Worksheet = new S.Worksheet(new S.SheetData(rows.Select((row, r) => new S.Row(row.Select((cell, c) => new S.Cell
                {
                    CellReference = $"{(char)('A' + c)}{r + 1}",
                    DataType = S.CellValues.InlineString,
                    InlineString = new S.InlineString(new S.Text(cell)),
                }))
                { RowIndex = (uint)r + 1 })));
                workbook.Workbook.Sheets!.AppendChild(new S.Sheet { Id = workbook.GetIdOfPart(part), SheetId = id++, Name = name });
            }
        }
        return stream.ToArray();
    }

    /// <summary>An archive with a document's main part and one entry of zeros that compress well.</summary>
    public static byte[] Bomb(string mainPart, long zeros, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            archive.CreateEntry(mainPart).Open().Dispose();
            using var entry = archive.CreateEntry("word/media/a.bin", level).Open();
            var block = new byte[1024 * 1024];
            for (long written = 0; written < zeros; written += block.Length)
                entry.Write(block);
        }
        return stream.ToArray();
    }
}
