using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Dialog.V1;
using Mesh.Retrieval.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.ServiceDefaults.Tests;

/// <summary>A real service on a free port whose four kinds of call all do what <see cref="Behaviour"/> says.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private WebApplication _app = null!;

    public Func<ServerCallContext, Task> Behaviour { get; set; } = _ => Task.CompletedTask;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<TestServer> StartAsync()
    {
        var server = new TestServer();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Mesh:Internal:Key"] = Key;
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(server);
        server._app = builder.Build();
        server._app.MapDefaultEndpoints();
        server._app.MapGrpcService<DialogStub>();
        server._app.MapGrpcService<RetrievalStub>();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public GrpcChannel Channel() => GrpcChannel.ForAddress(Address);

    /// <summary>Calls by one of the four kinds and waits for its end.</summary>
    public static async Task CallAsync(CallInvoker invoker, MethodType kind, CallOptions options)
    {
        var dialog = new DialogService.DialogServiceClient(invoker);
        switch (kind)
        {
            case MethodType.Unary:
                await dialog.GetConversationAsync(new GetConversationRequest(), options);
                break;
            case MethodType.ServerStreaming:
                using (var call = dialog.SendMessage(new SendMessageRequest(), options))
                    while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)) { }
                break;
            case MethodType.ClientStreaming:
                using (var call = new RetrievalService.RetrievalServiceClient(invoker).Ingest(options))
                    await call.ResponseAsync;
                break;
            case MethodType.DuplexStreaming:
                using (var call = dialog.Converse(options))
                    while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)) { }
                break;
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed class DialogStub(TestServer server) : DialogService.DialogServiceBase
    {
        public override async Task<Conversation> GetConversation(GetConversationRequest request, ServerCallContext context)
        {
            await server.Behaviour(context);
            return new Conversation();
        }

        public override Task SendMessage(SendMessageRequest request, IServerStreamWriter<TurnEvent> responseStream, ServerCallContext context) => server.Behaviour(context);

        public override Task Converse(IAsyncStreamReader<ConverseRequest> requestStream, IServerStreamWriter<TurnEvent> responseStream, ServerCallContext context) =>
            server.Behaviour(context);
    }

    private sealed class RetrievalStub(TestServer server) : RetrievalService.RetrievalServiceBase
    {
        public override async Task<IngestResponse> Ingest(IAsyncStreamReader<IngestRequest> requestStream, ServerCallContext context)
        {
            await server.Behaviour(context);
            return new IngestResponse();
        }
    }
}
