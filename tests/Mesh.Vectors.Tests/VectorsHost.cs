using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Qdrant.Client;

namespace Mesh.Vectors.Tests;

/// <summary>The service in this process, on a free port, over a folder of its own.</summary>
internal sealed class VectorsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _keepFolder;

    private VectorsHost(WebApplication app, string folder, bool keepFolder)
    {
        (_app, Folder, _keepFolder) = (app, folder, keepFolder);
        Address = new Uri(app.Urls.First());
        Channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        Client = new QdrantClient(Address.Host, Address.Port);
        Collections = new(Channel);
        Points = new(Channel);
    }

    public string Folder { get; }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    /// <summary>The official client.</summary>
    public QdrantClient Client { get; }

    /// <summary>Bare calls, for what the official client does not let through.</summary>
    public Qdrant.Client.Grpc.Collections.CollectionsClient Collections { get; }

    public Qdrant.Client.Grpc.Points.PointsClient Points { get; }

    public static async Task<VectorsHost> StartAsync(string? folder = null, params (string Key, string Value)[] settings)
    {
        var own = folder ?? Directory.CreateTempSubdirectory("mesh-vectors-").FullName;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = own });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value)));
        builder.Configuration.AddInMemoryCollection([
            KeyValuePair.Create<string, string?>("Vectors:DataDirectory", own),
            KeyValuePair.Create<string, string?>("Mesh:Internal:Key", new string('k', 32)),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.AddServiceDefaults(internalCallersOnly: false);
        builder.AddVectors();
        WebApplication? app = null;
        try
        {
            app = builder.Build();
            app.MapVectors();
            app.MapDefaultEndpoints();
            await app.StartAsync(TestContext.Current.CancellationToken);
            await app.Services.GetRequiredService<Storage.VectorStore>().Loaded.WaitAsync(TestContext.Current.CancellationToken);
            return new VectorsHost(app, own, keepFolder: folder is not null);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            if (folder is null) Directory.Delete(own, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Channel.Dispose();
        await _app.DisposeAsync();
        if (!_keepFolder) Directory.Delete(Folder, recursive: true);
    }
}
