namespace Mesh.Tools.Tests;

/// <summary>The real shop, and the Tools service with the sample's tools over it.</summary>
public sealed class ShopAndTools : IAsyncLifetime
{
    internal ShopSystem Shop { get; } = new();

    internal ToolsHost Tools { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Tools = await ToolsHost.StartAsync(Shop.Address);

    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        await Shop.DisposeAsync();
    }
}
