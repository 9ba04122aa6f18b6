using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Points;

/// <summary>What is kept of a point outside the vector indexes. Immutable: a write replaces it.</summary>
/// <param name="Version">Number of the operation that wrote it.</param>
/// <param name="VectorNames">Names of the vectors that it has; the unnamed one is the empty string.</param>
internal sealed record Point(PointKey Key, MapField<string, Value> Payload, ulong Version, IReadOnlyCollection<string> VectorNames);

/// <summary>A sparse vector: indices ascending and unique, one value each.</summary>
internal sealed record SparseEntries(uint[] Indices, float[] Values);

/// <summary>A point as it is written, checked against the collection's schema; cosine vectors are normalised.</summary>
internal sealed record PointWrite(Point Point, IReadOnlyDictionary<string, float[]> Dense, IReadOnlyDictionary<string, SparseEntries> Sparse);
