using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Gateway.Tests.Fakes;

/// <summary>The services behind the Gateway, in one real gRPC server.</summary>
public sealed class Downstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Downstream(WebApplication app, FakeDialog dialog, FakeRetrieval retrieval)
    {
        _app = app;
        Dialog = dialog;
        Retrieval = retrieval;
    }

    public FakeDialog Dialog { get; }
    public FakeRetrieval Retrieval { get; }
    public string Address => _app.Urls.Single();

    public static async Task<Downstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        var dialog = new FakeDialog();
        var retrieval = new FakeRetrieval();
        builder.Services.AddSingleton(dialog).AddSingleton(retrieval);
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks().AddCheck("self", () => Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy());
        var app = builder.Build();
        app.MapGrpcService<FakeDialog>();
        app.MapGrpcService<FakeRetrieval>();
        app.MapGrpcHealthChecksService();
        await app.StartAsync();
        return new(app, dialog, retrieval);
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
