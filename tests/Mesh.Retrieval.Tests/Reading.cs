using System.Text;
using Mesh.Retrieval.Documents;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Tests;

/// <summary>Reads documents as the service does.</summary>
internal static class Reading
{
    public static ReadDocument Read(string name, byte[] bytes, DocumentLimits? limits = null, string mediaType = "")
    {
        var options = Options.Create(new RetrievalOptions { Limits = limits ?? new DocumentLimits() });
        var reading = new DocumentReading(
            [new MarkdownReader(options), new HtmlReader(options), new PdfReader(options), new DocxReader(options), new XlsxReader(options), new CsvTableReader(), new PlainTextReader()],
            options, TimeProvider.System);
        return reading.Read(name, mediaType, bytes, TestContext.Current.CancellationToken);
    }

    public static ReadDocument Read(string name, string text) => Read(name, Encoding.UTF8.GetBytes(text));

    public static string Refusal(string name, byte[] bytes, DocumentLimits? limits = null) => Assert.Throws<DocumentRefusedException>(() => Read(name, bytes, limits)).Message;

    /// <summary>Kinds and texts of the blocks, in order: "Heading:售后".</summary>
    public static List<string> Blocks(this ReadDocument read) =>
        read.Document.Blocks.Select(block => $"{block.Kind}:{read.Document.Text[block.Span.Start..block.Span.End]}").ToList();
}
