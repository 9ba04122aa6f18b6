using System.Security.Cryptography;
using System.Text;
using Mesh.AppHost.Infrastructure;

namespace Mesh.AppHost;

/// <summary>The sample shop: its business API, and where its documents, flows, tools and rules lie.</summary>
internal sealed record ShopSample(
    IResourceBuilder<ProjectResource> Api, IResourceBuilder<ParameterResource> ApiKey, string Knowledge, string Flows, string Phrases, string Tools, string Guard);

internal static class ShopSampleExtensions
{
    /// <summary>Key of the sample's call centre, for a mesh that runs on this machine only.</summary>
    private const string DevelopmentKey = "mesh-development-key";

    public static ShopSample AddShopSample(this IDistributedApplicationBuilder builder, MeshInfrastructure infrastructure)
    {
        var apiKey = builder.AddParameter("shop-api-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);
        var api = builder.AddProject<Projects.Shop_Api>("shop-api")
            .WithMeshHealth()
            .WithEnvironment("Shop__ApiKey", apiKey)
            .WithEnvironment("Mesh__DataDirectory", infrastructure.DataDirectory)
            .WithHttpCommand("/admin/reset", "Reset the shop", endpointName: "http", commandName: "reset", commandOptions: new HttpCommandOptions
            {
                IconName = "ArrowReset",
                Description = "Puts the sample's customers, orders and stock back to the seed.",
                ConfirmationMessage = "All orders go back to their first state. Go on?",
                PrepareRequest = async context => context.Request.Headers.Add("X-Api-Key", await apiKey.Resource.GetValueAsync(context.CancellationToken)),
            });

        // Published services carry the sample beside their program; here they read the sources, so that an edit needs no build.
        var folder = builder.ExecutionContext.IsRunMode ? Path.GetFullPath(Path.Combine("..", "samples", "shop"), builder.AppHostDirectory) : "shop";
        return new(api, apiKey, Path.Combine(folder, "knowledge"), Path.Combine(folder, "flows"), Path.Combine(folder, "understanding.yaml"), Path.Combine(folder, "tools.yaml"), Path.Combine(folder, "guard.yaml"));
    }

    /// <summary>Who may come in from outside: here a key that is written in the README and the sample's customers; published, one key from a secret.</summary>
    public static IResourceBuilder<ProjectResource> WithCustomerAccess(this IResourceBuilder<ProjectResource> gateway)
    {
        var builder = gateway.ApplicationBuilder;
        gateway.WithEnvironment("Gateway__ApiKeys__0__Name", "call-center").WithEnvironment("Gateway__ApiKeys__0__Tenant", "default");
        string[] scopes = ["chat", "agent", "events", "search", "knowledge", "datasets"];
        for (var i = 0; i < scopes.Length; i++) gateway.WithEnvironment($"Gateway__ApiKeys__0__Scopes__{i}", scopes[i]);
        return builder.ExecutionContext.IsRunMode
            ? gateway
                .WithEnvironment("Gateway__ApiKeys__0__Sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DevelopmentKey))))
                .WithEnvironment("Gateway__SampleSignIn__Enabled", "true")
                // One key for everything that is tried here, load tests too.
                .WithEnvironment("Gateway__Limits__Key__PerMinute", "100000").WithEnvironment("Gateway__Limits__Key__Burst", "5000")
                .WithEnvironment("Gateway__Limits__Tenant__PerMinute", "100000").WithEnvironment("Gateway__Limits__Tenant__Burst", "5000")
                .WithEnvironment("Gateway__Web__ShopName", "云杉优选")
                .WithEnvironment("Gateway__Web__ShopNameEnglish", "Spruce Select")
                .WithUrlForEndpoint("http", url => url.DisplayText = "Web chat")
                .WithUrlForEndpoint("grpc", url => url.DisplayText = "gRPC for call centres")
            : gateway.WithEnvironment("Gateway__ApiKeys__0__Sha256", builder.AddParameter("call-center-key-sha256", secret: true));
    }
}
