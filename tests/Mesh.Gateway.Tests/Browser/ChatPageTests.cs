using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Mesh.Dialog.V1;
using Mesh.Gateway.Tests.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mesh.Gateway.Tests.Browser;

[Trait("Category", "Browser")]
public sealed class ChatPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync(("Gateway:SampleSignIn:Enabled", "true"));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task FirstScreen_OffersAPersonAndSuggestions()
    {
        var page = await OpenAsync();
        await Expect(page).ToHaveTitleAsync("云杉优选 · 在线客服");
        await Expect(page.Locator("#person")).ToBeVisibleAsync();
        await Expect(page.Locator(".suggestion")).ToHaveTextAsync(["查订单", "查物流", "退换货", "开发票", "优惠券", "转人工"]);
        await page.Locator(".suggestion").First.ClickAsync();
        await Expect(page.Locator(".entry.bot")).ToContainTextAsync("SO2026110001");
        await Expect(page.Locator("#welcome")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Answer_IsShownWhileItIsWritten()
    {
        var page = await OpenAsync();
        _host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SayAsync(page, "我的订单", wait: false);
        await Expect(page.Locator(".entry.bot.streaming .bubble")).ToHaveTextAsync("订单 SO20261");
        await Expect(page.Locator("#stop")).ToBeVisibleAsync();
        _host.Dialog.Hold.SetResult();
        await Expect(page.Locator(".entry.bot .bubble li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#stop")).ToBeHiddenAsync();
        await Expect(page.Locator("#announce")).ToContainTextAsync("包裹二：仓库打包中");
    }

    [Fact]
    public async Task Stop_CancelsTheTurn()
    {
        var page = await OpenAsync();
        await SayAsync(page, "wait", wait: false);
        await page.Locator("#stop").ClickAsync();
        await _host.Dialog.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await Expect(page.Locator(".trouble")).ToContainTextAsync("已停止回答");
    }

    [Fact]
    public async Task Citation_OpensThePassageAndGivesTheFocusBack()
    {
        var page = await OpenAsync();
        await SayAsync(page, "七天内可以退货吗");
        await Expect(page.Locator(".entry.bot table tbody tr")).ToHaveCountAsync(3);
        await page.Locator(".cite").First.ClickAsync();
        await Expect(page.Locator("#sheet-title")).ToHaveTextAsync("七天无理由退货");
        await Expect(page.Locator("#sheet-path bdi")).ToHaveTextAsync(["退换货", "适用范围"]);
        await Expect(page.Locator("#sheet mark")).ToHaveTextAsync("签收之日起七天内，多数商品支持无理由退货。");
        await Expect(page.Locator("#sheet .context").Last).ToContainTextAsync("定制商品");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#sheet")).ToBeHiddenAsync();
        await Expect(page.Locator(".cite").First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task QuickReply_IsSentAndGone()
    {
        var page = await OpenAsync();
        await SayAsync(page, "可以退货吗");
        await page.Locator(".replies button", new() { HasTextString = "退款到哪了" }).ClickAsync();
        await Expect(page.Locator(".entry.customer").Last).ToContainTextAsync("退款到哪了");
        await Expect(page.Locator(".entry.bot")).ToHaveCountAsync(2);
        await Expect(page.Locator(".replies")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Confirmation_IsAnsweredOnce_AndSurvivesAReload()
    {
        var page = await OpenAsync();
        await SayAsync(page, "帮我取消订单");
        await Expect(page.Locator(".card .summary")).ToContainTextAsync("SO2026110003");
        await Expect(page.Locator(".card-state")).ToContainTextAsync(new Regex("请在 [45]:\\d\\d 内确认"));
        await page.ReloadAsync();
        await page.Locator(".card .primary").ClickAsync();
        await Expect(page.Locator(".confirmation.answered.yes")).ToContainTextAsync("您已确认");
        await Expect(page.Locator(".card .buttons")).ToHaveCountAsync(0);
        await Expect(page.Locator(".entry.bot").Last).ToContainTextAsync("已为您取消订单");
        await page.ReloadAsync();
        await Expect(page.Locator(".confirmation.answered.yes")).ToBeVisibleAsync();
        Assert.Single((await ConversationAsync(page)).Events, e => e.CustomerMessage?.ConfirmationId == "confirm-1");
    }

    [Fact]
    public async Task Confirmation_ThatRepeatsItsWords_IsAskedOnce_BelowWhatLeadsToIt()
    {
        var page = await OpenAsync();
        await SayAsync(page, "帮我取消订单");
        await Expect(page.Locator(".messages > li:last-child")).ToHaveClassAsync(new Regex("confirmation"));
        await SayAsync(page, "改一下地址");
        await Expect(page.Locator(".messages").GetByText("确认把收货地址改为梧桐路 18 号吗？").Filter(new() { Visible = true })).ToHaveCountAsync(1);
        await Expect(page.Locator(".replies")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator(".card")).ToHaveCountAsync(2);
        await Expect(page.Locator(".messages > li:last-child")).ToHaveClassAsync(new Regex("confirmation"));
        await Expect(page.Locator(".messages").GetByText("确认把收货地址改为梧桐路 18 号吗？").Filter(new() { Visible = true })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task HandOver_ShowsThePersonsMessagesWithoutReload()
    {
        var page = await OpenAsync();
        await page.Locator("#person").ClickAsync();
        await Expect(page.Locator("#status-text")).ToContainTextAsync("排队中，您前面还有 2 位");
        await Expect(page.Locator("#person")).ToBeHiddenAsync();
        var conversation = await ConversationAsync(page);
        conversation.Append(new() { OwnerChanged = new() { Owner = Owner.Agent, AgentName = "小周" } });
        conversation.Append(new() { PrivateNote = new() { Text = "a note between agents" } });
        conversation.Append(new() { AgentMessage = new() { MessageId = "a1", AgentName = "小周", Text = "您好，我来帮您。" } });
        await Expect(page.Locator(".entry.agent .bubble")).ToHaveTextAsync("您好，我来帮您。");
        await Expect(page.Locator(".entry.agent .tag")).ToHaveTextAsync("人工");
        await Expect(page.Locator("#status-text")).ToHaveTextAsync("小周 正在为您服务");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("a note between agents");

        await SayAsync(page, "谢谢");
        await Expect(page.Locator(".entry.customer").Last).ToContainTextAsync("谢谢");
        await Expect(page.Locator(".entry.bot")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(page.Locator(".entry.agent .bubble")).ToHaveTextAsync("您好，我来帮您。");
        await Expect(page.Locator("#status-text")).ToHaveTextAsync("小周 正在为您服务");
    }

    [Fact]
    public async Task BrokenAnswer_IsTriedAgainUnderTheSameId()
    {
        var page = await OpenAsync();
        _host.Dialog.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Dialog.Breaks = 1;
        await SayAsync(page, "我的订单", wait: false);
        await Expect(page.Locator(".streaming .bubble")).ToContainTextAsync("SO20261");
        _host.Dialog.Hold.SetResult();
        await Expect(page.Locator(".trouble")).ToContainTextAsync("回答中断");
        await page.Locator(".retry").ClickAsync();
        await Expect(page.Locator(".entry.bot:not(.streaming)")).ToContainTextAsync("仓库打包中");
        await Expect(page.Locator(".entry.bot")).ToHaveCountAsync(1);
        await Expect(page.Locator(".entry.customer")).ToHaveCountAsync(1);
        await Expect(page.Locator(".trouble")).ToHaveCountAsync(0);
        Assert.Single((await ConversationAsync(page)).Events, e => e.CustomerMessage is not null);
    }

    [Fact]
    public async Task ServiceThatIsAway_IsSaid_AndThePageComesBackByItself()
    {
        var page = await OpenAsync();
        await SayAsync(page, "hi");
        await _host.Downstream.KillAsync();
        await SayAsync(page, "noch da?", wait: false);
        await Expect(page.Locator(".trouble")).ToContainTextAsync("客服系统暂时无法连接");
        await Expect(page.Locator("#banner")).ToBeVisibleAsync();
        await _host.Downstream.RestartAsync();
        await Expect(page.Locator("#banner")).ToBeHiddenAsync(new() { Timeout = 20_000 });
        await page.Locator(".retry").ClickAsync();
        await Expect(page.Locator(".entry.bot").Last).ToContainTextAsync("收到：noch da?");
        (await ConversationAsync(page)).Append(new() { AgentMessage = new() { MessageId = "a1", AgentName = "小周", Text = "我也在" } });
        await Expect(page.Locator(".entry.agent")).ToContainTextAsync("我也在", new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Reload_KeepsConversationAndDraft_AnotherCustomerDoesNotSeeIt()
    {
        var page = await OpenAsync();
        await SayAsync(page, "可以退货吗");
        await page.FillAsync("#text", "noch ein ");
        await page.ReloadAsync();
        await Expect(page.Locator(".entry.bot .source")).ToHaveCountAsync(2);
        await Expect(page.Locator("#text")).ToHaveValueAsync("noch ein ");
        await page.SelectOptionAsync("#sample", "13800000002");
        await Expect(page.Locator("#greeting")).ToBeVisibleAsync();
        await Expect(page.Locator(".entry")).ToHaveCountAsync(0);
        await SayAsync(page, "我的订单");
        Assert.Equal("13800000002", (await ConversationAsync(page)).Target.CustomerId);
    }

    [Fact]
    public async Task Feedback_IsSentWithAComment()
    {
        var page = await OpenAsync();
        await SayAsync(page, "我的订单");
        await page.GetByRole(AriaRole.Button, new() { Name = "没有帮助" }).ClickAsync();
        await page.GetByLabel("哪里可以做得更好").FillAsync("没有说时间");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".thanks")).ToBeVisibleAsync();
        await Expect(page.Locator(".thumb[aria-pressed=true]")).ToHaveCountAsync(1);
        var given = (await ConversationAsync(page)).Events.Where(e => e.FeedbackGiven is not null).Select(e => (e.FeedbackGiven.Rating, e.FeedbackGiven.Comment));
        Assert.Equal([(-1, ""), (-1, "没有说时间")], given);
        await page.ReloadAsync();
        await Expect(page.Locator(".thumb[aria-pressed=true]")).ToHaveAttributeAsync("aria-label", "没有帮助");
    }

    [Fact]
    public async Task TextThatWantsToBeMarkup_StaysText()
    {
        var page = await OpenAsync();
        var violations = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") violations.Add(message.Text); };
        await SayAsync(page, "evil <img src=x onerror=alert(1)>");
        await Expect(page.Locator(".entry.customer .bubble")).ToHaveTextAsync("evil <img src=x onerror=alert(1)>");
        var answer = page.Locator(".entry.bot .bubble");
        await Expect(answer).ToContainTextAsync("<img src=x onerror=alert(1)> [click](javascript:alert(1))");
        await Expect(answer.Locator("img, script, b")).ToHaveCountAsync(0);
        await Expect(answer.Locator("a")).ToHaveAttributeAsync("href", "https://example.com/a");
        await Expect(answer.Locator("a")).ToHaveAttributeAsync("rel", new Regex("noopener"));
        await Expect(answer.Locator("strong")).ToHaveTextAsync("<b>bold</b>");
        Assert.Empty(violations);
    }

    [Fact]
    public async Task Page_AsksNobodyElse()
    {
        var page = await chromium.PageAsync(_host.Http);
        var elsewhere = new List<string>();
        page.Request += (_, request) => { if (!request.Url.StartsWith(_host.Http.ToString(), StringComparison.Ordinal)) elsewhere.Add(request.Url); };
        await page.GotoAsync("/chat");
        await SayAsync(page, "可以退货吗");
        await page.Locator(".source").First.ClickAsync();
        await Expect(page.Locator("#sheet mark")).ToBeVisibleAsync();
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task Token_InTheAddress_SignsInAndIsTakenOutOfIt()
    {
        var page = await chromium.PageAsync(_host.Http);
        await page.GotoAsync("/#token=not-a-token");
        await Expect(page.Locator(".note")).ToContainTextAsync("登录信息已失效");
        Assert.Equal(_host.Http.ToString(), page.Url);
    }

    [Fact]
    public async Task Keyboard_SendsWithEnter_NotWhileAChineseWordIsBeingTyped()
    {
        var page = await OpenAsync();
        await page.FocusAsync("#text");
        await page.Keyboard.TypeAsync("one");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("two");
        await page.EvaluateAsync("document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))");
        await Expect(page.Locator(".entry.customer")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".entry.customer .bubble")).ToHaveTextAsync("one\ntwo");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".entry.customer")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task LongMessage_IsCountedAndHeldBack()
    {
        var page = await OpenAsync();
        await page.FillAsync("#text", new string('字', 4_010));
        await Expect(page.Locator("#count")).ToHaveTextAsync("超出 10 字");
        await Expect(page.Locator("#send")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Language_FollowsTheBrowserAndTheSwitch()
    {
        var page = await OpenAsync(locale: "en-GB");
        await Expect(page.Locator("#shop")).ToHaveTextAsync("Spruce Select");
        await SayAsync(page, "my order");
        await Expect(page.Locator(".entry.bot")).ToContainTextAsync("on its way in two parcels");
        await page.Locator("#language").ClickAsync();
        await Expect(page.Locator("#shop")).ToHaveTextAsync("云杉优选");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await Expect(page.Locator(".entry.bot .by b")).ToHaveTextAsync("智能客服");
    }

    [Theory]
    [InlineData(360, 640)]
    [InlineData(320, 568)]
    [InlineData(844, 390)]
    public async Task Phone_FitsWithoutScrollingSideways(int width, int height)
    {
        var page = await OpenAsync(locale: "en-GB", width: width, height: height, phone: true);
        await AssertFitsAsync();
        await SayAsync(page, "can I return it");
        await AssertFitsAsync();
        await SayAsync(page, "cancel my order");
        await AssertFitsAsync();
        var button = await page.Locator(".card .primary").BoundingBoxAsync();
        Assert.InRange(button!.Height, 43.5, 80);
        await page.Locator(".source").First.ClickAsync();
        await Expect(page.Locator("#sheet mark, #sheet .passage").First).ToBeVisibleAsync();
        await AssertFitsAsync();

        async Task AssertFitsAsync()
        {
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            var person = await page.Locator("#person").BoundingBoxAsync();
            Assert.InRange(person!.X + person.Width, 0, width);
            var composer = await page.Locator(".composer").BoundingBoxAsync();
            Assert.InRange(composer!.Y + composer.Height, 0, height + 1);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Page_HasNothingThatAxeFinds(bool dark, bool phone)
    {
        var page = await OpenAsync(width: phone ? 360 : 1280, height: phone ? 740 : 800, dark: dark, phone: phone);
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await AssertCleanAsync("start");
        await SayAsync(page, "可以退货吗");
        await page.GetByRole(AriaRole.Button, new() { Name = "没有帮助" }).ClickAsync();
        await page.Locator(".comment").WaitForAsync();
        await SayAsync(page, "取消订单");
        _host.Dialog.Breaks = 1;
        await SayAsync(page, "我的订单");
        await page.Locator(".trouble").WaitForAsync();
        await page.Locator("#person").ClickAsync();
        await page.Locator(".note").WaitForAsync();
        (await ConversationAsync(page)).Append(new() { AgentMessage = new() { MessageId = "a1", AgentName = "小周", Text = "您好" } });
        await page.Locator(".entry.agent").WaitForAsync();
        await AssertCleanAsync("conversation");
        await page.Locator(".source").First.ClickAsync();
        await page.Locator("#sheet mark").WaitForAsync();
        await AssertCleanAsync("passage");

        async Task AssertCleanAsync(string step)
        {
            var found = await page.RunAxe();
            Assert.True(found.Violations.Length == 0, step + "\n" + string.Join('\n', found.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
        }
    }

    private async Task<IPage> OpenAsync(string locale = "zh-CN", int width = 1280, int height = 800, bool dark = false, bool phone = false)
    {
        var page = await chromium.PageAsync(_host.Http, locale, width, height, dark, phone);
        await page.GotoAsync("/");
        await page.Locator(".suggestion").First.WaitForAsync();
        await Expect(page.Locator("#shop")).ToHaveTextAsync(locale.StartsWith("en", StringComparison.Ordinal) ? "Spruce Select" : "云杉优选");
        return page;
    }

    private static async Task SayAsync(IPage page, string text, bool wait = true)
    {
        await page.FillAsync("#text", text);
        await page.FocusAsync("#text");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".entry.customer .bubble").Last).ToHaveTextAsync(text);
        if (!wait) return;
        await Expect(page.Locator(".entry.customer.pending")).ToHaveCountAsync(0);
        await Expect(page.Locator("#stop")).ToBeHiddenAsync();
        await Expect(page.Locator(".streaming, .typing")).ToHaveCountAsync(0);
    }

    private async Task<FakeConversation> ConversationAsync(IPage page) =>
        _host.Dialog.Conversation(await page.EvaluateAsync<string>("JSON.parse(sessionStorage.chat).conversation"));
}
