using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Dialog.Api;
using Mesh.Dialog.Events;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;
using Mesh.Guard.V1;
using Mesh.Retrieval.V1;
using Mesh.Tools.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Dialog.Tests.Fakes;

/// <summary>The dialog service as it runs, over a real database and gRPC in memory, with fakes for the other services.</summary>
internal sealed class DialogHost : IAsyncDisposable
{
    public const string Customer = "13800000001";
    private const string Key = "tests-internal-credential-0123456789";
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private DialogHost(WebApplication app, GrpcChannel channel) => (_app, _channel, Client) = (app, channel, new DialogService.DialogServiceClient(channel));

    public DialogService.DialogServiceClient Client { get; }
    public FakeGuard Guard { get; private init; } = null!;
    public FakeRetrieval Retrieval { get; private init; } = null!;
    public FakeTools Tools { get; private init; } = null!;
    public FakeUnderstanding Understanding { get; private init; } = null!;
    public required string Folder { get; init; }
    public IServiceProvider Services => _app.Services;
    public IEventStore Store => _app.Services.GetRequiredService<IEventStore>();

    /// <param name="folder">Where an earlier host kept its database; null for a new one.</param>
    /// <param name="settings">Configuration beside the defaults.</param>
    public static async Task<DialogHost> StartAsync(
        TimeProvider? time = null, string? folder = null, FakeTools? tools = null, bool realUnderstanding = false, params (string Key, string Value)[] settings)
    {
        folder ??= Directory.CreateTempSubdirectory("mesh-dialog-").FullName;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mesh:Internal:Key"] = Key,
            ["Mesh:DataDirectory"] = folder,
            ["Dialog:FlowsFolder"] = Path.Combine(AppContext.BaseDirectory, "flows"),
            ["Understanding:ExamplesFile"] = Path.Combine(AppContext.BaseDirectory, "understanding.yaml"),
            ["Understanding:UseEmbedding"] = "false",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.WebHost.UseTestServer();
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.AddServiceDefaults();
        builder.AddDialog();
        var guard = new FakeGuard();
        var retrieval = new FakeRetrieval();
        tools ??= new FakeTools(time ?? TimeProvider.System);
        var understanding = new FakeUnderstanding();
        builder.Services.AddSingleton<GuardService.GuardServiceClient>(guard);
        builder.Services.AddSingleton<RetrievalService.RetrievalServiceClient>(retrieval);
        builder.Services.AddSingleton<ToolsService.ToolsServiceClient>(tools);
        if (!realUnderstanding)
        {
            builder.Services.RemoveAll<IUnderstanding>();
            foreach (var warmUp in builder.Services.Where(service => service.ImplementationType == typeof(UnderstandingWarmUp)).ToList())
                builder.Services.Remove(warmUp);
            builder.Services.AddSingleton<IUnderstanding>(understanding);
        }

        var app = builder.Build();
        app.MapGrpcService<DialogGrpcService>();
        await app.StartAsync();
        var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = app.GetTestServer().CreateHandler() });
        return new DialogHost(app, channel) { Guard = guard, Retrieval = retrieval, Tools = tools, Understanding = understanding, Folder = folder };
    }

    /// <summary>How the Gateway calls: with the internal credential, for a caller with these scopes.</summary>
    public static CallOptions Call(string scopes = "chat agent events", string tenant = "default", CancellationToken? cancellation = null) =>
        new(Headers(scopes, tenant), cancellationToken: cancellation ?? TestContext.Current.CancellationToken);

    private static Metadata Headers(string scopes, string tenant) => new()
    {
        { "x-mesh-key", Key },
        { "x-mesh-tenant", tenant },
        { "x-mesh-scopes", scopes },
    };

    /// <summary>Sends a customer's text and reads the turn to its end.</summary>
    public Task<TurnResult> SayAsync(string text, string conversation = "", string customer = Customer, string messageId = "", CancellationTokenSource? gone = null) =>
        SendAsync(new SendMessageRequest { Target = new ConversationTarget { ConversationId = conversation, CustomerId = customer }, ClientMessageId = messageId, Text = text }, gone);

    public async Task<TurnResult> SendAsync(SendMessageRequest request, CancellationTokenSource? gone = null)
    {
        using var call = Client.SendMessage(request, Call(cancellation: gone?.Token));
        var result = new TurnResult();
        await foreach (var next in call.ResponseStream.ReadAllAsync(CancellationToken.None))
            result.Events.Add(next);
        return result;
    }

    public Task<TurnResult> PressAsync(string conversation, string confirmation, bool approve) => SendAsync(new SendMessageRequest
    {
        Target = new ConversationTarget { ConversationId = conversation },
        Confirmation = new ConfirmationReply { ConfirmationId = confirmation, Approve = approve },
    });

    public async Task<IReadOnlyList<ConversationEvent>> EventsAsync(string conversation) =>
        await Store.ReadAsync(new ConversationKey("default", conversation), 0, CancellationToken.None);

    public async Task<Conversation> ConversationAsync(string conversation) =>
        await Client.GetConversationAsync(new GetConversationRequest { ConversationId = conversation }, Call());

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What a turn showed.</summary>
internal sealed class TurnResult
{
    public List<TurnEvent> Events { get; } = [];
    public string Conversation => Events[0].ConversationId;
    public string Text => string.Concat(Events.Where(next => next.TextDelta is not null).Select(next => next.TextDelta.Text));
    public TurnDone? Done => Events.Select(next => next.TurnCompleted).FirstOrDefault(done => done is not null);
    public TurnError? Error => Events.Select(next => next.Error).FirstOrDefault(error => error is not null);
    public ConfirmationRequest? Confirmation => Events.Select(next => next.ConfirmationRequest).FirstOrDefault(request => request is not null);
    public IEnumerable<string> Replies => Events.Where(next => next.QuickReplies is not null).SelectMany(next => next.QuickReplies.Replies).Select(reply => reply.Message);
    public IEnumerable<string> Tools => Events.Where(next => next.ToolCall is not null).Select(next => next.ToolCall.Name);
}
