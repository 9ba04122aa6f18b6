using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;

namespace Mesh.Gateway.Tests.Fakes;

/// <summary>The Gateway as it is, on ports of its own, before fake services.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    public const string InternalKey = "an internal key that only tests use 0123456789";
    public const string TokenKey = "a customer token key that only tests use 0123456789";

    private readonly WebApplication _app;

    private GatewayHost(WebApplication app, Downstream downstream, string data, string http, string grpc)
    {
        _app = app;
        DataDirectory = data;
        Downstream = downstream;
        Http = new Uri(http);
        Grpc = grpc;
    }

    public string DataDirectory { get; }
    public Downstream Downstream { get; }
    public FakeDialog Dialog => Downstream.Dialog;
    public Uri Http { get; }
    public string Grpc { get; }

    public static async Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var downstream = await Downstream.StartAsync();
        return await StartAsync(downstream, settings);
    }

    public static async Task<GatewayHost> StartAsync(Downstream downstream, params (string Key, string Value)[] settings)
    {
        var data = Directory.CreateTempSubdirectory("mesh-gateway").FullName;
        var app = Build(downstream.Address, data, settings);
        await app.StartAsync();
        // Kestrel binds configured endpoints in the order of their names.
        var urls = app.Urls.ToArray();
        return new(app, downstream, data, http: urls[1], grpc: urls[0]);
    }

    public static WebApplication Build(string downstream, string data, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = ContentRoot(),
            ApplicationName = "Mesh.Gateway",
            EnvironmentName = "Test",
            // File watchers are few on a shared machine.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Mesh:Internal:Key"] = InternalKey,
            ["Mesh:DataDirectory"] = data,
            ["Services:dialog:grpc:0"] = downstream,
            ["Services:retrieval:grpc:0"] = downstream,
            ["Services:datasets:grpc:0"] = downstream,
            ["Gateway:CustomerTokens:Key"] = TokenKey,
            ["Gateway:Web:ShopName"] = "云杉优选",
            ["Gateway:Web:ShopNameEnglish"] = "Spruce Select",
        });
        var index = 0;
        foreach (var (name, scopes) in Keys)
        {
            builder.Configuration[$"Gateway:ApiKeys:{index}:Name"] = name;
            builder.Configuration[$"Gateway:ApiKeys:{index}:Sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret(name))));
            builder.Configuration[$"Gateway:ApiKeys:{index}:Tenant"] = "tenant-a";
            for (var i = 0; i < scopes.Length; i++) builder.Configuration[$"Gateway:ApiKeys:{index}:Scopes:{i}"] = scopes[i];
            index++;
        }
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        builder.AddGateway();
        var app = builder.Build();
        app.MapGateway();
        return app;
    }

    public static readonly IReadOnlyDictionary<string, string[]> Keys = new Dictionary<string, string[]>
    {
        ["all"] = ["chat", "agent", "events", "knowledge", "datasets"],
        ["chat"] = ["chat"],
        ["agent"] = ["agent"],
        ["events"] = ["events"],
        ["knowledge"] = ["knowledge"],
        ["search"] = ["search"],
        ["datasets"] = ["datasets"],
    };

    public static string Secret(string name) => $"mk-test-{name}";

    public GrpcChannel Channel() => GrpcChannel.ForAddress(Grpc);

    public static Metadata Key(string name) => new() { { "authorization", $"Bearer {Secret(name)}" } };

    /// <summary>A browser, as far as HTTP shows it: its own cookies, and the headers that the page sends.</summary>
    public HttpClient Browser(bool ofOwnSite = true, CookieContainer? cookies = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies ?? new CookieContainer(), UseProxy = false }) { BaseAddress = Http };
        if (ofOwnSite)
        {
            client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
            client.DefaultRequestHeaders.Add("X-Requested-With", "mesh-chat");
        }
        return client;
    }

    public Task StopAsync() => _app.StopAsync();

    private static string ContentRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Mesh.sln"))) return Path.Combine(folder.FullName, "services", "Gateway");
        throw new InvalidOperationException("the tests do not run below the repository's root");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Downstream.DisposeAsync();
        if (Directory.Exists(DataDirectory)) Directory.Delete(DataDirectory, recursive: true);
    }
}
