using Grpc.Net.Client;
using Mesh.Embedding.V1;
using Mesh.ServiceDefaults.Callers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

[assembly: AssemblyFixture(typeof(Mesh.Embedding.Tests.EncoderFixture))]

namespace Mesh.Embedding.Tests;

/// <summary>The service as it runs, in this process, with its dictionary read once for all tests.</summary>
public sealed class EncoderFixture : IAsyncLifetime
{
    private readonly WebApplication _app;
    private GrpcChannel? _channel;

    public EncoderFixture() : this([])
    {
    }

    internal EncoderFixture(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings) { ["Mesh:Internal:Key"] = new string('k', 32) });
        builder.AddServiceDefaults();
        builder.AddEmbedding();
        _app = builder.Build();
        _app.MapGrpcService<EmbeddingGrpcService>();
    }

    public EmbeddingService.EmbeddingServiceClient Client { get; private set; } = null!;

    internal Encoders Encoders => _app.Services.GetRequiredService<Encoders>();

    public static Grpc.Core.Metadata Headers => new()
    {
        { Caller.KeyHeader, new string('k', 32) },
        { Caller.TenantHeader, "test" },
        { Caller.ScopesHeader, "internal" },
    };

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        await Encoders.ExecuteTask!;
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = _app.GetTestServer().CreateHandler() });
        Client = new EmbeddingService.EmbeddingServiceClient(_channel);
    }

    public Task<HealthReport> CheckHealthAsync(CancellationToken cancellationToken) =>
        _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _app.DisposeAsync();
    }
}
