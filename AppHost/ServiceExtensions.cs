using Mesh.AppHost.Infrastructure;

namespace Mesh.AppHost;

internal static class ServiceExtensions
{
    /// <summary>The credential by which services know each other. Made anew for each run; a secret of the deployment when published.</summary>
    public static IResourceBuilder<ParameterResource> AddInternalKey(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter("internal-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true);

    /// <summary>What every service of the mesh gets: credential, health, state and the settings that a process started here needs.</summary>
    public static IResourceBuilder<ProjectResource> AsMeshService(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ParameterResource> internalKey, MeshInfrastructure infrastructure)
    {
        service.WithEnvironment("Mesh__Internal__Key", internalKey)
            // Names and connection strings are all that a service reads.
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ServiceDiscovery | ReferenceEnvironmentInjectionFlags.ConnectionString)
            .WithMeshHealth();
        if (infrastructure.State is { } state) service.WithReference(state, service.Resource.Name).WaitFor(state);
        return service.WithEnvironment("Mesh__DataDirectory", infrastructure.DataDirectory);
    }

    public static IResourceBuilder<ProjectResource> WithMeshHealth(this IResourceBuilder<ProjectResource> service)
    {
        service.WithHttpHealthCheck("/health", endpointName: "http").WithEnvironment("ORT_DISABLE_TELEMETRY", "1");
        if (service.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            service
                .WithEnvironment("ASPNETCORE_ENVIRONMENT", service.ApplicationBuilder.Environment.EnvironmentName)
                // The dashboard goes away before the services do: without these two, each spends up to 10 s in its last flush.
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
                .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000");
        }
        return service;
    }

    /// <summary>Published, Guard's pseudonyms hang on a secret of the deployment; here it makes a key file of its own.</summary>
    public static IResourceBuilder<ProjectResource> WithPseudonymKey(this IResourceBuilder<ProjectResource> guard)
    {
        var builder = guard.ApplicationBuilder;
        return builder.ExecutionContext.IsRunMode
            ? guard
            : guard.WithEnvironment("Guard__PseudonymKey", builder.AddParameter("guard-pseudonym-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true));
    }

    /// <summary>A dashboard command that builds a new snapshot of the knowledge folder and makes it live.</summary>
    public static IResourceBuilder<ProjectResource> WithReingestCommand(this IResourceBuilder<ProjectResource> retrieval, IResourceBuilder<ParameterResource> internalKey) =>
        retrieval.WithHttpCommand("/admin/reingest", "Re-ingest the knowledge", endpointName: "http", commandName: "reingest", commandOptions: new HttpCommandOptions
        {
            IconName = "ArrowSync",
            Description = "Reads the knowledge folder again, builds a snapshot beside the live one and switches to it.",
            PrepareRequest = async context => context.Request.Headers.Add("x-mesh-key", await internalKey.Resource.GetValueAsync(context.CancellationToken)),
        });
}
