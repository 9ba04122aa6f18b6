using Grpc.Core;
using Mesh.Vectors.Points;

namespace Mesh.Vectors.Rpc;

/// <summary>Failures with the codes and the wording of a Qdrant server, which clients match on.</summary>
internal static class QdrantError
{
    public static RpcException CollectionNotFound(string name) => Status(StatusCode.NotFound, $"Not found: Collection `{name}` doesn't exist!");

    public static RpcException CollectionExists(string name) => Status(StatusCode.AlreadyExists, $"Wrong input: Collection `{name}` already exists!");

    public static RpcException AliasNotFound(string name) => Status(StatusCode.NotFound, $"Not found: Alias {name} does not exists!");

    public static RpcException PointNotFound(PointKey key) => Status(StatusCode.NotFound, $"Not found: No point with id {key} found");

    public static RpcException VectorOfPointNotFound(PointKey key, string vector) =>
        Status(StatusCode.NotFound, $"Not found: vector with name '{vector}' not found in point {key}");

    public static RpcException WrongDimension(int expected, int got) => WrongInput($"Vector dimension error: expected dim: {expected}, got {got}");

    public static RpcException UnknownVectorName(string name) => WrongInput($"Not existing vector name error: {name}");

    public static RpcException WrongInput(string description) => Status(StatusCode.InvalidArgument, $"Wrong input: {description}");

    /// <summary>A field outside its limits or of the wrong form.</summary>
    public static RpcException Invalid(string field, string reason) => Status(StatusCode.InvalidArgument, $"Validation error in body: [{field}: {reason}]");

    /// <summary>A method, field or value that Qdrant has and this store does not.</summary>
    public static RpcException Unsupported(string what) => Status(StatusCode.Unimplemented, $"{what} is not supported by Mesh Vectors");

    public static RpcException Loading() => Status(StatusCode.Unavailable, "Mesh Vectors is loading its collections, try again shortly");

    private static RpcException Status(StatusCode code, string detail) => new(new Status(code, detail));
}
