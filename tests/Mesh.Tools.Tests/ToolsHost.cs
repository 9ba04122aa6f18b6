using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.ServiceDefaults.Callers;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Tools.Tests;

/// <summary>The Tools service in this process, on a free port, over a folder of its own.</summary>
internal sealed class ToolsHost : IAsyncDisposable
{
    public const string Customer = "13800000001";
    public const string Other = "13800000002";
    public const string Conversation = "conversation-1";
    private static readonly string InternalKey = new('k', 32);

    private readonly WebApplication app;
    private readonly GrpcChannel channel;
    private readonly string folder;
    private readonly bool ownFolder;

    private ToolsHost(WebApplication app, string folder, bool ownFolder)
    {
        (this.app, this.folder, this.ownFolder) = (app, folder, ownFolder);
        channel = GrpcChannel.ForAddress(app.Urls.First());
        Client = new(channel);
    }

    public ToolsService.ToolsServiceClient Client { get; }

    public Uri Address => new(app.Urls.First());

    /// <summary>The repository's samples/shop.</summary>
    public static string ShopFolder
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "global.json")))
                root = root.Parent ?? throw new InvalidOperationException("The repository's root was not found.");
            return Path.Combine(root.FullName, "samples", "shop");
        }
    }

    /// <summary>The sample's tools over a shop at <paramref name="shop"/>.</summary>
    public static Task<ToolsHost> StartAsync(
        Uri shop, TimeProvider? time = null, string? folder = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings) =>
        StartAsync(
            Path.Combine(ShopFolder, "tools.yaml"), time, folder, services,
            [("Tools:Addresses:shop", shop.ToString()), ("Tools:Secrets:shop-api-key", ShopSystem.ApiKey), .. settings]);

    public static async Task<ToolsHost> StartAsync(
        string file, TimeProvider? time = null, string? folder = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings)
    {
        var own = folder ?? Directory.CreateTempSubdirectory("mesh-tools-").FullName;
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = own });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Tools:File", file),
            new("Mesh:DataDirectory", own),
            new("Mesh:Internal:Key", InternalKey),
            .. settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value)),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.AddServiceDefaults();
        builder.AddTools();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapTools();
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, own, folder is null);
    }

    public static Metadata Headers(string tenant = "default") =>
        new() { { Caller.KeyHeader, InternalKey }, { Caller.TenantHeader, tenant }, { Caller.ScopesHeader, "internal" } };

    public static InvokeRequest Request(string tool, object? arguments = null, string key = "", string customer = Customer, string conversation = Conversation, string language = "zh") => new()
    {
        Name = tool,
        Arguments = StructJson.ToStruct(System.Text.Json.JsonSerializer.SerializeToNode(arguments ?? new { })!.AsObject()),
        IdempotencyKey = key,
        CustomerId = customer,
        ConversationId = conversation,
        Language = language,
    };

    public async Task<InvokeResponse> InvokeAsync(InvokeRequest request, string tenant = "default", TimeSpan? deadline = null, CancellationToken? cancellationToken = null) =>
        await Client.InvokeAsync(
            request, Headers(tenant), deadline is { } d ? TimeProvider.System.GetUtcNow().Add(d).UtcDateTime : null, cancellationToken ?? TestContext.Current.CancellationToken);

    public async Task<ToolResult> CallAsync(string tool, object? arguments = null, string key = "", string customer = Customer) =>
        (await InvokeAsync(Request(tool, arguments, key, customer))).Result;

    public async Task<InvokeResponse> ConfirmAsync(
        string id, bool approve = true, string customer = Customer, string conversation = Conversation, string tenant = "default", TimeSpan? deadline = null) =>
        await Client.ConfirmAsync(
            new() { ConfirmationId = id, Approve = approve, CustomerId = customer, ConversationId = conversation }, Headers(tenant),
            deadline is { } d ? TimeProvider.System.GetUtcNow().Add(d).UtcDateTime : null, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<Tool>> ListAsync(string tenant = "default") =>
        (await Client.ListToolsAsync(new(), Headers(tenant), cancellationToken: TestContext.Current.CancellationToken)).Tools;

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (ownFolder)
            Directory.Delete(folder, recursive: true);
    }
}
