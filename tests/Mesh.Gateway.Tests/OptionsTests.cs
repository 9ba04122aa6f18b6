using Mesh.Gateway.Tests.Fakes;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task Start_WithWrongOptions_NamesAllOfThem()
    {
        var data = Directory.CreateTempSubdirectory("mesh-gateway").FullName;
        var e = await Record.ExceptionAsync(async () =>
        {
            await using var app = GatewayHost.Build("http://127.0.0.1:1", data,
                ("Gateway:ApiKeys:0:Sha256", "abc"),
                ("Gateway:ApiKeys:1:Scopes:0", "internal"),
                ("Gateway:ApiKeys:2:Name", "chat"),
                ("Gateway:ApiKeys:3:Tenant", "Not A Tenant"),
                ("Gateway:CustomerTokens:Key", "short"),
                ("Gateway:Edge:MaxMessageBytes", "1"),
                ("Gateway:Limits:Key:Burst", "0"),
                ("Gateway:Web:FrameAncestors", "'unsafe-inline'; script-src *"));
            await app.StartAsync(TestContext.Current.CancellationToken);
        });
        Directory.Delete(data, recursive: true);
        var message = Assert.IsType<OptionsValidationException>(e).Message;
        Assert.All(
            ["ApiKeys:0:Sha256", "'internal'", "'chat' more than once", "ApiKeys:3: Tenant", "CustomerTokens:Key", "Edge:MaxMessageBytes", "Limits:Key:Burst", "Web:FrameAncestors"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithAnUnknownOption_IsRefused()
    {
        var data = Directory.CreateTempSubdirectory("mesh-gateway").FullName;
        var e = await Record.ExceptionAsync(async () =>
        {
            await using var app = GatewayHost.Build("http://127.0.0.1:1", data, ("Gateway:SampleSignin:Enable", "true"));
            await app.StartAsync(TestContext.Current.CancellationToken);
        });
        Directory.Delete(data, recursive: true);
        Assert.Contains("Enable", Assert.IsType<InvalidOperationException>(e).ToString(), StringComparison.Ordinal);
    }
}
