using Mesh.Dialog.V1;
using Mesh.EndToEnd.Tests.Conversations;
using Mesh.EndToEnd.Tests.Running;

namespace Mesh.EndToEnd.Tests.Faults;

/// <summary>The business system is down or slow: the customer is told, nothing is promised, nothing happens behind anybody's back.</summary>
public sealed class ShopFaultTests(RunningMesh mesh) : IAsyncLifetime
{
    private const string Customer = "13800000001";
    private static readonly string[] Unsure = ["unavailable", "timeout"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await mesh.Shop.HealAsync(CancellationToken.None);
        await mesh.Shop.ResetAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Question_ShopIsDown_SaysSoAndAnswersOnceItIsBack()
    {
        var conversation = new Chat(mesh, Customer);
        await mesh.Shop.HurtAsync(failRate: 1, cancellationToken: Cancelled);

        var down = await conversation.SayAsync("SO2026110001到哪了呀", Cancelled);
        await mesh.Shop.HealAsync(Cancelled);
        var back = await conversation.SayAsync("SO2026110001到哪了", Cancelled);

        Assert.NotNull(down.Done);
        Assert.Contains(down.ToolResults, result => result.Name == "track_order" && Unsure.Contains(result.Status));
        Assert.Contains("没有响应", down.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("包裹", down.Answer, StringComparison.Ordinal);
        Assert.Contains("2 个包裹", back.Answer, StringComparison.Ordinal);
        conversation.AssertRecordWhole();
    }

    [Fact]
    public async Task Effect_ShopIsSlowBeyondAnyPatience_PromisesNothingAndDoesItOnceWhenConfirmedAgain()
    {
        var conversation = new Chat(mesh, Customer);
        await conversation.SayAsync("取消SO2026110003 买重复了", Cancelled);
        if (conversation.Turns[^1].Confirmation is null)
            await conversation.SayAsync("不想要了", Cancelled);
        Assert.NotNull(conversation.Turns[^1].Confirmation);
        await mesh.Shop.HurtAsync(delayMs: 20_000, cancellationToken: Cancelled);

        var slow = await conversation.PressAsync(approve: true, Cancelled);
        await mesh.Shop.HealAsync(Cancelled);
        var meanwhile = await mesh.Shop.GetAsync(Customer, "orders/SO2026110003", Cancelled);
        var again = await conversation.SayAsync("确认", Cancelled);

        Assert.NotNull(slow.Done);
        Assert.Contains(slow.ToolResults, result => result.Name == "cancel_order" && Unsure.Contains(result.Status));
        Assert.Contains("不能确定", slow.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("已取消", slow.Answer, StringComparison.Ordinal);
        Assert.Equal("paid", (string?)meanwhile?["status"]);
        Assert.Contains("已取消", again.Answer, StringComparison.Ordinal);
        Assert.Equal("cancelled", (string?)(await mesh.Shop.GetAsync(Customer, "orders/SO2026110003", Cancelled))?["status"]);
        conversation.AssertRecordWhole();
    }

    [Fact]
    public async Task Question_CallerGivesUpMidTurn_RecordsItAndTheNextTurnWorks()
    {
        var conversation = new Chat(mesh, Customer);
        await conversation.SayAsync("你好", Cancelled);
        await mesh.Shop.HurtAsync(delayMs: 1_500, cancellationToken: Cancelled);
        using var givesUp = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var cut = await conversation.SayAsync("SO2026110001到哪了", givesUp.Token, during: shown => shown.ToolCall is null ? Task.CompletedTask : givesUp.CancelAsync());
        await mesh.Shop.HealAsync(Cancelled);
        var next = await conversation.SayAsync("SO2026110003发货没有", Cancelled);

        Assert.NotNull(cut.Error);
        Assert.Contains("SO2026110003", next.Answer, StringComparison.Ordinal);
        Assert.Equal("CANCELLED", Assert.Single(conversation.Events, stored => stored.TurnFailed is not null).TurnFailed.Status);
        conversation.AssertRecordWhole();
    }

    [Fact]
    public async Task Question_DeadlinePasses_EndsInTimeAndTheNextTurnWorks()
    {
        var conversation = new Chat(mesh, Customer) { Patience = TimeSpan.FromSeconds(1.5) };
        await mesh.Shop.HurtAsync(delayMs: 1_900, cancellationToken: Cancelled);

        var late = await conversation.SayAsync("SO2026110001到哪了", Cancelled);
        await mesh.Shop.HealAsync(Cancelled);
        conversation.Patience = TimeSpan.FromSeconds(60);
        var next = await conversation.SayAsync("SO2026110003发货没有", Cancelled);

        // Either the turn says in time that it has no result, or the deadline ends it: never an answer that was not found.
        Assert.DoesNotContain("包裹", late.Answer, StringComparison.Ordinal);
        Assert.True(late.Error is { Code: 4 } || late.Answer.Length > 0, $"{late}");
        Assert.Contains("SO2026110003", next.Answer, StringComparison.Ordinal);
        conversation.AssertRecordWhole();
    }

    [Fact]
    public async Task Duplicate_SentWhileTheFirstRuns_IsAnsweredOnceWithTheSameWords()
    {
        var conversation = new Chat(mesh, Customer);
        await conversation.SayAsync("你好", Cancelled);
        await mesh.Shop.HurtAsync(delayMs: 500, cancellationToken: Cancelled);
        var other = mesh.Dialog;
        Task<List<TurnEvent>>? twin = null;

        var first = await conversation.SayAsync("SO2026110001到哪了", Cancelled, "m-7", during: shown =>
        {
            if (shown.ToolCall is not null)
                twin = ReadAsync(other, new SendMessageRequest { Target = new ConversationTarget { ConversationId = conversation.Id }, ClientMessageId = "m-7", Text = "SO2026110001到哪了" });
            return Task.CompletedTask;
        });
        var second = new PlayedTurn("", await twin!, []);
        await conversation.ReadAsync(Cancelled);

        Assert.True(second.Accepted?.Duplicate);
        Assert.Equal(first.Answer, second.Answer);
        Assert.Single(conversation.Events, stored => stored.ToolCalled is not null);
        conversation.AssertRecordWhole();
    }

    private static async Task<List<TurnEvent>> ReadAsync(DialogService.DialogServiceClient dialog, SendMessageRequest request)
    {
        using var call = dialog.SendMessage(request, cancellationToken: Cancelled);
        var shown = new List<TurnEvent>();
        while (await call.ResponseStream.MoveNext(Cancelled))
            shown.Add(call.ResponseStream.Current);
        return shown;
    }
}
