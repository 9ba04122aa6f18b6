using Grpc.Core;
using Grpc.Net.Client;

using Mesh.Guard.V1;
using Mesh.ServiceDefaults.Callers;

using Microsoft.AspNetCore.Mvc.Testing;

namespace Mesh.Guard.Tests;

/// <summary>The service in this process, over its real gRPC pipeline, with its state in a folder of its own.</summary>
public sealed class GuardHost : IAsyncDisposable
{
    private const string Key = "guard-tests-internal-credential-0123456789";

    private readonly WebApplicationFactory<Program> _factory;
    private readonly GrpcChannel _channel;

    public GuardHost(string dataDirectory, params (string Key, string Value)[] settings)
    {
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(b =>
        {
            b.UseSetting("Mesh:Internal:Key", Key);
            b.UseSetting("Mesh:DataDirectory", dataDirectory);
            b.UseSetting("Logging:LogLevel:Default", "Warning");
            b.UseSetting("Logging:LogLevel:Grpc", "Warning");
            b.UseSetting("Logging:LogLevel:Microsoft.Hosting", "Warning");
            foreach (var (key, value) in settings)
                b.UseSetting(key, value);
        });
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = _factory.Server.CreateHandler(), MaxSendMessageSize = 16 << 20 });
        Client = new GuardService.GuardServiceClient(_channel);
    }

    public GuardService.GuardServiceClient Client { get; }

    public HttpClient Http => _factory.CreateClient();

    public static Metadata As(string tenant) => new()
    {
        { Caller.KeyHeader, Key },
        { Caller.TenantHeader, tenant },
        { Caller.ScopesHeader, Caller.InternalScope },
    };

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _factory.DisposeAsync();
    }
}

/// <summary>A folder that is gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mesh-guard-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
