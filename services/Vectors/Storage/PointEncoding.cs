using Google.Protobuf;
using Mesh.Vectors.Points;
using Qdrant.Client.Grpc;
using WireVector = Qdrant.Client.Grpc.Vector;

namespace Mesh.Vectors.Storage;

/// <summary>The stored form of a point's vectors: Qdrant's own message of named vectors.</summary>
internal static class PointEncoding
{
    public static byte[] WriteDense(IReadOnlyDictionary<string, float[]> vectors)
    {
        var message = new NamedVectors();
        foreach (var (name, vector) in vectors) message.Vectors[name] = new WireVector { Dense = new DenseVector { Data = { vector } } };
        return message.ToByteArray();
    }

    public static byte[] WriteSparse(IReadOnlyDictionary<string, SparseEntries> vectors)
    {
        var message = new NamedVectors();
        foreach (var (name, vector) in vectors)
            message.Vectors[name] = new WireVector { Sparse = new SparseVector { Indices = { vector.Indices }, Values = { vector.Values } } };
        return message.ToByteArray();
    }

    public static Dictionary<string, float[]> ReadDense(byte[] stored) =>
        NamedVectors.Parser.ParseFrom(stored).Vectors.ToDictionary(v => v.Key, v => v.Value.Dense.Data.ToArray());

    public static Dictionary<string, SparseEntries> ReadSparse(byte[] stored) =>
        NamedVectors.Parser.ParseFrom(stored).Vectors.ToDictionary(v => v.Key, v => new SparseEntries([.. v.Value.Sparse.Indices], [.. v.Value.Sparse.Values]));
}
