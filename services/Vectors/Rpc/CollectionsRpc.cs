using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Storage;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Rpc;

/// <summary><c>qdrant.Collections</c>.</summary>
internal sealed class CollectionsRpc(VectorStore store, CallGuard guard, TimeProvider time)
{
    public ServerServiceDefinition Bind() => new UnaryBinding(CollectionsServiceReflection.Descriptor.Services[0], guard)
        .Add<CreateCollection, CollectionOperationResponse>("Create", async (request, cancel) =>
        {
            var started = time.GetTimestamp();
            await store.CreateAsync(request, cancel);
            return new CollectionOperationResponse { Result = true, Time = Seconds(started) };
        })
        .Add<DeleteCollection, CollectionOperationResponse>("Delete", async (request, cancel) =>
        {
            var started = time.GetTimestamp();
            return new CollectionOperationResponse { Result = await store.DeleteAsync(request.CollectionName, cancel), Time = Seconds(started) };
        })
        .Add<ChangeAliases, CollectionOperationResponse>("UpdateAliases", async (request, cancel) =>
        {
            var started = time.GetTimestamp();
            await store.UpdateAliasesAsync(request.Actions, cancel);
            return new CollectionOperationResponse { Result = true, Time = Seconds(started) };
        })
        .Add<ListCollectionsRequest, ListCollectionsResponse>("List", (_, _) =>
        {
            var started = time.GetTimestamp();
            var names = store.Catalog.Collections.Keys.Select(name => new CollectionDescription { Name = name });
            return new ListCollectionsResponse { Collections = { names }, Time = Seconds(started) };
        })
        .Add<CollectionExistsRequest, CollectionExistsResponse>("CollectionExists", (request, _) =>
        {
            var started = time.GetTimestamp();
            var exists = store.Catalog.Find(request.CollectionName) is not null;
            return new CollectionExistsResponse { Result = new CollectionExists { Exists = exists }, Time = Seconds(started) };
        })
        .Add<GetCollectionInfoRequest, GetCollectionInfoResponse>("Get", (request, _) =>
        {
            var started = time.GetTimestamp();
            return new GetCollectionInfoResponse { Result = InfoOf(store.Collection(request.CollectionName)), Time = Seconds(started) };
        })
        .Add<ListAliasesRequest, ListAliasesResponse>("ListAliases", (_, _) =>
        {
            var started = time.GetTimestamp();
            return new ListAliasesResponse { Aliases = { AliasesOf(null) }, Time = Seconds(started) };
        })
        .Add<ListCollectionAliasesRequest, ListAliasesResponse>("ListCollectionAliases", (request, _) =>
        {
            var started = time.GetTimestamp();
            return new ListAliasesResponse { Aliases = { AliasesOf(store.Collection(request.CollectionName)) }, Time = Seconds(started) };
        })
        .Build();

    private IEnumerable<AliasDescription> AliasesOf(Collection? collection) => store.Catalog.Aliases
        .Where(a => collection is null || a.Value == collection)
        .Select(a => new AliasDescription { AliasName = a.Key, CollectionName = a.Value.Name });

    private static CollectionInfo InfoOf(Collection collection) => collection.Read(data =>
    {
        var info = new CollectionInfo
        {
            Status = CollectionStatus.Green,
            OptimizerStatus = new OptimizerStatus { Ok = true },
            SegmentsCount = 1,
            Config = collection.Schema.Config,
            PointsCount = (ulong)data.Count,
            IndexedVectorsCount = (ulong)data.Sparse.Values.Sum(index => (long)index.Count),
            CreatedAt = Timestamp.FromDateTimeOffset(collection.CreatedAt),
        };
        foreach (var (field, index) in data.Fields)
            info.PayloadSchema[field] = new PayloadSchemaInfo { DataType = index.Type, Params = index.Parameters, Points = (ulong)index.PointCount };
        return info;
    });

    private double Seconds(long started) => time.GetElapsedTime(started).TotalSeconds;
}
