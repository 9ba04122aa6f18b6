using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Gateway.Tests.Fakes;

/// <summary>The services behind the Gateway, in one real gRPC server.</summary>
public sealed class Downstream : IAsyncDisposable
{
    private readonly int _port;
    private WebApplication _app;

    private Downstream(WebApplication app, FakeDialog dialog, FakeRetrieval retrieval)
    {
        _app = app;
        _port = new Uri(app.Urls.Single()).Port;
        Dialog = dialog;
        Retrieval = retrieval;
    }

    public FakeDialog Dialog { get; }
    public FakeRetrieval Retrieval { get; }
    public string Address => $"http://127.0.0.1:{_port}";

    public static async Task<Downstream> StartAsync()
    {
        var dialog = new FakeDialog();
        var retrieval = new FakeRetrieval();
        return new(await StartAsync(0, dialog, retrieval), dialog, retrieval);
    }

    private static async Task<WebApplication> StartAsync(int port, FakeDialog dialog, FakeRetrieval retrieval)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(dialog).AddSingleton(retrieval);
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks().AddCheck("self", () => Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy());
        var app = builder.Build();
        app.MapGrpcService<FakeDialog>();
        app.MapGrpcService<FakeRetrieval>();
        app.MapGrpcHealthChecksService();
        await app.StartAsync();
        return app;
    }

    /// <summary>Where it was, with what it had kept.</summary>
    public async Task RestartAsync()
    {
        await _app.DisposeAsync();
        _app = await StartAsync(_port, Dialog, Retrieval);
    }

    /// <summary>As if killed: nothing is finished, connections are cut.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
