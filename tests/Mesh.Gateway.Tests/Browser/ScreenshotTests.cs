using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Dialog.V1;
using Mesh.Gateway.Tests.Fakes;
using Microsoft.Playwright;

namespace Mesh.Gateway.Tests.Browser;

/// <summary>Pictures of the page for people to look at, where MESH_SCREENSHOTS names a folder.</summary>
[Trait("Category", "Browser")]
public sealed class ScreenshotTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("desktop-zh", "zh-CN", 1280, 800, false, false)]
    [InlineData("desktop-en-dark", "en-GB", 1280, 800, true, false)]
    [InlineData("phone-zh", "zh-CN", 390, 844, false, true)]
    [InlineData("phone-en-dark", "en-GB", 360, 740, true, true)]
    public async Task Page_IsPictured(string name, string locale, int width, int height, bool dark, bool phone)
    {
        var folder = Environment.GetEnvironmentVariable("MESH_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "MESH_SCREENSHOTS names no folder");
        await using var host = await GatewayHost.StartAsync(("Gateway:SampleSignIn:Enabled", "true"));
        var page = await chromium.PageAsync(host.Http, locale, width, height, dark, phone);
        var english = locale.StartsWith("en", StringComparison.Ordinal);
        await page.GotoAsync("/");
        await page.Locator(".suggestion").First.WaitForAsync();
        await page.SelectOptionAsync("#sample", "13800000001");
        await Assertions.Expect(page.Locator("#greeting")).ToContainTextAsync("林晓");
        await ShotAsync("1-start");

        await SayAsync(english ? "where is my order" : "我的订单到哪了");
        await SayAsync(english ? "can I return it" : "可以退吗？七天内");
        await ShotAsync("2-answer");
        await page.Locator(".source").First.ClickAsync();
        await page.Locator(".passage").WaitForAsync();
        await ShotAsync("3-passage");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".thumb").Last.ClickAsync();
        await page.Locator(".comment").WaitForAsync();
        await SayAsync(english ? "cancel my other order" : "帮我取消另外那个");
        await ShotAsync("4-confirm");
        await page.Locator(".buttons .primary").ClickAsync();
        await page.Locator(".answered").WaitForAsync();
        host.Dialog.Breaks = 1;
        host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.FillAsync("#text", english ? "and my order?" : "那订单呢");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".streaming").WaitForAsync();
        await ShotAsync("5-streaming");
        host.Dialog.Hold.SetResult();
        await page.Locator(".trouble").WaitForAsync();
        host.Dialog.Reset();
        await ShotAsync("6-trouble");
        await page.Locator(".retry").ClickAsync();
        await page.Locator(".trouble").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await SayAsync(english ? "a person please" : "转人工");
        await page.Locator(".note").First.WaitForAsync();
        var id = (await page.EvaluateAsync<string>("JSON.parse(sessionStorage.chat).conversation"))!;
        var conversation = host.Dialog.Conversation(id);
        conversation.Append(new() { OwnerChanged = new() { Owner = Owner.Agent, AgentName = english ? "Mia" : "小周" } });
        conversation.Append(new() { AgentMessage = new() { MessageId = "a1", AgentName = english ? "Mia" : "小周", Text = english ? "Hello, Mia here. I am looking at your two parcels now." : "您好，我是小周，正在为您核对两个包裹的情况。" } });
        await page.Locator(".entry.agent").WaitForAsync();
        await ShotAsync("7-person");
        await page.Context.CloseAsync();

        async Task SayAsync(string text)
        {
            await page.FillAsync("#text", text);
            await page.Keyboard.PressAsync("Enter");
            await page.Locator(".entry.customer").Last.WaitForAsync();
            await Assertions.Expect(page.Locator("#stop")).ToBeHiddenAsync();
            await Assertions.Expect(page.Locator(".streaming, .typing")).ToHaveCountAsync(0);
        }

        Task ShotAsync(string step) => page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{step}.png"), Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>The same against a mesh that runs (MESH_CHAT, for example http://localhost:8080) with the sample shop.</summary>
    [Theory]
    [InlineData("live-desktop", 1280, 800, false)]
    [InlineData("live-phone", 390, 844, true)]
    public async Task RunningMesh_IsPictured(string name, int width, int height, bool phone)
    {
        var folder = Environment.GetEnvironmentVariable("MESH_SCREENSHOTS");
        var address = Environment.GetEnvironmentVariable("MESH_CHAT");
        Assert.SkipWhen(string.IsNullOrEmpty(folder) || string.IsNullOrEmpty(address), "MESH_CHAT or MESH_SCREENSHOTS is not set");
        var page = await chromium.PageAsync(new Uri(address), width: width, height: height, phone: phone);
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync("/");
        await page.Locator("#demo").WaitForAsync();
        await page.SelectOptionAsync("#sample", "13800000001");
        await Assertions.Expect(page.Locator("#greeting")).ToContainTextAsync("林晓");
        await SayAsync("我的订单SO2026110001到哪了", "1-order");
        await SayAsync("七天无理由退货怎么算时间", "2-knowledge");
        await page.Locator(".source").First.ClickAsync();
        await page.Locator(".passage").WaitForAsync();
        await ShotAsync("3-passage");
        await page.Keyboard.PressAsync("Escape");
        await SayAsync("帮我把SO2026110003取消了", "4-cancel");
        await page.Locator(".replies button").First.ClickAsync();
        await page.Locator(".buttons .primary").WaitForAsync();
        await ShotAsync("4-confirm");
        await page.Locator(".buttons button:not(.primary)").ClickAsync();
        await page.Locator(".confirmation.answered").WaitForAsync();
        await SayAsync("转人工", "5-person");
        await page.ReloadAsync();
        await page.Locator(".note").First.WaitForAsync();
        await ShotAsync("6-reloaded");
        await AgentAsync();
        await ShotAsync("7-agent");
        await page.Context.CloseAsync();

        // A call centre comes in over gRPC, where MESH_ADDRESS and MESH_API_KEY say how.
        async Task AgentAsync()
        {
            var grpc = Environment.GetEnvironmentVariable("MESH_ADDRESS");
            if (string.IsNullOrEmpty(grpc)) return;
            using var channel = GrpcChannel.ForAddress(grpc);
            var dialog = new DialogService.DialogServiceClient(channel);
            var headers = new Metadata { { "x-api-key", Environment.GetEnvironmentVariable("MESH_API_KEY") ?? "" } };
            var id = await page.EvaluateAsync<string>("JSON.parse(sessionStorage.chat).conversation");
            var stop = TestContext.Current.CancellationToken;
            await dialog.TakeOverAsync(new() { ConversationId = id, AgentId = "agent-7", AgentName = "小周" }, headers, cancellationToken: stop);
            await dialog.PostAgentMessageAsync(
                new() { ConversationId = id, AgentId = "agent-7", AgentName = "小周", Text = "您好，我是小周，正在看您的订单。" }, headers, cancellationToken: stop);
            await Assertions.Expect(page.Locator(".entry.agent .bubble")).ToHaveTextAsync("您好，我是小周，正在看您的订单。");
            await dialog.HandBackAsync(new() { ConversationId = id, AgentId = "agent-7" }, headers, cancellationToken: stop);
            await Assertions.Expect(page.Locator("#status-text")).ToHaveTextAsync("智能客服在线");
        }

        async Task SayAsync(string text, string step)
        {
            await page.FillAsync("#text", text);
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.Locator(".entry.customer .bubble").Last).ToHaveTextAsync(text);
            await Assertions.Expect(page.Locator(".entry.customer.pending")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
            await Assertions.Expect(page.Locator("#stop")).ToBeHiddenAsync(new() { Timeout = 60_000 });
            await ShotAsync(step);
        }

        Task ShotAsync(string step) => page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{step}.png"), Animations = ScreenshotAnimations.Disabled });
    }
}
