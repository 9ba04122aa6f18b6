using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Callers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Retrieval.Tests;

/// <summary>The service in this process, over a database of its own and the shared <see cref="Services"/>.</summary>
internal sealed class RetrievalHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RetrievalHost(WebApplication app, string folder)
    {
        _app = app;
        Folder = folder;
        _channel = GrpcChannel.ForAddress(app.Urls.First());
        Client = new RetrievalService.RetrievalServiceClient(_channel);
    }

    public string Folder { get; }

    public RetrievalService.RetrievalServiceClient Client { get; }

    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<RetrievalHost> StartAsync(Services services, Dictionary<string, string?>? settings = null, string? folder = null)
    {
        folder ??= services.NewFolder();
        var all = new Dictionary<string, string?>
        {
            ["services:embedding:grpc:0"] = services.Embedding,
            ["services:guard:grpc:0"] = services.Guard,
            ["ConnectionStrings:qdrant"] = $"Endpoint={services.Vectors}",
        };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;
        var app = Services.Build(folder, all, builder => builder.AddRetrieval());
        app.MapGrpcService<RetrievalGrpcService>();
        await app.StartAsync();
        return new RetrievalHost(app, folder);
    }

    public static Metadata As(string tenant, string scopes = "knowledge") => new()
    {
        { Caller.KeyHeader, Services.Key },
        { Caller.TenantHeader, tenant },
        { Caller.ScopesHeader, scopes },
    };

    public async Task<IngestResponse> IngestAsync(string tenant, IEnumerable<(string Id, byte[] Bytes)> documents, IngestHeader? header = null, Action<DocumentHeader>? describe = null)
    {
        using var call = Client.Ingest(As(tenant), cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new IngestRequest { Header = header ?? new IngestHeader { Mode = IngestHeader.Types.Mode.Replace, Activate = true } });
        foreach (var (id, bytes) in documents)
        {
            var document = new DocumentHeader { DocumentId = id };
            describe?.Invoke(document);
            await call.RequestStream.WriteAsync(new IngestRequest { Document = document });
            foreach (var part in bytes.Chunk(200_000))
                await call.RequestStream.WriteAsync(new IngestRequest { Content = ByteString.CopyFrom(part) });
        }
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    public Task<IngestResponse> IngestAsync(string tenant, params (string Id, string Text)[] documents) =>
        IngestAsync(tenant, documents.Select(document => (document.Id, System.Text.Encoding.UTF8.GetBytes(document.Text))));

    public async Task<SearchResponse> SearchAsync(string tenant, string query, int limit = 5, Action<SearchRequest>? refine = null)
    {
        var request = new SearchRequest { Query = query, Limit = limit };
        refine?.Invoke(request);
        return await Client.SearchAsync(request, As(tenant, "chat"), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>A search without the contract around it, with what was measured.</summary>
    public async Task<Search.SearchAnswer> AskAsync(string tenant, string query)
    {
        using var caller = Service<CallerAccessor>().Use(Caller.Internal(tenant));
        return await Service<Search.Searcher>().SearchAsync(tenant, new Search.SearchQuestion(query, 5, "", "", new Dictionary<string, string>(), []), TestContext.Current.CancellationToken);
    }

    public Task<HealthReport> HealthAsync() => Service<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
    }
}
