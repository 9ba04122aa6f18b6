using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.EndToEnd.Tests.Conversations;
using Mesh.EndToEnd.Tests.Running;

namespace Mesh.EndToEnd.Tests.Faults;

/// <summary>Who may come in, and what is refused at the edge.</summary>
public sealed class EdgeTests(RunningMesh mesh)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("not-a-key-that-anybody-has")]
    public async Task SendMessage_NoOrUnknownKey_IsUnauthenticated(string? key)
    {
        var dialog = new DialogService.DialogServiceClient(mesh.Invoker(key));

        var refused = await Assert.ThrowsAsync<RpcException>(() => LastAsync(dialog, new SendMessageRequest { Target = new ConversationTarget(), Text = "你好" }));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    [Fact]
    public async Task AnotherTenantsConversation_AnyCall_IsNotFound()
    {
        var conversation = new Chat(mesh, "13800000001");
        await conversation.SayAsync("SO2026110003啥情况", Cancelled);
        var other = new DialogService.DialogServiceClient(mesh.Invoker(RunningMesh.OtherTenantsKey));
        var id = conversation.Id;

        var read = await Assert.ThrowsAsync<RpcException>(async () => await other.GetConversationAsync(new GetConversationRequest { ConversationId = id }, cancellationToken: Cancelled));
        var written = await Assert.ThrowsAsync<RpcException>(() => LastAsync(other, new SendMessageRequest { Target = new ConversationTarget { ConversationId = id }, Text = "你好" }));
        var taken = await Assert.ThrowsAsync<RpcException>(async () => await other.TakeOverAsync(new TakeOverRequest { ConversationId = id, AgentId = "a" }, cancellationToken: Cancelled));
        using var tail = other.TailEvents(new TailEventsRequest { StopAtEnd = true }, cancellationToken: Cancelled);
        var seen = await tail.ResponseStream.ReadAllAsync(Cancelled).Select(stored => stored.ConversationId).ToListAsync(Cancelled);

        Assert.All([read, written, taken], refused => Assert.Equal(StatusCode.NotFound, refused.StatusCode));
        Assert.DoesNotContain(id, seen);
    }

    [Fact]
    public async Task SendMessage_AnotherCustomersConversation_IsNotFound()
    {
        var conversation = new Chat(mesh, "13800000001");
        await conversation.SayAsync("你好", Cancelled);

        var refused = await Assert.ThrowsAsync<RpcException>(() => LastAsync(
            mesh.Dialog, new SendMessageRequest { Target = new ConversationTarget { ConversationId = conversation.Id, CustomerId = "13800000002" }, Text = "我的订单" }));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    public static TheoryData<string> Unreadable => ["", "  \n\t ", "\u202e\u2066\u200b", new string('退', 4_001), new string('a', 1024 * 1024)];

    [Theory]
    [MemberData(nameof(Unreadable), DisableDiscoveryEnumeration = true)]
    public async Task SendMessage_EmptyOrTooLong_IsRefusedNamingTheField(string text)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => LastAsync(mesh.Dialog, new SendMessageRequest { Target = new ConversationTarget { CustomerId = "13800000001" }, Text = text }));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("text", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendMessage_LargerThanAnyMessageMayBe_IsRefusedAndTheMeshGoesOn()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => LastAsync(mesh.Dialog, new SendMessageRequest { Target = new ConversationTarget(), Text = new string('a', 6 * 1024 * 1024) }));

        Assert.True(refused.StatusCode is StatusCode.ResourceExhausted or StatusCode.InvalidArgument, $"{refused.Status}");
        Assert.NotEmpty((await new Chat(mesh, "").SayAsync("你好", Cancelled)).Answer);
    }

    [Fact]
    public async Task SendMessage_LongestText_IsAnswered()
    {
        var conversation = new Chat(mesh, "13800000001");

        var turn = await conversation.SayAsync(string.Concat(Enumerable.Repeat("这个订单我等了很久了", 398)) + "SO2026110001到哪了", Cancelled);

        Assert.NotNull(turn.Done);
        Assert.NotEmpty(turn.Answer);
    }

    private static async Task<TurnEvent?> LastAsync(DialogService.DialogServiceClient dialog, SendMessageRequest request)
    {
        using var call = dialog.SendMessage(request, cancellationToken: Cancelled);
        TurnEvent? last = null;
        await foreach (var happened in call.ResponseStream.ReadAllAsync(Cancelled))
            last = happened;
        return last;
    }
}
