using Mesh.Dialog.Tests.Fakes;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Tests.Turns;

public sealed class TurnTests
{
    [Fact]
    public async Task SendMessage_TrackWithNumber_AnswersFromTheToolInOneTurn()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start track_order; set order_id=so2026110001");

        Assert.Contains("SO2026110001", turn.Text, StringComparison.Ordinal);
        Assert.Contains("顺丰 T1", turn.Text, StringComparison.Ordinal);
        Assert.Contains("11月20日 08:00", turn.Text, StringComparison.Ordinal);
        Assert.Equal(["track_order"], turn.Tools);
        Assert.Equal(Owner.Bot, turn.Done!.Owner);
        Assert.Empty(turn.Done.Degradations);
        Assert.Equal(
            [
                ConversationEvent.PayloadOneofCase.ConversationStarted, ConversationEvent.PayloadOneofCase.CustomerMessage, ConversationEvent.PayloadOneofCase.GuardChecked,
                ConversationEvent.PayloadOneofCase.Understood, ConversationEvent.PayloadOneofCase.FlowStarted, ConversationEvent.PayloadOneofCase.SlotSet,
            ],
            (await host.EventsAsync(turn.Conversation)).Take(6).Select(next => next.PayloadCase));
    }

    [Fact]
    public async Task SendMessage_TrackWithoutNumber_OffersTheCustomersOrders()
    {
        await using var host = await DialogHost.StartAsync();

        var asked = await host.SayAsync("start track_order");
        Assert.Equal(["SO2026110001", "SO2026110002", "SO2026110003"], asked.Replies);
        Assert.Equal(10, host.Tools.Invocations[0].Arguments.Fields["limit"].NumberValue);

        var answered = await host.SayAsync("set order_id=SO2026110001", asked.Conversation);
        Assert.Contains("顺丰 T1", answered.Text, StringComparison.Ordinal);
        Assert.Empty((await host.ConversationAsync(asked.Conversation)).Flows);
    }

    [Fact]
    public async Task SendMessage_AnotherCustomersOrder_IsNotFound()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start track_order; set order_id=SO2026110004");

        Assert.Contains("没有找到订单 SO2026110004", turn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendMessage_Knowledge_QuotesThePassageAndCitesIt()
    {
        await using var host = await DialogHost.StartAsync();
        host.Retrieval.Answers(FakeRetrieval.Passage("签收后七天内可以无理由退货。生鲜食品除外。"));

        var turn = await host.SayAsync("ask 七天无理由退货");

        Assert.Equal("签收后七天内可以无理由退货。生鲜食品除外。 [1]", turn.Text);
        var citation = Assert.Single(turn.Events, next => next.Citation is not null).Citation;
        Assert.Equal("returns.md", citation.DocumentId);
        Assert.Equal((100, 121), (citation.Span.Start, citation.Span.End));
        Assert.Contains(host.Guard.Requests, request => request.Evidence.Any(evidence => evidence.Id == "returns.md#1"));
    }

    [Fact]
    public async Task SendMessage_NothingFound_SaysSoAndOffersAPerson()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("ask 火星上有店吗");
        Assert.Contains("没有找到可靠的答案", turn.Text, StringComparison.Ordinal);

        var handed = await host.SayAsync("affirm", turn.Conversation);
        Assert.Equal(Owner.Waiting, handed.Done!.Owner);
        Assert.Contains(handed.Events, next => next.HandOver?.Reason == "cannot_handle");
    }
}
