namespace Mesh.AppHost.Infrastructure;

/// <summary>What stands under the services. They see connection strings only, of the same names whatever stands there.</summary>
/// <param name="Vectors">A server of Qdrant's API: connection string "qdrant".</param>
/// <param name="State">A PostgreSQL database; null where each service keeps a SQLite file in the data directory.</param>
/// <param name="Log">A Kafka broker: connection string "kafka"; null where Datasets tails the events table over gRPC.</param>
/// <param name="DataDirectory">Where services keep files: here the embedded stores; published nothing that must outlive the container.</param>
internal sealed record MeshInfrastructure(
    IResourceBuilder<IResourceWithConnectionString> Vectors,
    IResourceBuilder<IResourceWithConnectionString>? State,
    IResourceBuilder<IResourceWithConnectionString>? Log,
    string DataDirectory);

internal static class MeshInfrastructureExtensions
{
    /// <summary>
    /// <c>Mesh:Infrastructure</c>: "embedded" needs the .NET SDK only (default when running), "containers" a container runtime (default when publishing),
    /// "external" running servers in <c>ConnectionStrings:qdrant</c>, <c>:state</c> and <c>:kafka</c>.
    /// </summary>
    public static MeshInfrastructure AddInfrastructure(this IDistributedApplicationBuilder builder)
    {
        var running = builder.ExecutionContext.IsRunMode;
        var dataDirectory = running
            ? Path.GetFullPath(builder.Configuration["Mesh:DataDirectory"] ?? Path.Combine("..", ".mesh", "data"), builder.AppHostDirectory)
            : "/tmp/mesh";
        var kind = builder.Configuration["Mesh:Infrastructure"] ?? (running ? "embedded" : "containers");
        return kind switch
        {
            "embedded" => new(builder.AddEmbeddedVectors(dataDirectory), null, null, dataDirectory),
            "containers" => new(
                builder.AddQdrant("qdrant"),
                builder.AddPostgres("postgres").WithDataVolume("postgres-data").AddDatabase("state", "mesh"),
                builder.AddKafka("kafka"),
                dataDirectory),
            "external" => new(
                builder.AddConnectionString("qdrant"),
                builder.AddConnectionString("state"),
                builder.AddConnectionString("kafka"),
                dataDirectory),
            _ => throw new DistributedApplicationException($"Mesh:Infrastructure is '{kind}'; allowed are embedded, containers and external"),
        };
    }

    public static IResourceBuilder<ProjectResource> WithVectors(this IResourceBuilder<ProjectResource> service, MeshInfrastructure infrastructure) =>
        service.WithReference(infrastructure.Vectors, "qdrant").WaitFor(infrastructure.Vectors);

    public static IResourceBuilder<ProjectResource> WithLog(this IResourceBuilder<ProjectResource> service, MeshInfrastructure infrastructure) =>
        infrastructure.Log is { } log ? service.WithReference(log, "kafka").WaitFor(log) : service;

    private static IResourceBuilder<IResourceWithConnectionString> AddEmbeddedVectors(this IDistributedApplicationBuilder builder, string dataDirectory)
    {
        var vectors = builder.AddProject<Projects.Vectors>("vectors").WithMeshHealth().WithEnvironment("Mesh__DataDirectory", dataDirectory);
        return builder.AddConnectionString("qdrant", ReferenceExpression.Create($"Endpoint={vectors.GetEndpoint("grpc").Property(EndpointProperty.Url)}"))
            .WaitFor(vectors);
    }
}
