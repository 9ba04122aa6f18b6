using System.Diagnostics;
using Grpc.Net.Client;
using Mesh.Tools.V1;
using Status = Mesh.Tools.V1.ToolResult.Types.Status;

namespace Mesh.Tools.Tests;

/// <summary>The service as a process of its own that is killed between the effect and its record.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const string Cancelled = """{"order_number":"SO2026110003","status":"cancelled","status_text":"已取消","refund":null}""";
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-tools-crash-").FullName;
    private readonly List<Process> processes = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Confirm_KilledBeforeTheRecord_RepeatsUnderTheSameKey()
    {
        var arrived = new TaskCompletionSource();
        var dead = new TaskCompletionSource();
        await using var system = await ScriptedSystem.StartAsync(async (c, n) =>
        {
            if (n == 1)
            {
                // The effect is done here; its answer finds nobody.
                arrived.SetResult();
                await dead.Task;
            }

            await ScriptedSystem.Json(c, 200, Cancelled);
        });
        var request = ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "k");
        string id;
        using (var first = await StartAsync(system.Address))
        {
            var client = new ToolsService.ToolsServiceClient(first);
            id = (await client.InvokeAsync(request, ToolsHost.Headers(), cancellationToken: TestContext.Current.CancellationToken)).ConfirmationRequired.ConfirmationId;
            var confirm = client.ConfirmAsync(Confirmation(id), ToolsHost.Headers(), cancellationToken: TestContext.Current.CancellationToken);
            await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
            processes[0].Kill();
            await processes[0].WaitForExitAsync(TestContext.Current.CancellationToken);
            dead.SetResult();
            await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await confirm);
        }

        using var second = await StartAsync(system.Address);
        var again = new ToolsService.ToolsServiceClient(second);
        var result = (await again.ConfirmAsync(Confirmation(id), ToolsHost.Headers(), cancellationToken: TestContext.Current.CancellationToken)).Result;
        var replayed = (await again.InvokeAsync(request, ToolsHost.Headers(), cancellationToken: TestContext.Current.CancellationToken)).Result;

        Assert.Equal((Status.Ok, false), (result.Status, result.Replayed));
        Assert.Equal((Status.Ok, true), (replayed.Status, replayed.Replayed));
        Assert.Equal(2, system.Requests.Count);
        Assert.Single(system.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
    }

    private static ConfirmRequest Confirmation(string id) =>
        new() { ConfirmationId = id, Approve = true, CustomerId = ToolsHost.Customer, ConversationId = ToolsHost.Conversation };

    private async Task<GrpcChannel> StartAsync(Uri shop)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Mesh.Tools.dll")]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__grpc__Url"] = "http://127.0.0.1:0",
            ["Kestrel__Endpoints__grpc__Protocols"] = "Http2",
            ["Logging__LogLevel__Default"] = "Information",
            ["Mesh__DataDirectory"] = folder,
            ["Mesh__Internal__Key"] = new string('k', 32),
            ["Tools__File"] = Path.Combine(ToolsHost.ShopFolder, "tools.yaml"),
            ["Tools__Addresses__shop"] = shop.ToString(),
            ["Tools__Secrets__shop-api-key"] = ShopSystem.ApiKey,
        })
            start.Environment[name] = value;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        processes.Add(process);
        var address = new TaskCompletionSource<string>();
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("The service ended before it listened."));
        process.OutputDataReceived += (_, output) =>
        {
            if (output.Data?.IndexOf("http://127.0.0.1:", StringComparison.Ordinal) is >= 0 and var at)
                address.TrySetResult(output.Data[at..].Trim());
        };
        process.Start();
        process.BeginOutputReadLine();
        return GrpcChannel.ForAddress(await address.Task.WaitAsync(TestContext.Current.CancellationToken));
    }
}
