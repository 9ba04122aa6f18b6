using Microsoft.Extensions.Options;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;

namespace Mesh.Retrieval.Documents;

/// <summary>
/// PDF with a text layer: lines in reading order, headings by letter size, tables by aligned cells, without what repeats at the top and bottom of pages.
/// Scanned pages are reported: reading them is not this service's work.
/// </summary>
internal sealed class PdfReader(IOptions<RetrievalOptions> options) : IDocumentReader
{
    public IReadOnlyList<string> MediaTypes => [Documents.MediaTypes.Pdf];

    public void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken)
    {
        try
        {
            using var document = PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
            if (document.NumberOfPages > options.Value.Limits.PdfPages)
                throw new DocumentRefusedException($"it has {document.NumberOfPages:N0} pages, allowed are {options.Value.Limits.PdfPages:N0}");
            builder.Metadata = Stated(document.Information, builder);
            var pages = new List<PdfPageLines>(document.NumberOfPages);
            var scanned = 0;
            var characters = 0L;
            for (var number = 1; number <= document.NumberOfPages; number++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var page = document.GetPage(number);
                if ((characters += page.Letters.Count) > options.Value.Limits.TextCharacters)
                    throw new DocumentRefusedException($"its text has more than {options.Value.Limits.TextCharacters:N0} characters");
                if (page.Letters.Count < 10 && page.NumberOfImages > 0)
                    scanned++;
                pages.Add(PdfPageLines.Of(page));
            }
            if (scanned == pages.Count && scanned > 0)
                throw new DocumentRefusedException("it is scanned: its pages are images without a text layer");
            if (scanned > 0)
                builder.Warn($"{scanned} of {pages.Count} pages are images without text");
            PdfLayout.Write(pages, builder);
        }
        catch (PdfDocumentEncryptedException error)
        {
            throw new DocumentRefusedException("it is encrypted", error);
        }
        catch (Exception error) when (error is PdfDocumentFormatException or InvalidDataException or InvalidOperationException or ArgumentException
            or FormatException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException or OverflowException or NotSupportedException or InvalidCastException
            or EndOfStreamException or DivideByZeroException)
        {
            // The parser meets hostile and broken files with many kinds of exceptions; none of them is ours.
            throw new DocumentRefusedException("PDF is damaged", error);
        }
    }

    /// <summary>Keywords are taken as the category, the day of the last change as the revision.</summary>
    private static DocumentMetadata Stated(UglyToad.PdfPig.Content.DocumentInformation information, DocumentBuilder builder) => FrontMatter.FromFields(
    [
        new("title", UsefulTitle(information.Title)),
        new("category", information.Keywords ?? ""),
        new("revision", information.GetModifiedDateTimeOffset()?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? ""),
    ], builder);

    /// <summary>Programs write their file name or nothing of use here.</summary>
    private static string UsefulTitle(string? title) =>
        title is null || title.Contains('\\', StringComparison.Ordinal) || Path.HasExtension(title) || title.StartsWith("untitled", StringComparison.OrdinalIgnoreCase)
            ? "" : DocumentBuilder.Clean(title);
}
