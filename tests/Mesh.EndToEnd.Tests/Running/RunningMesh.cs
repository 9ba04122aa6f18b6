using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Mesh.Dialog.V1;
using Mesh.EndToEnd.Tests.Running;
using Mesh.Retrieval.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Sdk;
using Xunit.v3;

// One mesh for all tests, and faults are put into it: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(RunningMesh))]

namespace Mesh.EndToEnd.Tests.Running;

/// <summary>The mesh as AppHost runs it: every service its own process, on random ports, with a data directory of its own.</summary>
public sealed class RunningMesh : IAsyncLifetime
{
    /// <summary>Key of the sample's call centre, tenant "default".</summary>
    public const string Key = "mesh-development-key";

    /// <summary>Key of another company in the same mesh.</summary>
    public const string OtherTenantsKey = "another-companys-key";

    private const string ShopKey = "key-of-the-shop-for-tests";
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);
    private static readonly string[] OtherTenantsScopes = ["chat", "agent", "events"];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mesh-e2e-");
    private readonly List<GrpcChannel> _channels = [];
    private DistributedApplication? _app;
    private HttpClient? _shop;

    /// <summary>The Gateway's gRPC edge.</summary>
    public Uri Address => App.GetEndpoint("gateway", "grpc");

    public DialogService.DialogServiceClient Dialog => new(Invoker(Key));

    public RetrievalService.RetrievalServiceClient Retrieval => new(Invoker(Key));

    public ShopClient Shop => new(_shop ?? throw new InvalidOperationException("the mesh is not running"));

    public ServiceProcesses Processes => new(App);

    internal DistributedApplication App => _app ?? throw new InvalidOperationException("the mesh is not running");

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(Start);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--environment=Development", $"--Mesh:DataDirectory={_data.FullName}", $"--Parameters:shop-api-key={ShopKey}",
                // The launch profile's ports belong to a mesh that somebody runs by hand.
                "--ASPNETCORE_URLS=http://localhost:0", "--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:0", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:0",
            ],
            (options, _) => options.DisableDashboard = true,
            limit.Token);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        AddOtherTenant(builder.CreateResourceBuilder<ProjectResource>("gateway"));
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        await WaitAsync(_app, limit.Token);
        _shop = _app.CreateHttpClient("shop-api", "http");
        _shop.DefaultRequestHeaders.Add("X-Api-Key", ShopKey);
    }

    public async ValueTask DisposeAsync()
    {
        _shop?.Dispose();
        foreach (var channel in _channels)
            channel.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>Calls to the Gateway's gRPC edge.</summary>
    /// <param name="key">API key; null calls without one.</param>
    public CallInvoker Invoker(string? key)
    {
        var channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { MaxReceiveMessageSize = 16 * 1024 * 1024 });
        _channels.Add(channel);
        return channel.Intercept(headers =>
        {
            if (key is not null)
                headers.Add("authorization", $"Bearer {key}");
            return headers;
        });
    }

    private static async Task WaitAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        foreach (var service in ServiceProcesses.Names)
        {
            try
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(service, cancellationToken);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"{service} was not healthy in {Start.TotalMinutes} minutes; it wrote:\n{await ServiceProcesses.LastLinesAsync(app, service)}", exception);
            }
        }
    }

    private static void AddOtherTenant(IResourceBuilder<ProjectResource> gateway)
    {
        gateway
            .WithEnvironment("Gateway__ApiKeys__1__Name", "another-company")
            .WithEnvironment("Gateway__ApiKeys__1__Tenant", "another-company")
            .WithEnvironment("Gateway__ApiKeys__1__Sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OtherTenantsKey))));
        for (var i = 0; i < OtherTenantsScopes.Length; i++)
            gateway.WithEnvironment($"Gateway__ApiKeys__1__Scopes__{i}", OtherTenantsScopes[i]);
    }
}
