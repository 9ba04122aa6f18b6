using System.Net;
using System.Text.Json;
using Mesh.Dialog.V1;
using Mesh.Gateway.Tests.Fakes;
using Mesh.ServiceDefaults.Callers;

namespace Mesh.Gateway.Tests.Web;

public sealed class ChatApiTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Message_OfANewVisitor_StreamsAcceptedFirstAndTextAfter()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var events = await browser.SayAsync("我的订单", Stop);
        Assert.True(events[0].TryGetProperty("accepted", out _));
        Assert.NotEmpty(events.Conversation());
        Assert.Contains("SO2026110001", events.Text(), StringComparison.Ordinal);
        Assert.Equal("OWNER_BOT", events[^1].GetProperty("turnCompleted").GetProperty("owner").GetString());

        Assert.Equal(Caller.DefaultTenant, _host.Dialog.Headers.GetValue(Caller.TenantHeader));
        Assert.StartsWith("web:", _host.Dialog.Headers.GetValue(Caller.SubjectHeader), StringComparison.Ordinal);
        Assert.Equal(GatewayHost.InternalKey, _host.Dialog.Headers.GetValue(Caller.KeyHeader));
    }

    [Fact]
    public async Task Message_IsStreamed_BeforeTheTurnEnds()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        _host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var response = await browser.PostAsync("/api/chat/messages", """{"clientMessageId":"1","text":"我的订单"}""", Stop);
        var text = "";
        await foreach (var (_, _, data) in response.EventsAsync(Stop))
        {
            if (data.TryGetProperty("textDelta", out var delta)) text += delta.GetProperty("text").GetString();
            if (text.Length >= 12) _host.Dialog.Hold.TrySetResult();
        }
        Assert.Contains("仓库打包中", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsInternal_DoesNotReachTheBrowser()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var turn = string.Concat((await browser.SayAsync("我的订单", Stop)).Select(e => e.GetRawText()));
        var handOver = await browser.SayAsync("转人工", Stop);
        var id = handOver.Conversation();
        _host.Dialog.Conversation(id).Append(new ConversationEvent { PrivateNote = new PrivateNote { Text = "internal note" } });
        _host.Dialog.Conversation(id).Append(new ConversationEvent { AgentMessage = new AgentMessage { MessageId = "m", AgentId = "agent-7", AgentName = "小周", Text = "您好" } });
        var transcript = await browser.GetStringAsync($"/api/chat/conversations/{id}", Stop);
        using var response = await browser.GetAsync($"/api/chat/conversations/{id}/events", HttpCompletionOption.ResponseHeadersRead, Stop);
        var history = "";
        await foreach (var (_, _, data) in response.EventsAsync(Stop))
        {
            history += data.GetRawText();
            if (data.TryGetProperty("agentMessage", out _)) break;
        }
        var all = turn + string.Concat(handOver.Select(e => e.GetRawText())) + transcript + history;
        Assert.Contains("小周", all, StringComparison.Ordinal);
        Assert.All(["secret_flow", "13800000001", "\"internal", "internal note", "internal summary", "agent-7", "guardVerdict", "degradations", "web_session"],
            word => Assert.DoesNotContain(word, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Conversation_OfAnotherSession_IsNotFound()
    {
        using var mine = await _host.Browser().WithSessionAsync(Stop);
        using var other = await _host.Browser().WithSessionAsync(Stop);
        var id = (await mine.SayAsync("我的订单", Stop)).Conversation();
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync($"/api/chat/conversations/{id}", Stop)).StatusCode);

        // Asked twice: once of the service, once of what is remembered.
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/chat/conversations/{id}", Stop)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/chat/conversations/{id}/events", Stop)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync("/api/chat/messages", $$"""{"clientMessageId":"1","text":"hi","conversationId":"{{id}}"}""", Stop)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync("/api/chat/feedback", $$"""{"conversationId":"{{id}}","messageId":"m","rating":1}""", Stop)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await mine.GetAsync("/api/chat/conversations/no-such", Stop)).StatusCode);
        Assert.Equal(1, _host.Dialog.Turns);
    }

    [Fact]
    public async Task Conversation_IsFetchedAgainAsItWas()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var id = (await browser.SayAsync("我的订单", Stop)).Conversation();
        var json = JsonDocument.Parse(await browser.GetStringAsync($"/api/chat/conversations/{id}", Stop)).RootElement;
        Assert.Equal(["AUTHOR_CUSTOMER", "AUTHOR_BOT"], json.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("author").GetString()));
    }

    [Fact]
    public async Task Conversation_SurvivesARestartOfTheGateway()
    {
        var cookies = new CookieContainer();
        using var before = await _host.Browser(cookies: cookies).WithSessionAsync(Stop);
        var id = (await before.SayAsync("我的订单", Stop)).Conversation();
        await using var again = await GatewayHost.StartAsync(_host.Downstream, ("Mesh:DataDirectory", _host.DataDirectory));
        using var after = again.Browser(cookies: cookies);
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync($"/api/chat/conversations/{id}", Stop)).StatusCode);
    }

    [Fact]
    public async Task WithoutSession_IsUnauthenticated()
    {
        using var browser = _host.Browser();
        using var response = await browser.PostAsync("/api/chat/messages", """{"clientMessageId":"1","text":"hi"}""", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("UNAUTHENTICATED", (await response.ReadJsonAsync(Stop)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task ForgedCookie_IsNoSession()
    {
        using var browser = _host.Browser();
        browser.DefaultRequestHeaders.Add("Cookie", "mesh_chat=CfDJ8forged");
        using var response = await browser.GetAsync("/api/chat/conversations/c-1", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Session_SetsACookieThatScriptsCannotRead()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _host.Http };
        browser.DefaultRequestHeaders.Add("X-Requested-With", "mesh-chat");
        using var response = await browser.PostAsync("/api/chat/session", "{}", Stop);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/api/chat", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task Post_FromAnotherSite_IsForbidden(string header, string value)
    {
        using var browser = _host.Browser(ofOwnSite: false);
        browser.DefaultRequestHeaders.Add("X-Requested-With", "mesh-chat");
        browser.DefaultRequestHeaders.Add(header, value);
        using var response = await browser.PostAsync("/api/chat/session", "{}", Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Post_WithoutTheHeader_IsForbidden()
    {
        using var browser = _host.Browser(ofOwnSite: false);
        using var response = await browser.PostAsync("/api/chat/session", "{}", Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"clientMessageId":"1","text":"hi","colour":"red"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"clientMessageId":"1","text":"hi","text":"ho"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"text":"hi"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"clientMessageId":"1"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"clientMessageId":"1","text":"   "}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"clientMessageId":"1","text":"hi","confirmation":{"confirmationId":"c","approve":true}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"clientMessageId":"1","text":"hi","locale":"xx"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"clientMessageId":""", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    public async Task Message_ThatIsNotOne_IsRefused(string json, HttpStatusCode status)
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        using var response = await browser.PostAsync("/api/chat/messages", json, Stop);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(0, _host.Dialog.Turns);
    }

    [Fact]
    public async Task Message_OfOneMegabyte_IsTooLarge()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        using var response = await browser.PostAsync("/api/chat/messages", $$"""{"clientMessageId":"1","text":"{{new string('x', 1024 * 1024)}}"}""", Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("PAYLOAD_TOO_LARGE", (await response.ReadJsonAsync(Stop)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Message_OverTheCharacterLimit_NamesItInEnglishOrChinese()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var json = $$"""{"clientMessageId":"1","text":"{{new string('x', 4_001)}}"}""";
        var chinese = await (await browser.PostAsync("/api/chat/messages", json, Stop)).ReadJsonAsync(Stop);
        var english = await (await browser.PostAsync("/api/chat/messages", json, Stop, language: "en-GB,zh;q=0.5")).ReadJsonAsync(Stop);
        Assert.Equal("请求有误，请检查后再试。", chinese.GetProperty("title").GetString());
        Assert.Equal("The request is not valid.", english.GetProperty("title").GetString());
        Assert.Contains("at most 4000", english.GetProperty("errors").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithTheSameId_IsAnsweredOnce()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var first = await browser.SayAsync("我的订单", Stop, clientMessageId: "same");
        var second = await browser.SayAsync("我的订单", Stop, first.Conversation(), clientMessageId: "same");
        Assert.True(second[0].GetProperty("accepted").GetProperty("duplicate").GetBoolean());
        Assert.Equal(first.Text(), second.Text());
        Assert.Equal(1, _host.Dialog.Turns);
    }

    [Fact]
    public async Task ServiceThatBreaksMidAnswer_EndsTheStreamWithAProblem()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        _host.Dialog.Breaks = 1;
        _host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var response = await browser.PostAsync("/api/chat/messages", """{"clientMessageId":"1","text":"我的订单"}""", Stop);
        var last = (Type: "", Data: default(JsonElement));
        await foreach (var (type, _, data) in response.EventsAsync(Stop))
        {
            last = (type, data);
            if (data.TryGetProperty("textDelta", out var delta) && delta.GetProperty("text").GetString()!.Length > 0) _host.Dialog.Hold.TrySetResult();
        }
        Assert.Equal("problem", last.Type);
        Assert.Equal(503, last.Data.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task ServiceThatIsDown_IsUnavailable_AndHealthIsDegraded()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        Assert.Equal("Healthy", JsonDocument.Parse(await browser.GetStringAsync("/health", Stop)).RootElement.GetProperty("status").GetString());
        await _host.Downstream.KillAsync();
        using var response = await browser.PostAsync("/api/chat/messages", """{"clientMessageId":"1","text":"hi"}""", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("客服系统暂时无法连接，请稍后重试。", (await response.ReadJsonAsync(Stop)).GetProperty("title").GetString());

        using var health = await browser.GetAsync("/health", Stop);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("Degraded", (await health.ReadJsonAsync(Stop)).GetProperty("status").GetString());
        Assert.Equal("Healthy", JsonDocument.Parse(await browser.GetStringAsync("/alive", Stop)).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task BrowserThatLeaves_CancelsTheTurn()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var response = await browser.PostAsync("/api/chat/messages", """{"clientMessageId":"1","text":"wait"}""", Stop);
        await _host.Dialog.Waiting.Task.WaitAsync(Stop);
        response.Dispose();
        await _host.Dialog.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), Stop);
    }

    [Fact]
    public async Task Events_AfterASequence_ResumeThereAndGoOnLive()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var id = (await browser.SayAsync("转人工", Stop)).Conversation();
        var conversation = _host.Dialog.Conversation(id);
        var after = conversation.LastSequence;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chat/conversations/{id}/events?after=1");
        request.Headers.Add("Last-Event-ID", $"{after}");
        using var response = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        conversation.Append(new ConversationEvent { AgentMessage = new AgentMessage { MessageId = "a-1", AgentName = "小周", Text = "您好" } });
        await foreach (var (type, eventId, data) in response.EventsAsync(Stop))
        {
            if (type == "ping") continue;
            Assert.Equal("history", type);
            Assert.Equal($"{after + 1}", eventId);
            Assert.Equal("您好", data.GetProperty("agentMessage").GetProperty("text").GetString());
            break;
        }
    }

    [Fact]
    public async Task Passage_IsTheOneThatWasCited()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var json = JsonDocument.Parse(await browser.GetStringAsync($"/api/chat/passages/{Uri.EscapeDataString("returns/seven-days.md#2")}?snapshot=s-1", Stop)).RootElement;
        Assert.Equal("七天无理由退货", json.GetProperty("passage").GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/api/chat/passages/other", Stop)).StatusCode);
    }

    [Fact]
    public async Task Feedback_IsGivenAndChecked()
    {
        using var browser = await _host.Browser().WithSessionAsync(Stop);
        var events = await browser.SayAsync("我的订单", Stop);
        var id = events.Conversation();
        Assert.Equal(HttpStatusCode.NoContent, (await browser.PostAsync("/api/chat/feedback", $$"""{"conversationId":"{{id}}","messageId":"m-1","rating":-1,"comment":"没说清楚"}""", Stop)).StatusCode);
        Assert.Equal("没说清楚", _host.Dialog.Conversation(id).Events[^1].FeedbackGiven.Comment);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/api/chat/feedback", $$"""{"conversationId":"{{id}}","messageId":"m-1","rating":5}""", Stop)).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/chat")]
    [InlineData("/api/chat/session")]
    [InlineData("/health")]
    public async Task EveryAnswer_HasAStrictPolicy(string path)
    {
        using var browser = _host.Browser();
        using var response = await browser.GetAsync(path, Stop);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Server"));
    }
}
