using System.Net;
using Grpc.Core;
using Mesh.Embedding;
using Mesh.Guard.V1;
using Mesh.Vectors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Mesh.Retrieval.Tests.Services))]

namespace Mesh.Retrieval.Tests;

/// <summary>The real vector store and embedding service, and a guard at the border, each on a free port in this process.</summary>
public sealed class Services : IAsyncLifetime
{
    public const string Key = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-retrieval-").FullName;
    private readonly List<WebApplication> _apps = [];

    public string Vectors { get; private set; } = "";

    public string Embedding { get; private set; } = "";

    public string Guard { get; private set; } = "";

    /// <summary>The service with its defaults, for tests that keep to a tenant of their own.</summary>
    internal RetrievalHost Retrieval { get; private set; } = null!;

    /// <summary>An empty folder that goes with the tests.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;

    public async ValueTask InitializeAsync()
    {
        Vectors = await StartAsync(builder => builder.AddVectors(), app => app.MapVectors(), false);
        Embedding = await StartAsync(builder => builder.AddEmbedding(), app => app.MapGrpcService<EmbeddingGrpcService>());
        await _apps[^1].Services.GetRequiredService<Encoders>().ExecuteTask!;
        Guard = await StartAsync(builder => builder.Services.AddSingleton<InstructionGuard>(), app => app.MapGrpcService<InstructionGuard>());
        Retrieval = await RetrievalHost.StartAsync(this);
    }

    public async ValueTask DisposeAsync()
    {
        await Retrieval.DisposeAsync();
        foreach (var app in _apps)
            await app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> StartAsync(Action<WebApplicationBuilder> add, Action<WebApplication> map, bool internalCallersOnly = true)
    {
        var app = Build(Path.Combine(_folder, _apps.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), [], add, internalCallersOnly);
        map(app);
        await app.StartAsync();
        _apps.Add(app);
        return app.Urls.First();
    }

    internal static WebApplication Build(string folder, Dictionary<string, string?> settings, Action<WebApplicationBuilder> add, bool internalCallersOnly = true)
    {
        Directory.CreateDirectory(folder);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings) { ["Mesh:Internal:Key"] = Key, ["Mesh:DataDirectory"] = folder });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.AddServiceDefaults(internalCallersOnly);
        add(builder);
        return builder.Build();
    }
}

/// <summary>Stands at the border for the guard: holds back what tells an assistant to forget its instructions.</summary>
internal sealed class InstructionGuard : GuardService.GuardServiceBase
{
    public override Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        var response = new CheckResponse { Action = Guard.V1.Action.Allow };
        if (request.Stage == Stage.Retrieval && request.Text.Contains("ignore all previous instructions", StringComparison.OrdinalIgnoreCase))
        {
            response.Action = Guard.V1.Action.Block;
            response.Verdicts.Add(new Verdict { Scanner = "injection", Category = "ignore_instructions", Action = Guard.V1.Action.Block, Score = 1, Threshold = 0.5 });
        }
        return Task.FromResult(response);
    }
}
