using Grpc.Core;
using Mesh.Dialog.Tests.Fakes;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Tests.Api;

public sealed class ServiceTests
{
    [Fact]
    public async Task Scopes_AreDemanded()
    {
        await using var host = await DialogHost.StartAsync();
        var turn = await host.SayAsync("chat greet");

        await RefusedAsync(StatusCode.PermissionDenied, async () =>
        {
            using var call = host.Client.SendMessage(new SendMessageRequest { Target = new ConversationTarget(), Text = "x" }, DialogHost.Call("agent"));
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        });
        await RefusedAsync(StatusCode.PermissionDenied, async () => await host.Client.TakeOverAsync(new TakeOverRequest { ConversationId = turn.Conversation, AgentId = "a" }, DialogHost.Call("chat")));
        await RefusedAsync(StatusCode.PermissionDenied, async () => await host.Client.ListConversationsAsync(new ListConversationsRequest(), DialogHost.Call("chat")));
        await RefusedAsync(StatusCode.PermissionDenied, async () =>
        {
            using var call = host.Client.TailEvents(new TailEventsRequest { StopAtEnd = true }, DialogHost.Call("chat agent"));
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        });
        await RefusedAsync(StatusCode.PermissionDenied, async () =>
        {
            using var call = host.Client.TailEvents(new TailEventsRequest { StopAtEnd = true, AllTenants = true }, DialogHost.Call("events"));
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task AnothersConversation_IsNotFound()
    {
        await using var host = await DialogHost.StartAsync();
        var turn = await host.SayAsync("chat greet");

        await RefusedAsync(StatusCode.NotFound, async () => await host.Client.GetConversationAsync(new GetConversationRequest { ConversationId = turn.Conversation }, DialogHost.Call(tenant: "other")));
        await RefusedAsync(StatusCode.NotFound, () => host.SayAsync("chat greet", turn.Conversation, customer: "13800000002"));
        await RefusedAsync(StatusCode.NotFound, () => host.SayAsync("chat greet", "no-such-conversation"));
    }

    [Theory]
    [InlineData("", "", "text")]
    [InlineData("\u202E", "", "text")]
    [InlineData("x", "123456789012345678901234567890123456789012345678901234567890123456", "client_message_id")]
    public async Task Malformed_IsRefusedNamingTheField(string text, string messageId, string field)
    {
        await using var host = await DialogHost.StartAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => host.SayAsync(text, messageId: messageId));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Contains(field, exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneMegabyte_IsRefused()
    {
        await using var host = await DialogHost.StartAsync();

        await RefusedAsync(StatusCode.InvalidArgument, () => host.SayAsync(new string('长', 350_000)));
    }

    [Fact]
    public async Task List_PagesNewestFirst()
    {
        await using var host = await DialogHost.StartAsync();
        List<string> opened = [];
        for (var i = 0; i < 5; i++)
            opened.Add((await host.SayAsync("chat greet")).Conversation);

        var first = await host.Client.ListConversationsAsync(new ListConversationsRequest { PageSize = 3 }, DialogHost.Call());
        var second = await host.Client.ListConversationsAsync(new ListConversationsRequest { PageSize = 3, PageToken = first.NextPageToken }, DialogHost.Call());

        Assert.Equal(Enumerable.Reverse(opened), first.Conversations.Concat(second.Conversations).Select(conversation => conversation.ConversationId));
        Assert.Equal("", second.NextPageToken);
        await RefusedAsync(StatusCode.InvalidArgument, async () => await host.Client.ListConversationsAsync(new ListConversationsRequest { PageToken = "nonsense" }, DialogHost.Call()));
    }

    [Fact]
    public async Task Tail_StoredThenLive_EveryEventOnceInOrder()
    {
        await using var host = await DialogHost.StartAsync();
        await host.SayAsync("chat greet");
        using var call = host.Client.TailEvents(new TailEventsRequest(), DialogHost.Call("events"));
        List<long> positions = [];
        while (positions.Count < 3 && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            positions.Add(call.ResponseStream.Current.Position);

        var later = await host.SayAsync("chat thanks");
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            positions.Add(call.ResponseStream.Current.Position);
            if (call.ResponseStream.Current is { TurnCompleted: not null } last && last.ConversationId == later.Conversation)
                break;
        }

        Assert.Equal(positions.Distinct().Order(), positions);
        var stored = await host.Store.ReadLogAsync("default", 0, 1_000, TestContext.Current.CancellationToken);
        Assert.Equal(stored.Select(next => next.Position), positions);
    }

    [Fact]
    public async Task Replay_ChangedUnderstanding_ShowsWhatDiffersAndCallsNothing()
    {
        await using var host = await DialogHost.StartAsync();
        var turn = await host.SayAsync("start track_order; set order_id=SO2026110001");
        await host.SayAsync("chat thanks", turn.Conversation);
        var calls = host.Tools.Invocations.Count;
        var before = (await host.EventsAsync(turn.Conversation)).Count;

        using var call = host.Client.Replay(new ReplayRequest { ConversationId = turn.Conversation }, DialogHost.Call("events"));
        List<ReplayEvent> replayed = [];
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            replayed.Add(call.ResponseStream.Current);

        Assert.Equal(before, replayed.Count);
        Assert.Equal(2, replayed.Count(next => next.Understanding is not null));
        Assert.DoesNotContain(replayed, next => next.Differs);
        Assert.Equal(calls, host.Tools.Invocations.Count);
    }

    [Fact]
    public async Task Converse_MessagesCancelAndAgents_ComeInOneStream()
    {
        await using var host = await DialogHost.StartAsync();
        using var call = host.Client.Converse(DialogHost.Call());
        await call.RequestStream.WriteAsync(new ConverseRequest { Open = new ConversationTarget { CustomerId = DialogHost.Customer } }, TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new ConverseRequest { Input = new CustomerInput { Text = "start track_order; set order_id=SO2026110001" } }, TestContext.Current.CancellationToken);
        var done = await UntilAsync(call, next => next.TurnCompleted is not null);

        // The customer speaks over a turn that hangs.
        host.Tools.Mood = Mood.Hangs;
        await call.RequestStream.WriteAsync(new ConverseRequest { Input = new CustomerInput { Text = "start coupons" } }, TestContext.Current.CancellationToken);
        await UntilAsync(call, next => next.ToolCall is not null);
        host.Tools.Mood = Mood.Up;
        await call.RequestStream.WriteAsync(new ConverseRequest { Input = new CustomerInput { Text = "chat thanks", BargeIn = true } }, TestContext.Current.CancellationToken);
        Assert.Equal(1, (await UntilAsync(call, next => next.Error is not null)).Error.Code);
        await UntilAsync(call, next => next.TextDelta is not null);

        await host.Client.PostAgentMessageAsync(new PostAgentMessageRequest { ConversationId = done.ConversationId, AgentId = "a1", AgentName = "小李", Text = "我来处理" }, DialogHost.Call());
        Assert.Equal("我来处理", (await UntilAsync(call, next => next.AgentMessage is not null)).AgentMessage.Text);

        await call.RequestStream.WriteAsync(new ConverseRequest { Input = new CustomerInput { Text = "" } }, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await UntilAsync(call, next => next.Error is not null)).Error.Code);
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
        }
    }

    [Fact]
    public async Task Feedback_UnknownMessage_IsNotFound()
    {
        await using var host = await DialogHost.StartAsync();
        var turn = await host.SayAsync("chat greet");

        await RefusedAsync(StatusCode.NotFound, async () => await host.Client.SubmitFeedbackAsync(new SubmitFeedbackRequest { ConversationId = turn.Conversation, MessageId = "x", Rating = 1 }, DialogHost.Call()));
        await RefusedAsync(StatusCode.InvalidArgument, async () => await host.Client.SubmitFeedbackAsync(new SubmitFeedbackRequest { ConversationId = turn.Conversation, MessageId = turn.Done!.MessageId, Rating = 5 }, DialogHost.Call()));
    }

    private static async Task<TurnEvent> UntilAsync(AsyncDuplexStreamingCall<ConverseRequest, TurnEvent> call, Func<TurnEvent, bool> found)
    {
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (found(call.ResponseStream.Current))
                return call.ResponseStream.Current;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static async Task RefusedAsync(StatusCode status, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(status, exception.StatusCode);
    }
}
