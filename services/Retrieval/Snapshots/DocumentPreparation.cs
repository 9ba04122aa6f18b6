using System.Text.Json;
using Mesh.Retrieval.Chunks;
using Mesh.Retrieval.Documents;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Snapshots;

/// <summary>A document ready to be stored, its chunks without vectors.</summary>
internal sealed record PreparedDocument(DocumentRow Row, IReadOnlyList<PreparedChunk> Chunks, DocumentResult Result);

/// <param name="Input">What is embedded.</param>
internal sealed record PreparedChunk(ChunkRow Row, string Input);

/// <summary>From bytes to chunks: read, cut, have the guard look.</summary>
internal sealed class DocumentPreparation(DocumentReading reading, GuardScreen guard, IOptions<RetrievalOptions> options)
{
    /// <summary>Beyond every date that is written.</summary>
    private const long Forever = 253_402_300_799_000;

    /// <summary>The same key means: the same chunks would come out.</summary>
    public string ContentKey(IncomingDocument document) => Chunk.Sha256(JsonSerializer.Serialize(new
    {
        bytes = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(document.Bytes)),
        document.MediaType,
        document.Title,
        document.Language,
        document.Revision,
        document.ValidFrom,
        document.ValidUntil,
        labels = document.Labels.OrderBy(label => label.Key, StringComparer.Ordinal),
        document.Source,
        DocumentReading.Version,
        chunker = Chunker.Version,
        options.Value.Chunking.MaxUnits,
    }));

    /// <param name="useGuard">False once the guard has not answered: asking for each document would only cost time.</param>
    /// <returns>Without a row where the document is refused or held back.</returns>
    public async Task<(PreparedDocument? Prepared, DocumentResult Result, bool Unchecked)> PrepareAsync(
        string snapshotId, IncomingDocument incoming, bool useGuard, CancellationToken cancellationToken)
    {
        ReadDocument read;
        List<Chunk> chunks;
        try
        {
            if (incoming.Refusal.Length > 0)
                throw new DocumentRefusedException(incoming.Refusal);
            read = reading.Read(incoming.DocumentId, incoming.MediaType, incoming.Bytes, cancellationToken);
            read = read with { Document = read.Document with { Metadata = Stated(incoming, read.Document.Metadata) } };
            chunks = Chunker.Cut(incoming.DocumentId, read.Document, options.Value.Chunking);
        }
        catch (DocumentRefusedException refused)
        {
            return (null, new DocumentResult(incoming.DocumentId, DocumentStatus.Refused) { Reason = refused.Message }, false);
        }

        var metadata = read.Document.Metadata;
        var warnings = read.Document.Warnings.ToList();
        var outcome = new GuardResult(GuardOutcome.Allowed, "");
        if (guard.IsOn)
            outcome = useGuard ? await guard.CheckAsync($"{metadata.Title}\n{read.Document.Text}", metadata.Language, cancellationToken)
                : new GuardResult(GuardOutcome.Unchecked, "the guard did not answer, so it is not checked");
        if (outcome.Outcome == GuardOutcome.Quarantined)
            return (null, new DocumentResult(incoming.DocumentId, DocumentStatus.Quarantined) { Reason = outcome.Reason, MediaType = read.MediaType }, false);
        if (outcome.Reason.Length > 0)
            warnings.Add(outcome.Reason);

        var row = new DocumentRow
        {
            SnapshotId = snapshotId,
            DocumentId = incoming.DocumentId,
            Title = metadata.Title,
            Revision = metadata.Revision,
            MediaType = read.MediaType,
            Language = metadata.Language,
            Labels = JsonSerializer.Serialize(metadata.Labels),
            Source = incoming.Source,
            ValidFrom = metadata.ValidFrom?.ToUnixTimeMilliseconds() ?? 0,
            ValidUntil = metadata.ValidUntil?.ToUnixTimeMilliseconds() ?? Forever,
            ContentKey = ContentKey(incoming),
            IsChecked = guard.IsOn && outcome.Outcome == GuardOutcome.Allowed ? 1 : 0,
            Chunks = chunks.Count,
            Text = read.Document.Text,
        };
        var result = new DocumentResult(incoming.DocumentId, DocumentStatus.Indexed) { Chunks = chunks.Count, MediaType = read.MediaType, Warnings = warnings };
        return (new PreparedDocument(row, [.. chunks.Select(chunk => ToPrepared(snapshotId, chunk, metadata.Title))], result), result, outcome.Outcome == GuardOutcome.Unchecked);
    }

    /// <summary>What the sender says goes before what the document says.</summary>
    private static DocumentMetadata Stated(IncomingDocument incoming, DocumentMetadata own)
    {
        const int maxTitle = 300;
        var labels = own.Labels.ToDictionary(label => label.Key, label => label.Value);
        foreach (var (key, value) in incoming.Labels)
            labels[key] = value;
        var title = incoming.Title.Length > 0 ? incoming.Title : own.Title;
        return new DocumentMetadata
        {
            Title = title.Length <= maxTitle ? title : title[..maxTitle],
            Language = incoming.Language.Length > 0 ? incoming.Language : own.Language,
            Revision = incoming.Revision.Length > 0 ? incoming.Revision
                : own.Revision.Length > 0 ? own.Revision
                : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(incoming.Bytes)),
            ValidFrom = incoming.ValidFrom ?? own.ValidFrom,
            ValidUntil = incoming.ValidUntil ?? own.ValidUntil,
            Labels = labels,
        };
    }

    private static PreparedChunk ToPrepared(string snapshotId, Chunk chunk, string title)
    {
        var input = chunk.EmbeddingInput(title);
        return new PreparedChunk(new ChunkRow
        {
            SnapshotId = snapshotId,
            ChunkId = chunk.Id,
            DocumentId = chunk.DocumentId,
            Ordinal = chunk.Ordinal,
            HeadingPath = JsonSerializer.Serialize(chunk.HeadingPath),
            Kind = (long)chunk.Kind,
            SpanStart = chunk.Span.Start,
            SpanEnd = chunk.Span.End,
            Page = chunk.Page,
            Text = chunk.Text,
            Hash = chunk.Hash,
            InputHash = Chunk.Sha256(input),
            Language = chunk.Language,
            Question = chunk.Question,
            Answer = chunk.Answer,
        }, input);
    }
}
