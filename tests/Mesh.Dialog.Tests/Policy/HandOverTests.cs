using Grpc.Core;
using Mesh.Dialog.Tests.Fakes;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Tests.Policy;

public sealed class HandOverTests
{
    [Fact]
    public async Task PersonAsked_WaitsWithASummaryFromTheEvents()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start cancel_order; set order_id=SO2026110003");

        var handed = await host.SayAsync("person", asked.Conversation);

        var handOver = Assert.Single(handed.Events, next => next.HandOver is not null).HandOver;
        Assert.Equal("customer_asked", handOver.Reason);
        Assert.Contains("取消订单；订单号：SO2026110003", handOver.Summary, StringComparison.Ordinal);
        Assert.Equal(Owner.Waiting, handed.Done!.Owner);
        Assert.Empty((await host.ConversationAsync(asked.Conversation)).Flows);
    }

    [Fact]
    public async Task Waiting_BotOnlySaysSo_UntilTheCustomerGoesOnWithIt()
    {
        await using var host = await DialogHost.StartAsync();
        var handed = await host.SayAsync("person");

        var waiting = await host.SayAsync("start coupons", handed.Conversation);
        Assert.Contains("已经通知人工客服", waiting.Text, StringComparison.Ordinal);
        Assert.Empty(host.Tools.Invocations);

        var back = await host.SayAsync(Assert.Single(waiting.Replies), handed.Conversation);
        Assert.Equal(Owner.Bot, back.Done!.Owner);
        Assert.Contains("满300减30", (await host.SayAsync("start coupons", handed.Conversation)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueuePosition_CountsThoseWhoWaitedLonger()
    {
        await using var host = await DialogHost.StartAsync();
        var first = await host.SayAsync("person");
        var second = await host.SayAsync("person");

        Assert.Equal(0, first.Events.Single(next => next.HandOver is not null).HandOver.QueuePosition);
        Assert.Equal(1, second.Events.Single(next => next.HandOver is not null).HandOver.QueuePosition);
        var listed = await host.Client.ListConversationsAsync(new ListConversationsRequest { Owner = Owner.Waiting }, DialogHost.Call());
        Assert.Equal([first.Conversation, second.Conversation], listed.Conversations.Select(conversation => conversation.ConversationId));
    }

    [Fact]
    public async Task Agent_Owns_BotIsSilent_AndAnswersAgainAfterHandBack()
    {
        await using var host = await DialogHost.StartAsync();
        var handed = await host.SayAsync("person");
        var owned = await host.Client.TakeOverAsync(new TakeOverRequest { ConversationId = handed.Conversation, AgentId = "a1", AgentName = "小李" }, DialogHost.Call());
        Assert.Equal((Owner.Agent, 3), (owned.Owner, owned.OwnerEpoch));

        var silent = await host.SayAsync("start coupons", handed.Conversation);
        Assert.Equal("", silent.Text);
        Assert.Equal(Owner.Agent, silent.Done!.Owner);

        await host.Client.HandBackAsync(new HandBackRequest { ConversationId = handed.Conversation, AgentId = "a1" }, DialogHost.Call());
        Assert.Contains("满300减30", (await host.SayAsync("start coupons", handed.Conversation)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentMessage_TakesOverAndIsStoredOnce()
    {
        await using var host = await DialogHost.StartAsync();
        var turn = await host.SayAsync("chat greet");
        var request = new PostAgentMessageRequest { ConversationId = turn.Conversation, AgentId = "a1", AgentName = "小李", Text = "您好，我来帮您", ClientMessageId = "m1" };

        var first = await host.Client.PostAgentMessageAsync(request, DialogHost.Call());
        var again = await host.Client.PostAgentMessageAsync(request, DialogHost.Call());

        Assert.Equal(first, again);
        var conversation = await host.ConversationAsync(turn.Conversation);
        Assert.Equal((Owner.Agent, "小李"), (conversation.Owner, conversation.AgentName));
        Assert.Single(conversation.Messages, message => message.Author == Message.Types.Author.Agent);
    }

    [Fact]
    public async Task PrivateNote_CustomersSideNeverSeesIt()
    {
        await using var host = await DialogHost.StartAsync();
        var turn = await host.SayAsync("chat greet");
        await host.Client.PostAgentMessageAsync(
            new PostAgentMessageRequest { ConversationId = turn.Conversation, AgentId = "a1", Text = "VIP, 小心", PrivateNote = true }, DialogHost.Call());

        var asAgent = await host.ConversationAsync(turn.Conversation);
        var asCustomer = await host.Client.GetConversationAsync(new GetConversationRequest { ConversationId = turn.Conversation }, DialogHost.Call("chat"));

        Assert.Equal(Owner.Bot, asAgent.Owner);
        Assert.Contains(asAgent.Messages, message => message.Text == "VIP, 小心");
        Assert.DoesNotContain(asCustomer.Messages, message => message.Text == "VIP, 小心");
    }

    [Fact]
    public async Task TakeOver_TwoAgentsAtOnce_OneWins()
    {
        await using var host = await DialogHost.StartAsync();
        var handed = await host.SayAsync("person");

        var tries = Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await host.Client.TakeOverAsync(new TakeOverRequest { ConversationId = handed.Conversation, AgentId = $"a{i}", AgentName = "x" }, DialogHost.Call());
                return StatusCode.OK;
            }
            catch (RpcException exception)
            {
                return exception.StatusCode;
            }
        });
        var results = await Task.WhenAll(tries);

        Assert.Single(results, StatusCode.OK);
        Assert.Equal(7, results.Count(status => status == StatusCode.Aborted));
        Assert.Equal(3, (await host.ConversationAsync(handed.Conversation)).OwnerEpoch);
    }

    [Fact]
    public async Task TakeOver_StaleEpoch_IsAborted()
    {
        await using var host = await DialogHost.StartAsync();
        var handed = await host.SayAsync("person");

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.TakeOverAsync(
            new TakeOverRequest { ConversationId = handed.Conversation, AgentId = "a1", OwnerEpoch = 1 }, DialogHost.Call()));

        Assert.Equal(StatusCode.Aborted, exception.StatusCode);
    }

    [Fact]
    public async Task TakeOver_DuringATurn_LateBotMessageIsDropped()
    {
        await using var host = await DialogHost.StartAsync();
        var hello = await host.SayAsync("chat greet");
        host.Tools.BeforeInvoke = async _ =>
            await host.Client.TakeOverAsync(new TakeOverRequest { ConversationId = hello.Conversation, AgentId = "a1", AgentName = "小李" }, DialogHost.Call());

        var turn = await host.SayAsync("start coupons", hello.Conversation);

        Assert.Equal("", turn.Text);
        Assert.Equal(10, turn.Error!.Code);
        var events = await host.EventsAsync(hello.Conversation);
        var taken = events.Single(next => next.OwnerChanged is not null).Sequence;
        Assert.DoesNotContain(events, next => next.Sequence > taken && next.BotMessage is not null);
        Assert.Contains(events, next => next.TurnFailed?.Status == "ABORTED");
    }

    [Fact]
    public async Task Care_ComfortsAndBringsAPerson()
    {
        await using var host = await DialogHost.StartAsync();
        host.Guard.Verdicts["不想活"] = ("care", Guard.V1.Action.Flag);

        var turn = await host.SayAsync("不想活了");

        Assert.Contains("12356", turn.Text, StringComparison.Ordinal);
        Assert.Equal("care", turn.Events.Single(next => next.HandOver is not null).HandOver.Reason);
        Assert.Equal(Owner.Waiting, turn.Done!.Owner);
    }

    [Fact]
    public async Task Complaint_Flow_HandsOverWithTheDetail()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start complaint");

        var handed = await host.SayAsync("set complaint_detail=快递员骂人", asked.Conversation);

        var handOver = handed.Events.Single(next => next.HandOver is not null).HandOver;
        Assert.Equal("complaint", handOver.Reason);
        Assert.Contains("快递员骂人", handOver.Summary, StringComparison.Ordinal);
    }
}
