using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Mesh.Shop.Tests;

/// <summary>The shop on a real Kestrel port, with a database of its own.</summary>
public sealed class ShopFactory : WebApplicationFactory<Program>
{
    public const string ApiKey = "key-of-the-tests";
    public const string First = "13800000001";
    public const string Second = "13800000002";

    private readonly string folder = Directory.CreateTempSubdirectory("mesh-shop-").FullName;
    private readonly Dictionary<string, string?> settings;

    public ShopFactory() : this([])
    {
    }

    internal ShopFactory(Dictionary<string, string?> settings)
    {
        this.settings = settings;
        UseKestrel(0);
    }

    internal string Database => settings.GetValueOrDefault("Shop:Database") ?? Path.Combine(folder, "shop.db");

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("Shop:ApiKey", ApiKey);
        builder.UseSetting("Shop:Database", Database);
        builder.UseSetting("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0");
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
    }

    /// <summary>A client that asks for one customer.</summary>
    internal HttpClient For(string? customer, string language = "zh")
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        if (customer is not null)
            client.DefaultRequestHeaders.Add("X-Customer-Id", customer);
        return client;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (disposing && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}

internal static class ShopCalls
{
    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Sends JSON, with an idempotency key for effects, and reads the answer with its status.</summary>
    public static async Task<(int Status, JsonNode Body, HttpResponseMessage Response)> Send(
        this HttpClient client, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        var response = await client.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        return ((int)response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!, response);
    }

    public static Task<(int Status, JsonNode Body, HttpResponseMessage Response)> Get(this HttpClient client, string path) => client.Send(HttpMethod.Get, path);

    public static Task<(int Status, JsonNode Body, HttpResponseMessage Response)> Post(this HttpClient client, string path, object body, string? key) =>
        client.Send(HttpMethod.Post, path, body, key);

    public static string? Code(this JsonNode problem) => (string?)problem["code"];
}
