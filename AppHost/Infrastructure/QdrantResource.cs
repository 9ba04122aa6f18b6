namespace Mesh.AppHost.Infrastructure;

/// <summary>A Qdrant server in a container, with the connection string that Aspire.Hosting.Qdrant produces (that package is not on every mirror).</summary>
internal sealed class QdrantResource(string name, ParameterResource apiKey) : ContainerResource(name), IResourceWithConnectionString
{
    private EndpointReference? _grpc;

    public EndpointReference GrpcEndpoint => _grpc ??= new EndpointReference(this, "grpc");

    public ParameterResource ApiKey { get; } = apiKey;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Endpoint={GrpcEndpoint.Property(EndpointProperty.Url)};Key={ApiKey}");
}

internal static class QdrantExtensions
{
    public static IResourceBuilder<QdrantResource> AddQdrant(this IDistributedApplicationBuilder builder, string name)
    {
        var key = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-key", special: false);
        return builder.AddResource(new QdrantResource(name, key))
            .WithImage("qdrant/qdrant", "v1.16.0")
            .WithHttpEndpoint(targetPort: 6334, name: "grpc")
            .WithHttpEndpoint(targetPort: 6333, name: "http")
            .WithEndpoint("grpc", e => e.Transport = "http2")
            .WithEnvironment("QDRANT__SERVICE__API_KEY", key)
            .WithEnvironment("QDRANT__SERVICE__ENABLE_STATIC_CONTENT", "0")
            .WithVolume($"{name}-storage", "/qdrant/storage")
            .WithHttpHealthCheck("/readyz", endpointName: "http");
    }
}
