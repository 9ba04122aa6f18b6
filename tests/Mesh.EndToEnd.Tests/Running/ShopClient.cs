using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Mesh.EndToEnd.Tests.Running;

/// <summary>The shop's own API, to see what was really done and to put faults into it.</summary>
public sealed class ShopClient(HttpClient http)
{
    /// <summary>Puts all orders back to the seed.</summary>
    public Task ResetAsync(CancellationToken cancellationToken) => PostAsync("/admin/reset", null, cancellationToken);

    /// <summary>Makes the shop misbehave until <see cref="HealAsync"/>.</summary>
    public Task HurtAsync(int delayMs = 0, double failRate = 0, CancellationToken cancellationToken = default) =>
        PostAsync("/admin/faults", new { delay_ms = delayMs, fail_rate = failRate }, cancellationToken);

    public Task HealAsync(CancellationToken cancellationToken) => PostAsync("/admin/faults", new { }, cancellationToken);

    /// <summary>What the shop answers a customer, null where there is nothing.</summary>
    /// <param name="path">Below /v1/, for example "orders/SO2026110001".</param>
    public async Task<JsonNode?> GetAsync(string customer, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/{path}");
        request.Headers.Add("X-Customer-Id", customer);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
    }

    private async Task PostAsync(string path, object? body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(path, body is null ? null : JsonContent.Create(body), cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
