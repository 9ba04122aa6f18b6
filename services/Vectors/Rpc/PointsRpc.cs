using Grpc.Core;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Filters;
using Mesh.Vectors.Points;
using Mesh.Vectors.Search;
using Mesh.Vectors.Storage;
using Microsoft.Extensions.Options;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Rpc;

/// <summary><c>qdrant.Points</c>.</summary>
internal sealed class PointsRpc(VectorStore store, CallGuard guard, TimeProvider time, IOptions<VectorsOptions> options)
{
    private const uint DefaultScrollLimit = 10;

    private readonly VectorsOptions _limits = options.Value;

    public ServerServiceDefinition Bind() => new UnaryBinding(PointsServiceReflection.Descriptor.Services[0], guard)
        .Add<UpsertPoints, PointsOperationResponse>("Upsert", (request, cancel) => WriteAsync(request.Wait, () => store.UpsertAsync(request, cancel)))
        .Add<DeletePoints, PointsOperationResponse>("Delete", (request, cancel) => WriteAsync(request.Wait, () => store.DeletePointsAsync(request, cancel)))
        .Add<CreateFieldIndexCollection, PointsOperationResponse>("CreateFieldIndex",
            (request, cancel) => WriteAsync(request.Wait, () => store.CreateFieldIndexAsync(request, cancel)))
        .Add<DeleteFieldIndexCollection, PointsOperationResponse>("DeleteFieldIndex",
            (request, cancel) => WriteAsync(request.Wait, () => store.DeleteFieldIndexAsync(request, cancel)))
        .Add<GetPoints, GetResponse>("Get", Get)
        .Add<ScrollPoints, ScrollResponse>("Scroll", Scroll)
        .Add<CountPoints, CountResponse>("Count", Count)
        .Add<QueryPoints, QueryResponse>("Query", Query)
        .Add<QueryBatchPoints, QueryBatchResponse>("QueryBatch", QueryBatch)
        .Build();

    private async Task<PointsOperationResponse> WriteAsync(bool wait, Func<Task<ulong>> write)
    {
        var started = time.GetTimestamp();
        var operation = await write();
        // A write is always complete when it is answered; without `wait` clients expect the weaker word.
        var status = wait ? UpdateStatus.Completed : UpdateStatus.Acknowledged;
        return new PointsOperationResponse { Result = new UpdateResult { OperationId = operation, Status = status }, Time = Seconds(started) };
    }

    private GetResponse Get(GetPoints request, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        if (request.Ids.Count > _limits.MaxBatchPoints)
            throw QdrantError.Invalid("ids", $"{request.Ids.Count} ids, at most {_limits.MaxBatchPoints} are allowed");
        var keys = request.Ids.Select(PointKey.From).Distinct().ToArray();
        return store.Collection(request.CollectionName).Read(data =>
        {
            var writer = new PointWriter(data, request.WithPayload, payloadByDefault: true, request.WithVectors);
            var found = keys.Select(data.Find).OfType<Point>().Select(writer.Retrieved);
            return new GetResponse { Result = { found }, Time = Seconds(started) };
        });
    }

    private ScrollResponse Scroll(ScrollPoints request, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var limit = request.HasLimit ? request.Limit : DefaultScrollLimit;
        if (limit < 1 || limit > _limits.MaxQueryLimit) throw QdrantError.Invalid("limit", $"value {limit} invalid, must be from 1 to {_limits.MaxQueryLimit}");
        PointKey? offset = request.Offset is { } from ? PointKey.From(from) : null;
        return store.Collection(request.CollectionName).Read(data =>
        {
            var filter = FilterCompiler.Compile(request.Filter, data, _limits);
            var writer = new PointWriter(data, request.WithPayload, payloadByDefault: true, request.WithVectors);
            var page = InOrder(data, filter, offset, cancel).Take((int)limit + 1).ToArray();
            var response = new ScrollResponse { Result = { page.Take((int)limit).Select(writer.Retrieved) }, Time = Seconds(started) };
            if (page.Length > limit) response.NextPageOffset = page[^1].Key.ToPointId();
            return response;
        });
    }

    private CountResponse Count(CountPoints request, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        return store.Collection(request.CollectionName).Read(data =>
        {
            var filter = FilterCompiler.Compile(request.Filter, data, _limits);
            var count = filter is null ? data.Count : Matching(data, filter, cancel).Count();
            return new CountResponse { Result = new CountResult { Count = (ulong)count }, Time = Seconds(started) };
        });
    }

    private QueryResponse Query(QueryPoints request, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        return store.Collection(request.CollectionName).Read(data => new QueryResponse { Result = { Run(request, data, cancel) }, Time = Seconds(started) });
    }

    private QueryBatchResponse QueryBatch(QueryBatchPoints request, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        if (request.QueryPoints.Count > _limits.MaxBatchQueries)
            throw QdrantError.Invalid("query_points", $"{request.QueryPoints.Count} queries, at most {_limits.MaxBatchQueries} are allowed");
        return store.Collection(request.CollectionName).Read(data =>
        {
            // All queries of a batch see the same points.
            var results = request.QueryPoints.Select(query => new BatchResult { Result = { Run(query, data, cancel) } });
            return new QueryBatchResponse { Result = { results }, Time = Seconds(started) };
        });
    }

    private IEnumerable<ScoredPoint> Run(QueryPoints query, CollectionData data, CancellationToken cancel)
    {
        var plan = QueryPlan.From(query, data, _limits);
        var writer = new PointWriter(data, query.WithPayload, payloadByDefault: false, query.WithVectors);
        return new QueryRunner(data, cancel).Run(plan).Select(writer.Scored);
    }

    private static IEnumerable<Point> InOrder(CollectionData data, PayloadFilter? filter, PointKey? from, CancellationToken cancel)
    {
        if (filter is null) return data.InOrder(from);
        if (filter.Candidates(data) is null) return Matching(data.InOrder(from), filter, cancel);
        return Matching(data, filter, cancel).Where(p => from is null || p.Key.CompareTo(from.Value) >= 0).OrderBy(p => p.Key);
    }

    private static IEnumerable<Point> Matching(CollectionData data, PayloadFilter filter, CancellationToken cancel) =>
        Matching(filter.Candidates(data)?.Select(slot => data[slot]!) ?? data.InOrder(), filter, cancel);

    private static IEnumerable<Point> Matching(IEnumerable<Point> points, PayloadFilter filter, CancellationToken cancel)
    {
        foreach (var point in points)
        {
            cancel.ThrowIfCancellationRequested();
            if (filter.Matches(point)) yield return point;
        }
    }

    private double Seconds(long started) => time.GetElapsedTime(started).TotalSeconds;
}
