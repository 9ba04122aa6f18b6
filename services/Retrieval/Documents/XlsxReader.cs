using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using ExcelNumberFormat;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Documents;

/// <summary>Excel workbooks: each sheet is a section with its table, or its questions and answers. A sheet is cited as a page.</summary>
internal sealed class XlsxReader(IOptions<RetrievalOptions> options) : IDocumentReader
{
    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Xlsx];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        ArchiveCheck.Require(bytes, "xl/workbook.xml", options.Value.Limits, cancellationToken);
        try
        {
            using (var package = SpreadsheetDocument.Open(new MemoryStream(bytes, writable: false), false))
                builder.Metadata = OfficeProperties.Read(package.PackageProperties, package.CustomFilePropertiesPart, builder);
            using var workbook = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(bytes, writable: false));
            var page = 0;
            do
            {
                builder.Page = ++page;
                if (workbook.VisibleState != "visible")
                {
                    builder.Warn("hidden sheets were left out");
                    continue;
                }
                using var rows = Rows(workbook, cancellationToken).GetEnumerator();
                if (!rows.MoveNext())
                    continue;
                builder.AddHeading(1, workbook.Name);
                FaqTable.Write(FillMerged(rows, workbook.MergeCells), builder);
            }
            while (workbook.NextResult());
        }
        catch (Exception error) when (error is ExcelReaderException or OpenXmlPackageException or System.Xml.XmlException or InvalidDataException or FormatException or IndexOutOfRangeException
            or NullReferenceException or ArgumentException or KeyNotFoundException)
        {
            // The library has no exception of its own for most damaged workbooks.
            throw new DocumentRefusedException("workbook is damaged", error);
        }
    }

    private IEnumerable<(int Row, string[] Cells)> Rows(IExcelDataReader sheet, CancellationToken cancellationToken)
    {
        const int maxColumns = 256;
        if (sheet.RowCount > options.Value.Limits.TableRows)
            throw new DocumentRefusedException($"a sheet has {sheet.RowCount:N0} rows, allowed are {options.Value.Limits.TableRows:N0}");
        var rows = 0;
        while (sheet.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++rows > options.Value.Limits.TableRows)
                throw new DocumentRefusedException($"a sheet has more than {options.Value.Limits.TableRows:N0} rows");
            var cells = new string[Math.Min(sheet.FieldCount, maxColumns)];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = Format(sheet, i);
            if (cells.Any(cell => cell.Length > 0))
                yield return (sheet.Depth, cells);
        }
    }

    /// <summary>A merged cell holds its value once; each row that it covers gets it, so that a row can be read alone.</summary>
    private static IEnumerable<IReadOnlyList<string>> FillMerged(IEnumerator<(int Row, string[] Cells)> rows, CellRange[]? merged)
    {
        var values = new Dictionary<CellRange, string>();
        do
        {
            var (row, cells) = rows.Current;
            foreach (var range in merged ?? [])
            {
                if (row < range.FromRow || row > range.ToRow || range.FromColumn >= cells.Length)
                    continue;
                if (row == range.FromRow)
                    values[range] = cells[range.FromColumn];
                else if (values.TryGetValue(range, out var value) && cells[range.FromColumn].Length == 0)
                    cells[range.FromColumn] = value;
            }
            yield return cells;
        }
        while (rows.MoveNext());
    }

    private static string Format(IExcelDataReader sheet, int column)
    {
        var value = sheet.GetValue(column);
        switch (value)
        {
            case null:
                return "";
            case string text:
                return text;
            case DateTime { TimeOfDay.Ticks: 0 } day:
                return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case DateTime moment:
                return moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        }
        var format = sheet.GetNumberFormatString(column);
        return format is { Length: > 0 } && format != "General" && new NumberFormat(format) is { IsValid: true } known
            ? known.Format(value, CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }
}
