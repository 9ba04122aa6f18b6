using System.Numerics.Tensors;
using Google.Protobuf.Collections;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Rpc;
using Qdrant.Client.Grpc;
using WireVector = Qdrant.Client.Grpc.Vector;
using WireVectors = Qdrant.Client.Grpc.Vectors;

namespace Mesh.Vectors.Points;

/// <summary>Reads vectors from the wire and checks them against a collection's schema.</summary>
internal static class VectorReader
{
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument or Unimplemented, naming what is wrong.</exception>
    public static PointWrite ReadPoint(PointStruct point, ulong version, CollectionSchema schema, VectorsOptions limits)
    {
        var key = PointKey.From(point.Id);
        var payloadBytes = PayloadSize(point);
        if (payloadBytes > limits.MaxPayloadBytes)
            throw QdrantError.Invalid("points.payload", $"{payloadBytes} bytes on point {key}, at most {limits.MaxPayloadBytes} are allowed");

        var dense = new Dictionary<string, float[]>();
        var sparse = new Dictionary<string, SparseEntries>();
        switch (point.Vectors?.VectorsOptionsCase)
        {
            case WireVectors.VectorsOptionsOneofCase.Vector:
                ReadVector("", point.Vectors.Vector);
                break;
            case WireVectors.VectorsOptionsOneofCase.Vectors_:
                foreach (var (name, vector) in point.Vectors.Vectors_.Vectors) ReadVector(name, vector);
                break;
        }
        return new PointWrite(new Point(key, point.Payload, version, [.. dense.Keys, .. sparse.Keys]), dense, sparse);

        void ReadVector(string name, WireVector vector)
        {
            if (schema.Dense.TryGetValue(name, out var denseSpec)) dense[name] = Dense(denseSpec, DenseData(vector));
            else if (schema.Sparse.ContainsKey(name)) sparse[name] = SparseData(vector, limits);
            else throw QdrantError.UnknownVectorName(name);
        }
    }

    /// <summary>The vector as it is stored and compared: checked, and normalised for cosine.</summary>
    public static float[] Dense(DenseSpec spec, RepeatedField<float> data)
    {
        if (data.Count != spec.Size) throw QdrantError.WrongDimension(spec.Size, data.Count);
        float[] vector = [.. data];
        foreach (var value in vector)
            if (!float.IsFinite(value)) throw QdrantError.WrongInput($"vector `{spec.Name}` contains a value that is not finite");
        if (spec.Distance == Distance.Cosine)
        {
            // A zero vector has no direction: it stays zero and scores 0.
            var norm = TensorPrimitives.Norm<float>(vector);
            if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
        }
        return vector;
    }

    /// <summary>Sorted by index.</summary>
    public static SparseEntries Sparse(RepeatedField<uint> indices, RepeatedField<float> values, VectorsOptions limits)
    {
        if (indices.Count != values.Count)
            throw QdrantError.Invalid("indices", $"must be the same length as values, {indices.Count} against {values.Count}");
        if (indices.Count > limits.MaxSparseEntries)
            throw QdrantError.Invalid("indices", $"{indices.Count} entries, at most {limits.MaxSparseEntries} are allowed");
        uint[] sortedIndices = [.. indices];
        float[] sortedValues = [.. values];
        Array.Sort(sortedIndices, sortedValues);
        for (var i = 0; i < sortedIndices.Length; i++)
        {
            if (i > 0 && sortedIndices[i] == sortedIndices[i - 1]) throw QdrantError.Invalid("indices", "must be unique");
            if (!float.IsFinite(sortedValues[i])) throw QdrantError.Invalid("values", "must be finite");
        }
        return new SparseEntries(sortedIndices, sortedValues);
    }

    private static RepeatedField<float> DenseData(WireVector vector)
    {
        switch (vector.VectorCase)
        {
            case WireVector.VectorOneofCase.Dense:
                return vector.Dense.Data;
            case WireVector.VectorOneofCase.Sparse:
                throw QdrantError.WrongInput("Wrong usage of sparse vectors");
            case WireVector.VectorOneofCase.None:
                if (LegacyIndices(vector) is not null) throw QdrantError.WrongInput("Wrong usage of sparse vectors");
                return LegacyData(vector);
            default:
                throw QdrantError.Unsupported($"`vector` of kind {vector.VectorCase}");
        }
    }

    private static SparseEntries SparseData(WireVector vector, VectorsOptions limits) => vector.VectorCase switch
    {
        WireVector.VectorOneofCase.Sparse => Sparse(vector.Sparse.Indices, vector.Sparse.Values, limits),
        WireVector.VectorOneofCase.None when LegacyIndices(vector) is { } indices => Sparse(indices.Data, LegacyData(vector), limits),
        WireVector.VectorOneofCase.Dense or WireVector.VectorOneofCase.None => throw QdrantError.WrongInput("Wrong usage of sparse vectors"),
        _ => throw QdrantError.Unsupported($"`vector` of kind {vector.VectorCase}"),
    };

    // Older clients send vectors in fields that Qdrant has marked as deprecated and still reads.
#pragma warning disable CS0612
    private static RepeatedField<float> LegacyData(WireVector vector) => vector.HasVectorsCount && vector.VectorsCount > 1
        ? throw QdrantError.Unsupported("`vectors_count` (multi-vectors)") : vector.Data;

    private static SparseIndices? LegacyIndices(WireVector vector) => vector.Indices;
#pragma warning restore CS0612

    private static int PayloadSize(PointStruct point) => point.Payload.Sum(entry => entry.Key.Length + entry.Value.CalculateSize());
}
