using Grpc.Core;
using Mesh.EndToEnd.Tests.Conversations;
using Mesh.EndToEnd.Tests.Running;

namespace Mesh.EndToEnd.Tests.Faults;

/// <summary>kill -9 of each service in the middle of a turn.</summary>
public sealed class CrashTests(RunningMesh mesh) : IAsyncLifetime
{
    private const string Customer = "13800000001";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await mesh.Shop.HealAsync(CancellationToken.None);
        await mesh.Shop.ResetAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("guard", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("embedding", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("tools", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("shop-api", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("datasets", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("dialog", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("gateway", "SO2026110001到哪了", "2 个包裹")]
    [InlineData("retrieval", "洗衣机E20 水排不出去咋整", "过滤器")]
    [InlineData("vectors", "洗衣机E20 水排不出去咋整", "过滤器")]
    public async Task Turn_ServiceIsKilledInTheMiddle_EndsHonestlyAndTheNextOneWorks(string service, string question, string answer)
    {
        var conversation = new Chat(mesh, Customer);
        await conversation.SayAsync("你好", Cancelled);
        // The shop takes its time, so that the turn is still in progress when the service dies.
        await mesh.Shop.HurtAsync(delayMs: service == "shop-api" ? 0 : 800, cancellationToken: Cancelled);
        Task? back = null;

        var cut = await conversation.SayAsync(question, Cancelled, during: async shown =>
        {
            if (back is null && (service is "tools" or "shop-api" or "dialog" or "gateway" ? shown.ToolCall is not null : shown.Accepted is not null))
                back = await mesh.Processes.KillAsync(service, Cancelled);
        });
        Assert.NotNull(back);
        await back;
        await mesh.Shop.HealAsync(Cancelled);

        Assert.True(cut.Error is not null || (cut.Done is not null && cut.Answer.Length > 0), $"{cut}");
        var next = await EventuallyAsync(conversation, question, answer);
        Assert.Contains(answer, next.Answer, StringComparison.Ordinal);
        Assert.Empty(next.Done!.Degradations);
        conversation.AssertRecordWhole();
        Assert.Contains(conversation.Events, stored => stored.CustomerMessage?.ClientMessageId == cut.Accepted!.ClientMessageId);
    }

    [Theory]
    [InlineData("dialog")]
    [InlineData("tools")]
    public async Task Effect_ServiceIsKilledInTheMiddle_HappensOnceWhenTheClientTriesAgain(string service)
    {
        var conversation = new Chat(mesh, Customer);
        await conversation.SayAsync("取消SO2026110003 买重复了", Cancelled);
        if (conversation.Turns[^1].Confirmation is null)
            await conversation.SayAsync("不想要了", Cancelled);
        await mesh.Shop.HurtAsync(delayMs: 800, cancellationToken: Cancelled);
        Task? back = null;

        await conversation.PressAsync(approve: true, Cancelled, "yes-1", during: async shown => back ??= await mesh.Processes.KillAsync(service, Cancelled));
        await back!;
        await mesh.Shop.HealAsync(Cancelled);
        var again = await conversation.PressAsync(approve: true, Cancelled, "yes-1");
        if (again.Answer.Contains("不能确定", StringComparison.Ordinal))
            again = await conversation.SayAsync("确认", Cancelled);

        Assert.Contains("已取消", again.Answer, StringComparison.Ordinal);
        Assert.Equal("cancelled", (string?)(await mesh.Shop.GetAsync(Customer, "orders/SO2026110003", Cancelled))?["status"]);
        Assert.Single(conversation.Events, stored => stored.ToolReturned is { Tool: "cancel_order", Status: "ok" });
        conversation.AssertRecordWhole();
    }

    /// <summary>The next turn; those around a restart may still say that something is away, and go on saying so honestly.</summary>
    private static async Task<PlayedTurn> EventuallyAsync(Chat conversation, string question, string answer)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), TimeProvider.System);
        for (var attempt = 1; ; attempt++)
        {
            PlayedTurn? turn = null;
            try
            {
                turn = await conversation.SayAsync(question, Cancelled);
            }
            catch (RpcException refused) when (refused.StatusCode is StatusCode.Unavailable && attempt < 15)
            {
                // The Gateway is still looking for the new process.
            }

            if (turn is not null && (attempt == 15 || (turn.Answer.Contains(answer, StringComparison.Ordinal) && turn.Done?.Degradations.Count == 0)))
                return turn;
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }
}
