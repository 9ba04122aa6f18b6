using Aspire.Hosting.ApplicationModel;
using Mesh.EndToEnd.Tests.Conversations;
using Mesh.EndToEnd.Tests.Running;
using Mesh.Retrieval.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.EndToEnd.Tests;

/// <summary>The buttons of the dashboard, pressed as it presses them.</summary>
public sealed class OperatorCommandTests(RunningMesh mesh)
{
    [Fact]
    public async Task Reingest_Pressed_MakesANewSnapshotLive()
    {
        var before = await LiveAsync();

        await PressAsync("retrieval", "reingest");

        var after = await LiveAsync();
        Assert.NotEqual(before.SnapshotId, after.SnapshotId);
        Assert.Equal((before.Documents, before.Chunks), (after.Documents, after.Chunks));
    }

    [Fact]
    public async Task Reset_Pressed_PutsTheShopBackToItsSeed()
    {
        var chat = new Chat(mesh, "13800000001");
        await chat.SayAsync("取消SO2026110003 买重复了", TestContext.Current.CancellationToken);
        await chat.SayAsync("确认", TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", await StatusAsync());

        await PressAsync("shop-api", "reset");

        Assert.Equal("paid", await StatusAsync());
    }

    private async Task<string?> StatusAsync() => (await mesh.Shop.GetAsync("13800000001", "orders/SO2026110003", TestContext.Current.CancellationToken))?["status"]?.GetValue<string>();

    private async Task PressAsync(string resource, string command)
    {
        var result = await mesh.App.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Message);
    }

    private async Task<Snapshot> LiveAsync() =>
        (await mesh.Retrieval.ListSnapshotsAsync(new ListSnapshotsRequest(), cancellationToken: TestContext.Current.CancellationToken))
            .Snapshots.Single(s => s.State == Snapshot.Types.State.Live);
}
