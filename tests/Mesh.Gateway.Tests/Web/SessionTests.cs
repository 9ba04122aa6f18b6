using System.Net;
using System.Text;
using System.Text.Json;
using Mesh.Gateway.Tests.Fakes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mesh.Gateway.Tests.Web;

public sealed class SessionTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Token_OfTheShop_MakesTheVisitorItsCustomer()
    {
        using var browser = _host.Browser();
        var session = await SignInAsync(browser, Token());
        Assert.Equal("林晓", session.GetProperty("customer").GetProperty("name").GetString());
        var events = await browser.SayAsync("我的订单", Stop);
        Assert.Equal("13800000001", _host.Dialog.Conversation(events.Conversation()).Target.CustomerId);
    }

    [Fact]
    public async Task Token_OfTheSameCustomerAgain_KeepsTheSession_OfAnotherDoesNot()
    {
        using var browser = _host.Browser();
        var first = (await SignInAsync(browser, Token())).GetProperty("session").GetString();
        var id = (await browser.SayAsync("我的订单", Stop)).Conversation();
        Assert.Equal(first, (await SignInAsync(browser, Token(minutes: 30))).GetProperty("session").GetString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/api/chat/conversations/{id}", Stop)).StatusCode);

        Assert.NotEqual(first, (await SignInAsync(browser, Token(sub: "13800000002"))).GetProperty("session").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/api/chat/conversations/{id}", Stop)).StatusCode);
    }

    public static TheoryData<string, string> BadTokens() => new()
    {
        { "expired", Token(minutes: -2) },
        { "too long", Token(minutes: 120) },
        { "no expiry", Sign(GatewayHost.TokenKey, """{"sub":"13800000001","tenant":"default"}""") },
        { "wrong key", Token(key: "another key that has the right length 0123456789") },
        { "wrong tenant", Token(tenant: "tenant-b") },
        { "no customer", Token(sub: "") },
        { "not yet valid", Token(notBeforeMinutes: 10) },
        { "alg none", $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Encode($$"""{"sub":"13800000001","tenant":"default","exp":{{Seconds(10)}}}""")}." },
        { "other algorithm", Token(algorithm: SecurityAlgorithms.HmacSha512) },
        { "cut off", Token()[..^4] },
        { "not a token", "abc" },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Token_ThatIsNotValid_IsRefusedWithoutSayingWhy(string why, string token)
    {
        using var browser = _host.Browser();
        using var response = await browser.PostAsync("/api/chat/session", JsonSerializer.Serialize(new { customerToken = token }), Stop);
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, why);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task SampleSignIn_IsOffUnlessSwitchedOn()
    {
        using var browser = _host.Browser();
        using var response = await browser.PostAsync("/api/chat/session", """{"sampleCustomer":"13800000001"}""", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("FAILED_PRECONDITION", (await response.ReadJsonAsync(Stop)).GetProperty("code").GetString());
        using var anonymous = await browser.PostAsync("/api/chat/session", "{}", Stop);
        Assert.False((await anonymous.ReadJsonAsync(Stop)).TryGetProperty("sample", out var sample) && sample.ValueKind == JsonValueKind.Array);
    }

    [Fact]
    public async Task SampleSignIn_WhereItIsOn_OffersTheLandmarks()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:SampleSignIn:Enabled", "true"));
        using var browser = host.Browser();
        using var response = await browser.PostAsync("/api/chat/session", """{"sampleCustomer":"13800000002"}""", Stop);
        var json = await response.ReadJsonAsync(Stop);
        Assert.Equal("13800000002", json.GetProperty("customer").GetProperty("id").GetString());
        Assert.Equal(["13800000001", "13800000002"], json.GetProperty("sample").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync("/api/chat/session", """{"sampleCustomer":"13900000000"}""", Stop)).StatusCode);
    }

    [Fact]
    public async Task Messages_BeyondTheSessionsBucket_AreRefusedWithRetryAfter()
    {
        await using var host = await GatewayHost.StartAsync(("Gateway:Limits:SessionMessages:Burst", "2"), ("Gateway:Limits:SessionMessages:PerMinute", "6"));
        using var browser = await host.Browser().WithSessionAsync(Stop);
        for (var i = 0; i < 2; i++) await browser.SayAsync("hi", Stop);
        using var response = await browser.PostAsync("/api/chat/messages", """{"clientMessageId":"3","text":"hi"}""", Stop);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        using var other = await host.Browser().WithSessionAsync(Stop);
        await other.SayAsync("hi", Stop);
    }

    private static async Task<JsonElement> SignInAsync(HttpClient browser, string token)
    {
        using var response = await browser.PostAsync("/api/chat/session", JsonSerializer.Serialize(new { customerToken = token }), Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadJsonAsync(Stop);
    }

    private static string Token(
        string sub = "13800000001", string tenant = "default", double minutes = 10, string key = GatewayHost.TokenKey, string algorithm = SecurityAlgorithms.HmacSha256, double notBeforeMinutes = -1) =>
        Sign(key, $$"""{"sub":"{{sub}}","tenant":"{{tenant}}","name":"林晓","nbf":{{Seconds(notBeforeMinutes)}},"exp":{{Seconds(minutes)}}}""", algorithm);

    private static string Sign(string key, string payload, string algorithm = SecurityAlgorithms.HmacSha256) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload, new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(algorithm == SecurityAlgorithms.HmacSha512 ? key.PadRight(64) : key)) { KeyId = null }, algorithm));

    private static long Seconds(double minutes) => TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds();

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);
}
