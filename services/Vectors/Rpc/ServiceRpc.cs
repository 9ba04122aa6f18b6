using Grpc.Core;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Rpc;

/// <summary><c>qdrant.Qdrant</c>, by which clients learn what they speak to, and <c>qdrant.Snapshots</c>, which is not offered.</summary>
internal sealed class ServiceRpc(CallGuard guard)
{
    /// <summary>The version of Qdrant's interface that is spoken; official clients warn when it is more than one minor version from theirs.</summary>
    public const string InterfaceVersion = "1.20.0";

    public ServerServiceDefinition Bind() => new UnaryBinding(QdrantReflection.Descriptor.Services[0], guard)
        .Add<HealthCheckRequest, HealthCheckReply>("HealthCheck",
            (_, _) => new HealthCheckReply { Title = "Mesh Vectors (Qdrant interface)", Version = InterfaceVersion })
        .Build();

    public ServerServiceDefinition BindSnapshots() => new UnaryBinding(SnapshotsServiceReflection.Descriptor.Services[0], guard).Build();
}
