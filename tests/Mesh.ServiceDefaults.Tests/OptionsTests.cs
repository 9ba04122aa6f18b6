using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mesh.ServiceDefaults.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task Start_SeveralWrongValues_AreAllNamedWithTheirRange()
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(new() { ["Sample:Slots"] = "0", ["Sample:Nested:Limit"] = "5000" }));

        Assert.Contains(e.Failures, f => f.Contains("Sample:Slots", StringComparison.Ordinal) && f.Contains("64", StringComparison.Ordinal));
        Assert.Contains(e.Failures, f => f.Contains("Sample:Nested:Limit", StringComparison.Ordinal) && f.Contains("100", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_UnknownKey_IsAnError()
    {
        var e = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => StartAsync(new() { ["Sample:Slotz"] = "4" }));

        Assert.Contains("Slotz", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RightValues_Starts() => await StartAsync(new() { ["Sample:Slots"] = "4" });

    private static async Task StartAsync(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddMeshOptions<SampleOptions>("Sample");
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    public sealed class SampleOptions
    {
        [Range(1, 64)]
        public int Slots { get; set; } = 8;

        public NestedOptions Nested { get; set; } = new();
    }

    public sealed class NestedOptions
    {
        [Range(1, 100)]
        public int Limit { get; set; } = 10;
    }
}
