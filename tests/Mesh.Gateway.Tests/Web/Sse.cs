using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Mesh.Gateway.Tests.Web;

/// <summary>Reads the page's API as the page does.</summary>
internal static class Sse
{
    public static async Task<HttpResponseMessage> PostAsync(this HttpClient browser, string path, string json, CancellationToken stop, string language = "zh-CN")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept-Language", language);
        return await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response, CancellationToken stop) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(stop)).RootElement;

    public static async IAsyncEnumerable<(string Type, string? Id, JsonElement Data)> EventsAsync(
        this HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(stop)).EnumerateAsync(stop))
            yield return (item.EventType, item.EventId, JsonDocument.Parse(item.Data).RootElement);
    }

    /// <summary>Sends one message and returns all its events.</summary>
    public static async Task<List<JsonElement>> SayAsync(this HttpClient browser, string text, CancellationToken stop, string? conversation = null, string? clientMessageId = null)
    {
        clientMessageId ??= Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        using var response = await browser.PostAsync("/api/chat/messages", JsonSerializer.Serialize(new { clientMessageId, text, conversationId = conversation }), stop);
        Assert.Equal(200, (int)response.StatusCode);
        var events = new List<JsonElement>();
        await foreach (var (type, _, data) in response.EventsAsync(stop))
            if (type == "turn") events.Add(data);
        return events;
    }

    public static async Task<HttpClient> WithSessionAsync(this HttpClient browser, CancellationToken stop)
    {
        using var response = await browser.PostAsync("/api/chat/session", "{}", stop);
        Assert.Equal(200, (int)response.StatusCode);
        return browser;
    }

    public static string Text(this IEnumerable<JsonElement> events) =>
        string.Concat(events.Select(e => e.TryGetProperty("textDelta", out var delta) ? delta.GetProperty("text").GetString() : ""));

    public static string Conversation(this IReadOnlyList<JsonElement> events) => events[0].GetProperty("conversationId").GetString()!;
}
