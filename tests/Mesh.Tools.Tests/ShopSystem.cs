extern alias shop;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Mesh.Tools.Tests;

/// <summary>The real sample shop on a Kestrel port of its own.</summary>
internal sealed class ShopSystem : WebApplicationFactory<shop::Program>
{
    public const string ApiKey = "key-of-the-shop";
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-tools-shop-").FullName;

    public ShopSystem()
    {
        UseKestrel(0);
        StartServer();
        var client = CreateClient();
        Address = client.BaseAddress!;
    }

    public Uri Address { get; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("Shop:ApiKey", ApiKey);
        builder.UseSetting("Shop:Database", Path.Combine(folder, "shop.db"));
        builder.UseSetting("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0");
    }

    /// <summary>What the shop itself says about an order, past the tools.</summary>
    public async Task<JsonNode> OrderAsync(string number, string customer = ToolsHost.Customer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{number}");
        request.Headers.Add("X-Api-Key", ApiKey);
        request.Headers.Add("X-Customer-Id", customer);
        using var response = await CreateClient().SendAsync(request, TestContext.Current.CancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }

    /// <summary>The seeded data again, and no faults.</summary>
    public async Task ResetAsync()
    {
        await FaultsAsync(new { });
        await AdminAsync("/admin/reset", new { });
    }

    public Task FaultsAsync(object faults) => AdminAsync("/admin/faults", faults);

    private async Task AdminAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Api-Key", ApiKey);
        using var response = await CreateClient().SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (disposing && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
