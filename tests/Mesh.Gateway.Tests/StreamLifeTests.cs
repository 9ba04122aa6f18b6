using System.Diagnostics;
using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.Gateway.Tests.Fakes;
using Mesh.Gateway.Tests.Web;

namespace Mesh.Gateway.Tests;

public sealed class StreamLifeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EventStream_PingsInPauses_AndEndsWhenItIsOld()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Web:PingInterval", "00:00:01"), ("Gateway:Web:EventStreamLifetime", "00:00:04"));
        using var browser = await host.Browser().WithSessionAsync(Stop);
        var id = (await browser.SayAsync("hi", Stop)).Conversation();
        using var response = await browser.GetAsync($"/api/chat/conversations/{id}/events?after=100", HttpCompletionOption.ResponseHeadersRead, Stop);
        var types = new List<string>();
        await foreach (var (type, _, _) in response.EventsAsync(Stop)) types.Add(type);
        Assert.InRange(types.Count, 2, 6);
        Assert.All(types, t => Assert.Equal("ping", t));
    }

    [Fact]
    public async Task EventStreams_BeyondTheSessionsNumber_AreRefused()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Limits:OpenStreamsPerSession", "1"));
        using var browser = await host.Browser().WithSessionAsync(Stop);
        var id = (await browser.SayAsync("hi", Stop)).Conversation();
        using var first = await browser.GetAsync($"/api/chat/conversations/{id}/events", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var second = await browser.GetAsync($"/api/chat/conversations/{id}/events", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal((200, 429), ((int)first.StatusCode, (int)second.StatusCode));
    }

    [Fact]
    public async Task Stop_WithOpenStreams_DoesNotWaitForThem()
    {
        await using var host = await GatewayHost.StartAsync();
        using var browser = await host.Browser().WithSessionAsync(Stop);
        var id = (await browser.SayAsync("hi", Stop)).Conversation();
        using var events = await browser.GetAsync($"/api/chat/conversations/{id}/events?after=100", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var channel = host.Channel();
        using var tail = new DialogService.DialogServiceClient(channel).TailEvents(new() { ConversationId = id }, GatewayHost.Key("events"), cancellationToken: Stop);
        Assert.True(await tail.ResponseStream.MoveNext(Stop));

        var clock = Stopwatch.StartNew();
        await host.StopAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        var e = await Assert.ThrowsAsync<RpcException>(async () => { while (await tail.ResponseStream.MoveNext(Stop)) { } });
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        await foreach (var (type, _, _) in events.EventsAsync(Stop)) Assert.Equal("ping", type);
    }
}
