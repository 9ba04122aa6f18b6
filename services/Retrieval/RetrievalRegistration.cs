using System.Data.Common;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Mesh.Embedding.V1;
using Mesh.Guard.V1;
using Mesh.Retrieval.Documents;
using Mesh.Retrieval.Search;
using Mesh.Retrieval.Snapshots;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace Mesh.Retrieval;

internal static class RetrievalRegistration
{
    private const string VectorsClient = "qdrant";

    public static WebApplicationBuilder AddRetrieval(this WebApplicationBuilder builder)
    {
        builder.Services.AddMeshOptions<RetrievalOptions>("Retrieval");
        builder.AddMeshDatabase("retrieval", Migrations.All);
        builder.AddMeshClient<EmbeddingService.EmbeddingServiceClient>("embedding");
        builder.AddMeshClient<GuardService.GuardServiceClient>("guard");
        builder.AddVectorStore();

        builder.Services.AddSingleton<IDocumentReader, MarkdownReader>();
        builder.Services.AddSingleton<IDocumentReader, HtmlReader>();
        builder.Services.AddSingleton<IDocumentReader, PdfReader>();
        builder.Services.AddSingleton<IDocumentReader, DocxReader>();
        builder.Services.AddSingleton<IDocumentReader, XlsxReader>();
        builder.Services.AddSingleton<IDocumentReader, CsvTableReader>();
        builder.Services.AddSingleton<IDocumentReader, PlainTextReader>();
        builder.Services.AddSingleton<DocumentReading>();
        builder.Services.AddSingleton<DocumentPreparation>();

        builder.Services.AddSingleton<SnapshotStore>();
        builder.Services.AddSingleton<VectorCollections>();
        builder.Services.AddSingleton<GuardScreen>();
        builder.Services.AddSingleton<SnapshotSwitch>();
        builder.Services.AddSingleton<SnapshotIngestor>();
        builder.Services.AddSingleton<Seeder>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Seeder>());
        builder.Services.AddHealthChecks().AddCheck<Seeder>("knowledge");

        builder.Services.AddSingleton<QueryWords>();
        builder.Services.AddSingleton<QueryRewriter>();
        builder.Services.AddSingleton<Searcher>();
        builder.Services.AddSingleton<RetrievalGrpcService>();
        return builder;
    }

    /// <summary>
    /// Qdrant's client over an HTTP client that finds services by name. <c>ConnectionStrings:qdrant</c> is <c>Endpoint=http://host:port;Key=…</c>, as .NET Aspire
    /// writes it; without one the mesh's own vector service is used.
    /// </summary>
    private static void AddVectorStore(this WebApplicationBuilder builder)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = builder.Configuration.GetConnectionString(VectorsClient) ?? "Endpoint=http://_grpc.vectors" };
        var endpoint = new Uri(settings.TryGetValue("Endpoint", out var address) ? (string)address : throw new InvalidOperationException("ConnectionStrings:qdrant has no Endpoint"));
        var key = settings.TryGetValue("Key", out var secret) ? (string)secret : "";

        builder.Services.AddHttpClient(VectorsClient)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            // The channel keeps its client; connections are renewed by their own lifetime instead.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton(provider => GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpClient = provider.GetRequiredService<IHttpClientFactory>().CreateClient(VectorsClient),
            LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
            MaxReceiveMessageSize = 64 * 1024 * 1024,
        }));
        builder.Services.AddSingleton(provider => new QdrantClient(new QdrantGrpcClient(provider.GetRequiredService<GrpcChannel>().Intercept(metadata =>
        {
            if (key.Length > 0)
                metadata.Add("api-key", key);
            return metadata;
        }))));
    }
}
