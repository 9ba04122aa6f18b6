using System.Diagnostics;
using System.Text.Json.Nodes;
using Mesh.EndToEnd.Tests.Running;

namespace Mesh.EndToEnd.Tests;

/// <summary><c>mesh ask</c> against the running mesh, as the README shows it.</summary>
public sealed class AskTests(RunningMesh mesh)
{
    [Fact]
    public async Task Ask_OrdersWhereabouts_PrintsOneJsonObject()
    {
        var (exitCode, output) = await RunAsync("ask", "--json", "--address", mesh.Address.ToString(), "--customer", "13800000001", "我的订单 SO2026110001 到哪了");

        Assert.Equal(0, exitCode);
        var answer = JsonNode.Parse(output)!;
        Assert.Contains("2 个包裹", (string?)answer["answer"], StringComparison.Ordinal);
        var call = Assert.Single(answer["tool_calls"]!.AsArray());
        Assert.Equal(("track_order", "ok", "SO2026110001"), ((string?)call!["name"], (string?)call["status"], (string?)call["arguments"]!["order_number"]));
        Assert.Contains(answer["commands"]!.AsArray(), command => (string?)command!["type"] == "start_flow" && (string?)command["name"] == "track_order" && (double)command["score"]! > 0.5);
        Assert.NotEmpty((string)answer["conversation"]!);
        Assert.NotNull(answer["timings_ms"]);
        Assert.NotNull(answer["citations"]);
    }

    [Fact]
    public async Task Ask_UnknownKey_FailsNamingTheStatus()
    {
        var (exitCode, output) = await RunAsync("ask", "--json", "--address", mesh.Address.ToString(), "--key", "wrong", "你好");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Unauthenticated", output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Mesh.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
