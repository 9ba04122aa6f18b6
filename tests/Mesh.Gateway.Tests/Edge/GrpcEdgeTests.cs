using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Dialog.V1;
using Mesh.Gateway.Tests.Fakes;
using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Callers;

namespace Mesh.Gateway.Tests.Edge;

public sealed class GrpcEdgeTests : IAsyncLifetime
{
    private GatewayHost _host = null!;
    private GrpcChannel _channel = null!;
    private DialogService.DialogServiceClient _dialog = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        _channel = _host.Channel();
        _dialog = new(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData(null, "an API key is needed")]
    [InlineData("Bearer nobody-has-this", "not known")]
    [InlineData("Basic bWs6bWs=", "an API key is needed")]
    public async Task Call_WithoutKnownKey_IsUnauthenticatedWithDetails(string? authorization, string says)
    {
        var headers = new Metadata();
        if (authorization is not null) headers.Add("authorization", authorization);
        var e = await Assert.ThrowsAsync<RpcException>(async () => await _dialog.GetConversationAsync(new() { ConversationId = "x" }, headers, cancellationToken: Stop));
        Assert.Equal(StatusCode.Unauthenticated, e.StatusCode);
        Assert.Contains(says, e.Status.Detail, StringComparison.Ordinal);
        var info = e.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.Equal(("mesh", "UNAUTHENTICATED"), (info.Domain, info.Reason));
    }

    [Fact]
    public async Task Call_WithoutKey_IsAnsweredInHeadersWithHttp200()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, _host.Grpc + "/mesh.dialog.v1.DialogService/GetConversation")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { { "Content-Type", "application/grpc" } } },
        };
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/grpc", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("16", response.Headers.GetValues("grpc-status").Single());
        Assert.True(response.Headers.Contains("grpc-status-details-bin"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task Call_WithKeyInXApiKey_IsLetIn()
    {
        using var call = _dialog.SendMessage(new() { Text = "hi", Target = new() }, new Metadata { { "x-api-key", GatewayHost.Secret("chat") } }, cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
    }

    [Fact]
    public async Task SpoofedMeshHeaders_AreReplacedByTheKeys()
    {
        var headers = GatewayHost.Key("chat");
        headers.Add("x-mesh-tenant", "tenant-b");
        headers.Add("x-mesh-scopes", "internal");
        headers.Add("x-mesh-subject", "root");
        headers.Add("x-mesh-key", "guess");
        headers.Add("x-mesh-anything", "1");
        headers.Add("cookie", "a=b");
        headers.Add("x-request-id", "kept");
        using var call = _dialog.SendMessage(new() { Text = "hi", Target = new() }, headers, cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));

        var seen = _host.Dialog.Headers;
        Assert.Equal("tenant-a", seen.GetValue(Caller.TenantHeader));
        Assert.Equal("chat", seen.GetValue(Caller.ScopesHeader));
        Assert.Equal("key:chat", seen.GetValue(Caller.SubjectHeader));
        Assert.Equal(GatewayHost.InternalKey, seen.GetValue(Caller.KeyHeader));
        Assert.Equal("kept", seen.GetValue("x-request-id"));
        Assert.All(["x-mesh-anything", "cookie", "authorization", "x-api-key"], name => Assert.Null(seen.Get(name)));
    }

    [Fact]
    public async Task SendMessage_Streams_BeforeTheTurnEnds()
    {
        _host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var call = _dialog.SendMessage(new() { Text = "我的订单", Target = new() }, GatewayHost.Key("chat"), cancellationToken: Stop);
        var text = "";
        while (text.Length < 12 && await call.ResponseStream.MoveNext(Stop)) text += call.ResponseStream.Current.TextDelta?.Text;
        Assert.Equal(12, text.Length);
        _host.Dialog.Hold.SetResult();
        var last = TurnEvent.EventOneofCase.None;
        while (await call.ResponseStream.MoveNext(Stop)) last = call.ResponseStream.Current.EventCase;
        Assert.Equal(TurnEvent.EventOneofCase.TurnCompleted, last);
    }

    [Fact]
    public async Task Converse_AlternatesInBothDirections()
    {
        using var call = _dialog.Converse(GatewayHost.Key("chat"), cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new() { Open = new() { Channel = new Channel { Kind = "call-center" } } }, Stop);
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new() { Input = new() { ClientMessageId = $"{i}", Text = $"nummer {i}" } }, Stop);
            var text = "";
            while (await call.ResponseStream.MoveNext(Stop) && call.ResponseStream.Current.TurnCompleted is null) text += call.ResponseStream.Current.TextDelta?.Text;
            Assert.Equal($"收到：nummer {i}", text);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
    }

    [Fact]
    public async Task Cancellation_ReachesTheService()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _dialog.SendMessage(new() { Text = "wait", Target = new() }, GatewayHost.Key("chat"), cancellationToken: cancel.Token);
        await _host.Dialog.Waiting.Task.WaitAsync(Stop);
        await cancel.CancelAsync();
        await _host.Dialog.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), Stop);
    }

    [Fact]
    public async Task Deadline_OfTheClient_ReachesTheServiceAndEndsTheCall()
    {
        using var call = _dialog.SendMessage(new() { Text = "wait", Target = new() }, GatewayHost.Key("chat"), Now.AddSeconds(1), Stop);
        var e = await Assert.ThrowsAsync<RpcException>(async () => { while (await call.ResponseStream.MoveNext(Stop)) { } });
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.InRange(_host.Dialog.Deadline, Now.AddSeconds(-5), Now.AddSeconds(5));
        await _host.Dialog.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), Stop);
    }

    [Fact]
    public async Task Deadline_WhenTheClientSetsNone_IsTheGateways()
    {
        using var call = _dialog.SendMessage(new() { Text = "hi", Target = new() }, GatewayHost.Key("chat"), cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        Assert.InRange(_host.Dialog.Deadline, Now.AddSeconds(30), Now.AddSeconds(61));
    }

    [Fact]
    public async Task Deadline_OfAnEndlessStream_IsNotInvented()
    {
        using var converse = _dialog.Converse(GatewayHost.Key("chat"), cancellationToken: Stop);
        await converse.RequestStream.WriteAsync(new() { Open = new() }, Stop);
        await converse.RequestStream.WriteAsync(new() { Input = new() { Text = "hi" } }, Stop);
        Assert.True(await converse.ResponseStream.MoveNext(Stop));
        Assert.Equal(DateTime.MaxValue, _host.Dialog.Deadline);
    }

    [Fact]
    public async Task ServiceKilledMidStream_IsUnavailableWithRetryInfo()
    {
        _host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var call = _dialog.SendMessage(new() { Text = "我的订单", Target = new() }, GatewayHost.Key("chat"), cancellationToken: Stop);
        var text = "";
        while (text.Length < 12 && await call.ResponseStream.MoveNext(Stop)) text += call.ResponseStream.Current.TextDelta?.Text;
        await _host.Downstream.KillAsync();
        var e = await Assert.ThrowsAsync<RpcException>(async () => { while (await call.ResponseStream.MoveNext(Stop)) { } });
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.NotNull(e.GetRpcStatus()!.GetDetail<RetryInfo>());

        e = await Assert.ThrowsAsync<RpcException>(async () => await _dialog.GetConversationAsync(new() { ConversationId = "x" }, GatewayHost.Key("chat"), cancellationToken: Stop));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.True(e.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
    }

    [Fact]
    public async Task ServiceError_PassesUnchanged()
    {
        var e = await Assert.ThrowsAsync<RpcException>(async () => await _dialog.GetConversationAsync(new() { ConversationId = "nope" }, GatewayHost.Key("chat"), cancellationToken: Stop));
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
        Assert.Contains("'nope'", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageOverTheLimit_IsRefusedWithBothSizes()
    {
        using var call = _dialog.SendMessage(new() { Text = new string('x', 5 * 1024 * 1024), Target = new() }, GatewayHost.Key("chat"), cancellationToken: Stop);
        var e = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
        Assert.Contains("at most 4194304", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_OfMoreThanKestrelsBodyLimit_PassesPieceByPiece()
    {
        var retrieval = new RetrievalService.RetrievalServiceClient(_channel);
        using var call = retrieval.Ingest(GatewayHost.Key("knowledge"), cancellationToken: Stop);
        var piece = UnsafeByteOperations.UnsafeWrap(new byte[256 * 1024]);
        for (var i = 0; i < 160; i++) await call.RequestStream.WriteAsync(new IngestRequest { Content = piece }, Stop);
        await call.RequestStream.CompleteAsync();
        Assert.True((await call).Activated);
        Assert.Equal(160L * 256 * 1024, _host.Downstream.Retrieval.Ingested);
    }

    [Fact]
    public async Task Reflection_WithAKey_ListsTheServices()
    {
        var client = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(_channel);
        using var call = client.ServerReflectionInfo(GatewayHost.Key("chat"), cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        Assert.Contains(call.ResponseStream.Current.ListServicesResponse.Service, s => s.Name == "mesh.dialog.v1.DialogService");
        await call.RequestStream.CompleteAsync();
        Assert.Equal(StatusCode.Unauthenticated, await RawCall.StatusAsync(_channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", []));
    }

    [Fact]
    public async Task Health_NeedsNoKey()
    {
        var health = new Grpc.Health.V1.Health.HealthClient(_channel);
        var answer = await health.CheckAsync(new(), cancellationToken: Stop);
        Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }
}
