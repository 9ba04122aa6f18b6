using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Gateway.Edge;
using Mesh.Gateway.Tests.Fakes;

namespace Mesh.Gateway.Tests.Edge;

public sealed class AccessTests(AccessTests.Shared shared) : IClassFixture<AccessTests.Shared>
{
    private readonly GrpcChannel _channel = shared.Channel;

    public static TheoryData<string, string> Matrix()
    {
        var data = new TheoryData<string, string>();
        foreach (var key in GatewayHost.Keys.Keys.Where(k => k != "all"))
            foreach (var method in EdgeMethods.ByPath.Keys) data.Add(key, method);
        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Call_ByScope_IsLetInOrDenied(string key, string path)
    {
        var method = EdgeMethods.ByPath[path];
        var status = await RawCall.StatusAsync(_channel, path, GatewayHost.Key(key));
        if (method.Scopes.Contains(key)) Assert.NotEqual(StatusCode.PermissionDenied, status);
        else Assert.Equal(StatusCode.PermissionDenied, status);
    }

    [Fact]
    public void EveryMethodOfTheContracts_HasAScope()
    {
        Assert.All(EdgeMethods.ByPath.Values, m => Assert.NotEmpty(m.Scopes));
        Assert.All(EdgeMethods.ByPath.Values, m => Assert.All(m.Scopes, s => Assert.Contains(s, EdgeMethods.Scopes.Items)));
    }

    [Theory]
    [InlineData("/mesh.dialog.v1.DialogService/NoSuchMethod")]
    [InlineData("/mesh.tools.v1.ToolsService/Invoke")]
    [InlineData("/mesh.generation.v1.GenerationService/Generate")]
    public async Task Call_ToWhatIsNotExposed_IsUnimplemented(string path) =>
        Assert.Equal(StatusCode.Unimplemented, await RawCall.StatusAsync(_channel, path, GatewayHost.Key("all")));

    public sealed class Shared : IAsyncLifetime
    {
        private GatewayHost _host = null!;

        public GrpcChannel Channel { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _host = await GatewayHost.StartAsync();
            Channel = _host.Channel();
        }

        public async ValueTask DisposeAsync()
        {
            Channel.Dispose();
            await _host.DisposeAsync();
        }
    }
}
