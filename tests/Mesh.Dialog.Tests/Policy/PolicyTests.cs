using Mesh.Dialog.Tests.Fakes;
using Mesh.Dialog.V1;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Dialog.Tests.Policy;

public sealed class PolicyTests
{
    [Fact]
    public async Task Interruption_FlowEnds_AsksToResumeAndGoesOn()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start change_address; set order_id=SO2026110003");
        Assert.Contains("新的收货地址", asked.Text, StringComparison.Ordinal);

        var other = await host.SayAsync("start coupons", asked.Conversation);
        Assert.Contains("满300减30", other.Text, StringComparison.Ordinal);
        Assert.Contains("刚才的「修改收货地址」还没有办完", other.Text, StringComparison.Ordinal);

        var resumed = await host.SayAsync("affirm", asked.Conversation);
        Assert.Contains("新的收货地址", resumed.Text, StringComparison.Ordinal);
        var confirm = await host.SayAsync("set address=浙江省杭州市西湖区文三路1号", asked.Conversation);
        Assert.NotNull(confirm.Confirmation);
    }

    [Fact]
    public async Task Interruption_ResumeDenied_DropsTheFlow()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start change_address; set order_id=SO2026110003");
        await host.SayAsync("start coupons", asked.Conversation);

        var dropped = await host.SayAsync("deny", asked.Conversation);

        Assert.Contains("就先不办了", dropped.Text, StringComparison.Ordinal);
        Assert.Empty((await host.ConversationAsync(asked.Conversation)).Flows);
    }

    [Fact]
    public async Task TwoWishes_OneLine_AreDoneOneAfterTheOther()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start track_order; set order_id=SO2026110001; start coupons");

        Assert.Equal(["track_order", "list_coupons"], turn.Tools);
        Assert.True(turn.Text.IndexOf("顺丰", StringComparison.Ordinal) < turn.Text.IndexOf("接下来帮您处理「查优惠券」", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Correction_PendingConfirmation_IsDroppedAndTheOldValueNeverUsed()
    {
        await using var host = await DialogHost.StartAsync();
        host.Tools.Orders["SO2026110009"] = (DialogHost.Customer, "paid");
        var asked = await host.SayAsync("start cancel_order; set order_id=SO2026110003; set cancel_reason=other");
        Assert.Contains("SO2026110003", asked.Confirmation!.Summary, StringComparison.Ordinal);

        var corrected = await host.SayAsync("correct order_id=SO2026110009", asked.Conversation);
        Assert.Contains("已改为 SO2026110009", corrected.Text, StringComparison.Ordinal);
        Assert.Contains("SO2026110009", corrected.Confirmation!.Summary, StringComparison.Ordinal);

        var stale = await host.PressAsync(asked.Conversation, asked.Confirmation.ConfirmationId, approve: true);
        Assert.Empty(host.Tools.Effects);
        Assert.Contains("没有再次办理", stale.Text, StringComparison.Ordinal);

        await host.PressAsync(asked.Conversation, corrected.Confirmation.ConfirmationId, approve: true);
        Assert.Equal("SO2026110009", Assert.Single(host.Tools.Effects).Arguments.Fields["order_number"].StringValue);
    }

    [Fact]
    public async Task Correction_TogetherWithYes_DoesNotExecute()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start change_address; set order_id=SO2026110003; set address=浙江省杭州市西湖区文三路1号");
        Assert.NotNull(asked.Confirmation);

        var again = await host.SayAsync("affirm; correct address=浙江省杭州市西湖区文三路2号", asked.Conversation);

        Assert.Empty(host.Tools.Effects);
        Assert.Contains("文三路2号", again.Confirmation!.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("affirm", 1, "已取消")]
    [InlineData("deny", 0, "保持不变")]
    public async Task Confirmation_ByText_DoesWhatWasSaid(string answer, int effects, string text)
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start cancel_order; set order_id=SO2026110003; set cancel_reason=other");

        var answered = await host.SayAsync(answer, asked.Conversation);

        Assert.Equal(effects, host.Tools.Effects.Count);
        Assert.Contains(text, answered.Text, StringComparison.Ordinal);
        Assert.Null((await host.ConversationAsync(asked.Conversation)).PendingConfirmation);
    }

    [Theory]
    [InlineData("gibberish")]
    [InlineData("chat greet")]
    [InlineData("ask 运费多少")]
    [InlineData("repeat")]
    [InlineData("start cancel_order")]
    public async Task Confirmation_UnclearAnswer_AsksAgainAndNeverExecutes(string answer)
    {
        await using var host = await DialogHost.StartAsync();
        host.Retrieval.Answers(FakeRetrieval.Passage("满99元包邮。"));
        var asked = await host.SayAsync("start cancel_order; set order_id=SO2026110003; set cancel_reason=other");

        var again = await host.SayAsync(answer, asked.Conversation);

        Assert.Empty(host.Tools.Effects);
        Assert.Equal(asked.Confirmation!.ConfirmationId, again.Confirmation!.ConfirmationId);
        await host.SayAsync("affirm", asked.Conversation);
        Assert.Single(host.Tools.Effects);
    }

    [Fact]
    public async Task Confirmation_Expired_IsAskedAnewInsteadOfExecuted()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await DialogHost.StartAsync(time);
        var asked = await host.SayAsync("start cancel_order; set order_id=SO2026110003; set cancel_reason=other");
        time.Advance(TimeSpan.FromMinutes(11));

        var again = await host.SayAsync("affirm", asked.Conversation);

        Assert.Empty(host.Tools.Effects);
        Assert.Contains("已经过期", again.Text, StringComparison.Ordinal);
        Assert.NotEqual(asked.Confirmation!.ConfirmationId, again.Confirmation!.ConfirmationId);
        await host.SayAsync("affirm", asked.Conversation);
        Assert.Single(host.Tools.Effects);
    }

    [Fact]
    public async Task Confirmation_AnotherWishFirst_IsAskedAgainOnResume()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start cancel_order; set order_id=SO2026110003; set cancel_reason=other");

        await host.SayAsync("start coupons", asked.Conversation);
        Assert.Null((await host.ConversationAsync(asked.Conversation)).PendingConfirmation);
        var resumed = await host.SayAsync("affirm", asked.Conversation);

        Assert.Empty(host.Tools.Effects);
        Assert.NotNull(resumed.Confirmation);
    }

    [Fact]
    public async Task Cancel_OpenFlow_EndsIt()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start return_request; set order_id=SO2026110002");

        var cancelled = await host.SayAsync("cancel", asked.Conversation);

        Assert.Contains("已经停止办理", cancelled.Text, StringComparison.Ordinal);
        Assert.Empty((await host.ConversationAsync(asked.Conversation)).Flows);
    }

    [Fact]
    public async Task CannotHandle_Twice_OffersAPerson()
    {
        await using var host = await DialogHost.StartAsync();

        var first = await host.SayAsync("gibberish");
        Assert.Contains("换个说法", first.Text, StringComparison.Ordinal);
        Assert.Contains("查物流", first.Replies);
        var second = await host.SayAsync("more gibberish", first.Conversation);

        Assert.Contains("转接人工", second.Text, StringComparison.Ordinal);
        var handed = await host.SayAsync("affirm", first.Conversation);
        Assert.Equal(Owner.Waiting, handed.Done!.Owner);
    }

    [Fact]
    public async Task KnowledgeInsideAFlow_IsAnsweredAndTheQuestionRepeated()
    {
        await using var host = await DialogHost.StartAsync();
        host.Retrieval.Answers(FakeRetrieval.Passage("满99元包邮。"));
        var asked = await host.SayAsync("start change_address; set order_id=SO2026110003");

        var answered = await host.SayAsync("ask 运费多少", asked.Conversation);

        Assert.StartsWith("满99元包邮。 [1]", answered.Text, StringComparison.Ordinal);
        Assert.Contains("新的收货地址", answered.Text, StringComparison.Ordinal);
        Assert.Equal("address", (await host.ConversationAsync(asked.Conversation)).Flows[0].AskedSlot);
    }

    [Fact]
    public async Task InvalidValue_ThreeTimes_OffersAPerson()
    {
        await using var host = await DialogHost.StartAsync();
        var asked = await host.SayAsync("start track_order");

        for (var i = 0; i < 2; i++)
            Assert.Contains("不完整", (await host.SayAsync("set order_id=SO1", asked.Conversation)).Text, StringComparison.Ordinal);
        var last = await host.SayAsync("set order_id=SO1", asked.Conversation);

        Assert.Contains("一直没能确认订单号", last.Text, StringComparison.Ordinal);
        Assert.Empty((await host.ConversationAsync(asked.Conversation)).Flows);
    }

    [Fact]
    public async Task RequiresCustomer_Anonymous_IsAskedToSignInAndNothingIsCalled()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start track_order; set order_id=SO2026110001", customer: "");

        Assert.Contains("先登录", turn.Text, StringComparison.Ordinal);
        Assert.Empty(host.Tools.Invocations);
    }

    [Fact]
    public async Task ValueWithoutAWish_AsksWhatItIsForAndKeepsIt()
    {
        await using var host = await DialogHost.StartAsync();

        var asked = await host.SayAsync("set order_id=SO2026110001");
        Assert.Contains("收到 SO2026110001", asked.Text, StringComparison.Ordinal);
        var answered = await host.SayAsync("start track_order", asked.Conversation);

        Assert.Contains("顺丰 T1", answered.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SingleCandidate_IsTakenWithASay()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start cancel_order");

        Assert.Contains("订单号：SO2026110003", turn.Text, StringComparison.Ordinal);
        Assert.Contains("为什么取消", turn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoCandidate_SaysSoAndEnds()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start cancel_order", customer: "13800000002");

        Assert.Contains("没有可以取消的订单", turn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SmallTalkAndRepeat_AnswerAndRepeat()
    {
        await using var host = await DialogHost.StartAsync();

        var hello = await host.SayAsync("chat greet");
        Assert.Contains("智能客服", hello.Text, StringComparison.Ordinal);
        Assert.Contains("查物流", hello.Replies);
        var repeated = await host.SayAsync("repeat", hello.Conversation);

        Assert.Equal(hello.Text, repeated.Text);
    }

    [Fact]
    public async Task English_CustomerIsAnsweredInEnglish()
    {
        await using var host = await DialogHost.StartAsync();
        host.Understanding.Language = "en";

        var turn = await host.SayAsync("start track_order; set order_id=SO2026110001");

        Assert.StartsWith("Order SO2026110001", turn.Text, StringComparison.Ordinal);
        Assert.Equal("en", (await host.ConversationAsync(turn.Conversation)).Language);
    }

    [Fact]
    public async Task RejectedByTheShop_ShopsReasonIsSaid()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("start stock_check; set product=耳机; set sku=YS-0101-A");

        Assert.Contains("没有受理：no such thing", turn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clarify_OffersTheFlowsMeant()
    {
        await using var host = await DialogHost.StartAsync();

        var turn = await host.SayAsync("clarify track_order,refund_status");

        Assert.Equal(["查物流", "查退款进度"], turn.Replies);
        Assert.Equal("track_order", (await host.EventsAsync(turn.Conversation)).First(next => next.QuestionAsked is not null).QuestionAsked.Options[0].Value);
    }

    [Fact]
    public async Task Correction_OfWhatIsAskedLater_DoesNotSkipTheOpenQuestion()
    {
        await using var host = await DialogHost.StartAsync();
        host.Tools.Orders["SO2026110008"] = (DialogHost.Customer, "delivered");
        var asked = await host.SayAsync("start return_request; set return_reason=quality; set return_kind=return");

        var again = await host.SayAsync("correct return_kind=exchange", asked.Conversation);

        Assert.Contains("请问要退换哪个订单", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Tools.Invocations, call => call.Name == "request_return");
    }
}
