using System.Net.Sockets;
using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Callers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mesh.ServiceDefaults.Tests;

public sealed class MeshClientTests
{
    [Fact]
    public async Task Call_ThroughDiscovery_CarriesCredentialAndCaller()
    {
        await using var server = await TestServer.StartAsync();
        Caller? seen = null;
        server.Behaviour = context =>
        {
            seen = context.GetCaller();
            return Task.CompletedTask;
        };
        using var host = Client(server.Address, null);
        var dialog = host.Services.GetRequiredService<DialogService.DialogServiceClient>();

        using (host.Services.GetRequiredService<CallerAccessor>().Use(new Caller("t7", "desk", new HashSet<string> { "agent" })))
            await dialog.GetConversationAsync(new GetConversationRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("t7", "desk"), (seen!.TenantId, seen.Subject));
        Assert.True(seen.Has("agent"));
    }

    [Fact]
    public async Task UnaryCall_ConnectionRefused_IsTriedThreeTimes()
    {
        var refusing = new RefusingHandler();
        using var host = Client(new Uri("http://127.0.0.1:1"), refusing);
        var dialog = host.Services.GetRequiredService<DialogService.DialogServiceClient>();

        var e = await Assert.ThrowsAsync<RpcException>(async () =>
            await dialog.GetConversationAsync(new GetConversationRequest(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.Equal(3, refusing.Attempts);
    }

    [Fact]
    public async Task StreamingCall_ConnectionRefused_IsTriedOnce()
    {
        var refusing = new RefusingHandler();
        using var host = Client(new Uri("http://127.0.0.1:1"), refusing);
        var dialog = host.Services.GetRequiredService<DialogService.DialogServiceClient>();

        using var call = dialog.SendMessage(new SendMessageRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(1, refusing.Attempts);
    }

    private static IHost Client(Uri address, HttpMessageHandler? handler)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["Mesh:Internal:Key"] = TestServer.Key;
        builder.Configuration["services:dialog:grpc:0"] = address.ToString();
        builder.AddServiceDefaults();
        var client = builder.AddMeshClient<DialogService.DialogServiceClient>("dialog");
        if (handler is not null) client.ConfigurePrimaryHttpMessageHandler(() => handler);
        return builder.Build();
    }

    private sealed class RefusingHandler : HttpMessageHandler
    {
        public int Attempts { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Attempts++;
            throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));
        }
    }
}
