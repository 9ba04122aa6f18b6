using Mesh.Vectors.Collections;
using Mesh.Vectors.Rpc;
using Mesh.Vectors.Search;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Points;

/// <summary>Writes points for the wire, with the payload and the vectors that were asked for.</summary>
internal sealed class PointWriter(CollectionData data, WithPayloadSelector? withPayload, bool payloadByDefault, WithVectorsSelector? withVectors)
{
    private readonly PayloadSelection _payload = PayloadSelection.From(withPayload, payloadByDefault);

    public RetrievedPoint Retrieved(Point point)
    {
        var written = new RetrievedPoint { Id = point.Key.ToPointId(), Vectors = VectorsOf(point) };
        _payload.Copy(point.Payload, written.Payload);
        return written;
    }

    public ScoredPoint Scored(Hit hit)
    {
        var point = data[hit.Slot]!;
        var written = new ScoredPoint { Id = point.Key.ToPointId(), Score = hit.Score, Version = point.Version, Vectors = VectorsOf(point) };
        _payload.Copy(point.Payload, written.Payload);
        return written;
    }

    private VectorsOutput? VectorsOf(Point point)
    {
        var names = withVectors?.SelectorOptionsCase switch
        {
            WithVectorsSelector.SelectorOptionsOneofCase.Enable when withVectors.Enable => point.VectorNames,
            WithVectorsSelector.SelectorOptionsOneofCase.Include => point.VectorNames.Intersect(withVectors.Include.Names.Select(Known)),
            _ => null,
        };
        if (names is null) return null;
        var named = new NamedVectorsOutput();
        var slot = data.SlotOf(point.Key)!.Value;
        foreach (var name in names)
        {
            var vector = VectorOf(slot, name);
            if (name.Length == 0) return new VectorsOutput { Vector = vector };
            named.Vectors[name] = vector;
        }
        return new VectorsOutput { Vectors = named };
    }

    private string Known(string name) =>
        data.Dense.ContainsKey(name) || data.Sparse.ContainsKey(name) ? name : throw QdrantError.UnknownVectorName(name);

    private VectorOutput VectorOf(int slot, string name)
    {
        if (data.Dense.TryGetValue(name, out var rows) && rows.TryGet(slot, out var row))
            return new VectorOutput { Dense = new DenseVector { Data = { row.ToArray() } } };
        var sparse = data.Sparse[name].Get(slot)!;
        return new VectorOutput { Sparse = new SparseVector { Indices = { sparse.Indices }, Values = { sparse.Values } } };
    }
}
