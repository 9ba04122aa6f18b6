using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Common.V1;
using Mesh.Retrieval.Search;
using Mesh.Retrieval.Snapshots;
using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval;

/// <summary>The contract's limits, who may change the knowledge base, and the way between messages and the domain.</summary>
internal sealed class RetrievalGrpcService(
    Searcher searcher, SnapshotIngestor ingestor, SnapshotSwitch switcher, SnapshotStore store, IOptions<RetrievalOptions> options) : RetrievalService.RetrievalServiceBase
{
    /// <summary>Scope that changes of the knowledge base need.</summary>
    private const string Knowledge = "knowledge";
    private const int MaxDocumentIdBytes = 512;
    private const int MaxLabels = 20;
    private const int MaxContent = 256 * 1024;
    private const int MaxChanges = 1_000;
    private const int MaxChangeText = 1_000;

    public override async Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        Require.Length(request.Query, "query", 1, 1_000);
        var limit = request.Limit == 0 ? 5 : Require.Range(request.Limit, "limit", 1, 50);
        RequireLabels(request.Labels, "labels");
        if (request.History.Count > 6)
            throw new InvalidRequestException("history", $"has {request.History.Count} messages, at most 6 are allowed");
        for (var i = 0; i < request.History.Count; i++)
            Require.Length(request.History[i], $"history[{i}]", 0, 4_000);
        var answer = await searcher.SearchAsync(context.GetCaller().TenantId,
            new SearchQuestion(request.Query, limit, request.SnapshotId, request.Language, request.Labels, request.History), context.CancellationToken);
        var response = new SearchResponse
        {
            SnapshotId = answer.SnapshotId,
            Answerable = answer.Answerable,
            Answerability = answer.Answerability,
            Threshold = answer.Threshold,
            Searched = answer.Searched,
        };
        response.Passages.AddRange(answer.Passages.Select(found => ToPassage(found.Chunk, found.Document, found.Candidate)));
        response.Stages.AddRange(answer.Stages.Select(stage => new StageTiming { Stage = stage.Stage, Duration = Duration.FromTimeSpan(stage.Duration), Candidates = stage.Candidates }));
        return response;
    }

    public override async Task<IngestResponse> Ingest(IAsyncStreamReader<IngestRequest> requestStream, ServerCallContext context)
    {
        var caller = context.GetCaller();
        caller.Demand(Knowledge);
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Header is not { } header)
            throw new InvalidRequestException("header", "must come first");
        var mode = Require.Defined(header.Mode, "header.mode");
        Require.Length(header.Note, "header.note", 0, 200);
        var settings = new IngestSettings(mode == IngestHeader.Types.Mode.Merge, header.Activate, header.Strict, header.Note, []);
        var result = await ingestor.IngestAsync(caller.TenantId, settings, DocumentsAsync(requestStream, context.CancellationToken), context.CancellationToken);
        var response = new IngestResponse { Snapshot = ToSnapshot(result.Snapshot), Activated = result.Activated, Reason = result.Reason };
        response.Documents.AddRange(result.Documents.Select(document => new DocumentOutcome
        {
            DocumentId = document.DocumentId,
            Status = (DocumentOutcome.Types.Status)document.Status,
            Chunks = document.Chunks,
            Reason = document.Reason,
            MediaType = document.MediaType,
            Warnings = { document.Warnings },
        }));
        return response;
    }

    public override async Task<GetPassageResponse> GetPassage(GetPassageRequest request, ServerCallContext context)
    {
        RequireId(request.ChunkId, "chunk_id");
        Require.Range(request.Context, "context", 0, 4_000);
        var tenant = context.GetCaller().TenantId;
        var snapshotId = request.SnapshotId.Length > 0
            ? (await store.GetAsync(tenant, request.SnapshotId, context.CancellationToken)).SnapshotId
            : await store.FindHolderAsync(tenant, request.ChunkId, context.CancellationToken) ?? throw new NotFoundException("passage", request.ChunkId);
        var chunk = (await store.ChunksAsync(snapshotId, [request.ChunkId], context.CancellationToken)).FirstOrDefault() ?? throw new NotFoundException("passage", request.ChunkId);
        var document = await store.FindDocumentAsync(snapshotId, chunk.DocumentId, context.CancellationToken) ?? throw new NotFoundException("document", chunk.DocumentId);
        var response = new GetPassageResponse { Passage = ToPassage(chunk, document, new Candidate(chunk.ChunkId, 0, 0, 0)), SnapshotId = snapshotId };
        if (request.Context > 0)
        {
            var text = await store.TextOfAsync(snapshotId, chunk.DocumentId, context.CancellationToken);
            response.Before = Slice(text, (int)chunk.SpanStart - request.Context, (int)chunk.SpanStart);
            response.After = Slice(text, (int)chunk.SpanEnd, (int)chunk.SpanEnd + request.Context);
        }
        var live = await store.LiveAsync(tenant, context.CancellationToken);
        if (live is not null && live.SnapshotId != snapshotId)
            response.Outdated = (await store.FindDocumentAsync(live.SnapshotId, chunk.DocumentId, context.CancellationToken))?.Revision != document.Revision;
        return response;
    }

    public override async Task<Snapshot> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        caller.Demand(Knowledge);
        RequireDocumentId(request.DocumentId, "document_id");
        var live = await store.LiveAsync(caller.TenantId, context.CancellationToken) ?? throw new NotFoundException("document", request.DocumentId);
        if (await store.FindDocumentAsync(live.SnapshotId, request.DocumentId, context.CancellationToken) is null)
            throw new NotFoundException("document", request.DocumentId);
        var settings = new IngestSettings(Merge: true, Activate: true, Strict: false, $"without {request.DocumentId}"[..Math.Min(200, request.DocumentId.Length + 8)], [request.DocumentId]);
        var result = await ingestor.IngestAsync(caller.TenantId, settings, AsyncEnumerable.Empty<IncomingDocument>(), context.CancellationToken);
        return result.Activated ? ToSnapshot(result.Snapshot) : throw new PreconditionException("NOT_ACTIVATED", $"the document is still there: {result.Reason}");
    }

    public override async Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context)
    {
        var size = request.PageSize == 0 ? 200 : Require.Range(request.PageSize, "page_size", 1, 1_000);
        var tenant = context.GetCaller().TenantId;
        var snapshot = request.SnapshotId.Length > 0 ? await store.GetAsync(tenant, request.SnapshotId, context.CancellationToken) : await store.LiveAsync(tenant, context.CancellationToken);
        var response = new ListDocumentsResponse();
        if (snapshot is null)
            return response;
        var documents = await store.DocumentsAsync(snapshot.SnapshotId, request.PageToken, size, context.CancellationToken);
        response.Documents.AddRange(documents.Select(document => new DocumentInfo
        {
            DocumentId = document.DocumentId,
            Title = document.Title,
            Revision = document.Revision,
            MediaType = document.MediaType,
            Language = document.Language,
            Chunks = (int)document.Chunks,
            Labels = { Labels(document) },
        }));
        response.NextPageToken = documents.Count == size ? documents[^1].DocumentId : "";
        return response;
    }

    public override async Task<ListSnapshotsResponse> ListSnapshots(ListSnapshotsRequest request, ServerCallContext context)
    {
        var size = request.PageSize == 0 ? 20 : Require.Range(request.PageSize, "page_size", 1, 100);
        return new ListSnapshotsResponse { Snapshots = { (await store.ListAsync(context.GetCaller().TenantId, size, context.CancellationToken)).Select(ToSnapshot) } };
    }

    public override async Task<Snapshot> ActivateSnapshot(ActivateSnapshotRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        caller.Demand(Knowledge);
        var snapshot = await store.GetAsync(caller.TenantId, request.SnapshotId, context.CancellationToken);
        await switcher.ActivateAsync(snapshot, null, remember: true, context.CancellationToken);
        return ToSnapshot(await store.GetAsync(caller.TenantId, request.SnapshotId, context.CancellationToken));
    }

    public override async Task<Snapshot> RollbackSnapshot(RollbackSnapshotRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        caller.Demand(Knowledge);
        return ToSnapshot(await switcher.RollbackAsync(caller.TenantId, context.CancellationToken));
    }

    public override async Task<DiffSnapshotsResponse> DiffSnapshots(DiffSnapshotsRequest request, ServerCallContext context)
    {
        var tenant = context.GetCaller().TenantId;
        var from = await store.GetAsync(tenant, request.FromSnapshotId, context.CancellationToken);
        var to = await store.GetAsync(tenant, request.ToSnapshotId, context.CancellationToken);
        var changes = SnapshotDiff.Between(await store.ChunksAsync(from.SnapshotId, context.CancellationToken), await store.ChunksAsync(to.SnapshotId, context.CancellationToken));
        var response = new DiffSnapshotsResponse { LeftOut = Math.Max(0, changes.Count - MaxChanges) };
        response.Changes.AddRange(changes.Take(MaxChanges).Select(change => new PassageChange
        {
            Type = (PassageChange.Types.Type)change.Type,
            DocumentId = (change.After ?? change.Before)!.DocumentId,
            HeadingPath = { HeadingPath((change.After ?? change.Before)!) },
            Before = Slice(change.Before?.Text ?? "", 0, MaxChangeText),
            After = Slice(change.After?.Text ?? "", 0, MaxChangeText),
        }));
        return response;
    }

    /// <summary>Puts the parts of the stream together, one document at a time; one that grows beyond the limit is not kept.</summary>
    private async IAsyncEnumerable<IncomingDocument> DocumentsAsync(IAsyncStreamReader<IngestRequest> stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = options.Value.Limits.DocumentBytes;
        DocumentHeader? open = null;
        var bytes = new MemoryStream();
        long length = 0;
        while (await stream.MoveNext(cancellationToken))
        {
            var message = stream.Current;
            switch (message.PartCase)
            {
                case IngestRequest.PartOneofCase.Document:
                    if (open is not null)
                        yield return Finish(open);
                    open = Checked(message.Document);
                    bytes = new MemoryStream();
                    length = 0;
                    break;
                case IngestRequest.PartOneofCase.Content when open is not null:
                    if (message.Content.Length > MaxContent)
                        throw new InvalidRequestException("content", $"has {message.Content.Length:N0} bytes, at most {MaxContent:N0} are allowed in one message");
                    length += message.Content.Length;
                    if (length <= limit)
                        bytes.Write(message.Content.Span);
                    break;
                default:
                    throw new InvalidRequestException(message.PartCase == IngestRequest.PartOneofCase.Content ? "content" : "header", "after the header come documents, each followed by its content");
            }
        }
        if (open is not null)
            yield return Finish(open);

        IncomingDocument Finish(DocumentHeader header) => new(header.DocumentId, length > limit ? [] : bytes.ToArray())
        {
            MediaType = header.MediaType,
            Title = header.Title,
            Language = header.Language,
            Revision = header.Revision,
            ValidFrom = header.ValidFrom?.ToDateTimeOffset(),
            ValidUntil = header.ValidUntil?.ToDateTimeOffset(),
            Labels = header.Labels,
            Source = header.Source,
            Refusal = length > limit ? $"it is larger than {limit:N0} bytes" : "",
        };
    }

    private static DocumentHeader Checked(DocumentHeader header)
    {
        RequireDocumentId(header.DocumentId, "document.document_id");
        Require.Length(header.MediaType, "document.media_type", 0, 200);
        Require.Length(header.Title, "document.title", 0, 300);
        Require.Length(header.Language, "document.language", 0, 35);
        Require.Length(header.Revision, "document.revision", 0, 200);
        Require.Length(header.Source, "document.source", 0, 512);
        RequireLabels(header.Labels, "document.labels");
        return header;
    }

    private static void RequireDocumentId(string id, string field)
    {
        Require.Length(id, field, 1, MaxDocumentIdBytes);
        if (System.Text.Encoding.UTF8.GetByteCount(id) > MaxDocumentIdBytes)
            throw new InvalidRequestException(field, $"has more than {MaxDocumentIdBytes} bytes");
        if (id.Any(char.IsControl))
            throw new InvalidRequestException(field, "must not hold control characters");
    }

    private static void RequireLabels(MapField<string, string> labels, string field)
    {
        if (labels.Count > MaxLabels)
            throw new InvalidRequestException(field, $"has {labels.Count} entries, at most {MaxLabels} are allowed");
        foreach (var (key, value) in labels)
        {
            Require.Length(key, $"{field} key", 1, 64);
            Require.Length(value, $"{field}[{key}]", 0, 256);
        }
    }

    private static void RequireId(string id, string field)
    {
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
            throw new InvalidRequestException(field, "is no id of a passage");
    }

    private static Passage ToPassage(ChunkRow chunk, DocumentRow document, Candidate candidate) => new()
    {
        ChunkId = chunk.ChunkId,
        DocumentId = chunk.DocumentId,
        Title = document.Title,
        Revision = document.Revision,
        HeadingPath = { HeadingPath(chunk) },
        Text = chunk.Text,
        Kind = (Passage.Types.Kind)chunk.Kind,
        Language = chunk.Language,
        Span = new TextSpan { Start = (int)chunk.SpanStart, End = (int)chunk.SpanEnd },
        ChunkHash = chunk.Hash,
        Page = (int)chunk.Page,
        Score = candidate.Score,
        DenseScore = candidate.Dense,
        SparseScore = candidate.Sparse,
        Labels = { Labels(document) },
        Question = chunk.Question,
        Answer = chunk.Answer,
        MediaType = document.MediaType,
    };

    private static Snapshot ToSnapshot(SnapshotRow row) => new()
    {
        SnapshotId = row.SnapshotId,
        State = (Snapshot.Types.State)row.State,
        CreatedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt)),
        ActivatedAt = row.ActivatedAt == 0 ? null : Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(row.ActivatedAt)),
        Documents = (int)row.Documents,
        Chunks = (int)row.Chunks,
        Encoder = row.Encoder,
        Note = row.Note,
        Reason = row.Reason,
    };

    private static List<string> HeadingPath(ChunkRow chunk) => JsonSerializer.Deserialize<List<string>>(chunk.HeadingPath)!;

    private static Dictionary<string, string> Labels(DocumentRow document) => JsonSerializer.Deserialize<Dictionary<string, string>>(document.Labels)!;

    /// <summary>Clipped to the text, and never through a surrogate pair.</summary>
    private static string Slice(string text, int start, int end)
    {
        start = Math.Clamp(start, 0, text.Length);
        end = Math.Clamp(end, start, text.Length);
        if (start < end && char.IsLowSurrogate(text[start]))
            start++;
        if (end > start && end < text.Length && char.IsLowSurrogate(text[end]))
            end--;
        return text[start..end];
    }
}
