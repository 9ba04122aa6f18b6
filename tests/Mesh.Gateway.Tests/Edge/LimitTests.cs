using Google.Rpc;
using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.Gateway.Tests.Fakes;

namespace Mesh.Gateway.Tests.Edge;

public sealed class LimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_BeyondTheKeysBucket_AreRefusedWithARetryDelay()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Limits:Key:Burst", "3"), ("Gateway:Limits:Key:PerMinute", "6"));
        using var channel = host.Channel();
        var dialog = new DialogService.DialogServiceClient(channel);
        for (var i = 0; i < 3; i++) Assert.Equal(StatusCode.NotFound, await GetAsync(dialog, "chat"));
        var e = await Assert.ThrowsAsync<RpcException>(async () => await dialog.GetConversationAsync(new() { ConversationId = "x" }, GatewayHost.Key("chat"), cancellationToken: Stop));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.InRange(e.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        // Another key has its own bucket.
        Assert.Equal(StatusCode.NotFound, await GetAsync(dialog, "agent"));
    }

    [Fact]
    public async Task Calls_BeyondTheTenantsBucket_AreRefusedForAllItsKeys()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Limits:Tenant:Burst", "2"), ("Gateway:Limits:Tenant:PerMinute", "6"));
        using var channel = host.Channel();
        var dialog = new DialogService.DialogServiceClient(channel);
        Assert.Equal(StatusCode.NotFound, await GetAsync(dialog, "chat"));
        Assert.Equal(StatusCode.NotFound, await GetAsync(dialog, "agent"));
        Assert.Equal(StatusCode.ResourceExhausted, await GetAsync(dialog, "all"));
    }

    [Fact]
    public async Task MessagesOfOneStream_AreChargedOneByOne()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Limits:Key:Burst", "4"), ("Gateway:Limits:Key:PerMinute", "6"));
        using var channel = host.Channel();
        using var call = new DialogService.DialogServiceClient(channel).Converse(GatewayHost.Key("chat"), cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new() { Open = new() }, Stop);
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await call.RequestStream.WriteAsync(new() { Input = new() { ClientMessageId = $"{i}", Text = "hi" } }, Stop);
                while (await call.ResponseStream.MoveNext(Stop) && call.ResponseStream.Current.TurnCompleted is null) { }
            }
        });
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.NotNull(e.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.Equal(2, host.Dialog.Turns);
    }

    [Fact]
    public async Task OpenCalls_BeyondTheKeysNumber_AreRefusedUntilOneEnds()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Limits:OpenCallsPerKey", "1"));
        using var channel = host.Channel();
        var dialog = new DialogService.DialogServiceClient(channel);
        using (var call = dialog.SendMessage(new() { Text = "wait", Target = new() }, GatewayHost.Key("chat"), cancellationToken: Stop))
        {
            await host.Dialog.Waiting.Task.WaitAsync(Stop);
            Assert.Equal(StatusCode.ResourceExhausted, await GetAsync(dialog, "chat"));
        }
        await host.Dialog.Cancelled.Task.WaitAsync(Stop);
        // The edge lets go of the place right after the service has: a few calls may come in between.
        var status = StatusCode.ResourceExhausted;
        for (var i = 0; i < 100 && status == StatusCode.ResourceExhausted; i++) status = await GetAsync(dialog, "chat");
        Assert.Equal(StatusCode.NotFound, status);
    }

    private static async Task<StatusCode> GetAsync(DialogService.DialogServiceClient dialog, string key)
    {
        var e = await Assert.ThrowsAsync<RpcException>(async () => await dialog.GetConversationAsync(new() { ConversationId = "x" }, GatewayHost.Key(key), cancellationToken: Stop));
        return e.StatusCode;
    }
}
