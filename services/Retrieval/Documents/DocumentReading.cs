using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Documents;

/// <summary>A document as it was read, with its kind.</summary>
internal sealed record ReadDocument(string MediaType, ExtractedDocument Document);

/// <summary>Decides the kind of a document, reads it within the limits, and reports every fault as a refusal with its reason.</summary>
internal sealed class DocumentReading(IEnumerable<IDocumentReader> readers, IOptions<RetrievalOptions> options, TimeProvider time)
{
    /// <summary>Changes when the same bytes give other text or blocks than before.</summary>
    public const string Version = "readers-1";

    private readonly Dictionary<string, IDocumentReader> _readers =
        readers.SelectMany(reader => reader.MediaTypes, (reader, type) => (type, reader)).ToDictionary(pair => pair.type, pair => pair.reader);

    /// <exception cref="DocumentRefusedException">With the reason, for a person.</exception>
    public ReadDocument Read(string documentId, string statedMediaType, byte[] bytes, CancellationToken cancellationToken)
    {
        var limits = options.Value.Limits;
        if (bytes.Length > limits.DocumentBytes)
            throw new DocumentRefusedException($"it has {bytes.Length:N0} bytes, allowed are {limits.DocumentBytes:N0}");
        var mediaType = MediaTypes.Decide(documentId, statedMediaType, bytes);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(limits.ReadSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var builder = new DocumentBuilder(limits);
        try
        {
            _readers[mediaType].Read(bytes, builder, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DocumentRefusedException($"reading it took longer than {limits.ReadSeconds} seconds");
        }
        if (builder.IsEmpty)
            throw new DocumentRefusedException("it holds no text");
        var document = builder.Build();
        if (document.Metadata.Title.Length == 0)
            document = document with { Metadata = document.Metadata with { Title = TitleOf(documentId, mediaType, builder) } };
        if (document.Metadata.Language.Length == 0)
            document = document with { Metadata = document.Metadata with { Language = LanguageGuess.Of(document.Text) } };
        return new ReadDocument(mediaType, document);
    }

    /// <summary>The headings of a sheet or a list are its parts' names and not its own.</summary>
    private static string TitleOf(string documentId, string mediaType, DocumentBuilder builder) =>
        mediaType is MediaTypes.Csv or MediaTypes.Xlsx || builder.FirstHeading is null ? Path.GetFileNameWithoutExtension(documentId) : builder.FirstHeading;
}
