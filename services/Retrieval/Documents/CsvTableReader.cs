using CsvHelper;

namespace Mesh.Retrieval.Documents;

/// <summary>Question-and-answer lists (columns question, answer, category, language) and other CSV tables.</summary>
internal sealed class CsvTableReader : IDocumentReader
{
    private const int MaxRecordBytes = 256 * 1024;

    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Csv];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        var text = TextDecoder.Decode(bytes, out _);
        try
        {
            using var csv = CsvReader.FromText(text, new CsvReaderOptions { HasHeader = false, MaxRecordSize = MaxRecordBytes });
            FaqTable.Write(Rows(csv, cancellationToken), builder);
        }
        catch (CsvFormatException error)
        {
            throw new DocumentRefusedException("it is not valid CSV", error);
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(CsvReader csv, CancellationToken cancellationToken)
    {
        while (csv.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = new string[csv.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = csv.GetString(i);
            if (!row.All(string.IsNullOrWhiteSpace))
                yield return row;
        }
    }
}
