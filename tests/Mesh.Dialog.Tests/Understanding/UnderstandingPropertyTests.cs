using System.Diagnostics;
using System.Text;
using CsCheck;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Tests.Understanding;

public sealed class UnderstandingPropertyTests
{
    private static readonly string[] Pieces =
    [
        "我要退货", "转人工", "SO2026110001", "不是", "好的", "算了", "11月3号", "¥128.5", " ", "，", "？", "顺便", "另外", "and also", "human", "杭州市西湖区文三路90号", "13800000001",
        "\u200b", "👍", "😂", "\ud83d", "\udc4d", "Ａ", "哈哈哈哈哈哈", "第二个", "一百二十块五", "a@b.cn", "the", "yes", "no", "\u202e", "𠮷", "é", "の", "0", "\n",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        OneOf(Pieces).Array[1, 12].Select(string.Concat),
        Gen.Select(OneOf(Pieces).Array[0, 4], Gen.String[0, 40]).Select((pieces, noise) => string.Concat(pieces) + noise));

    private static readonly Gen<UnderstandingInput> Inputs = Gen.Select(Texts, OneOf([.. Shop.Catalogue.Flows.Keys, ""]), OneOf([.. Shop.Catalogue.Slots.Keys, ""]), Gen.Enum<QuestionKind>())
        .Select((text, flow, slot, question) => new UnderstandingInput
        {
            Text = text,
            Catalogue = Shop.Catalogue,
            OpenFlow = flow.Length == 0 ? null : flow,
            FlowStack = flow.Length == 0 ? [] : ["coupons", flow],
            AskedSlot = slot.Length == 0 ? null : slot,
            FilledSlots = new Dictionary<string, string> { ["order_id"] = "SO2026110009", ["return_kind"] = "return" },
            Question = new OpenQuestion(question, [new QuestionOption("SO2026110001", "第一单", "SO2026110001"), new QuestionOption("track_order", "查物流", "查物流")]),
            RecentCustomerTexts = ["我要退货"],
            Today = new DateOnly(2026, 11, 25),
        });

    [Fact]
    public async Task Understand_AnyText_GivesCommandsWithValidSpansAndScores() => await Inputs.SampleAsync(async input =>
    {
        var result = await Shop.Understanding.UnderstandAsync(input, TestContext.Current.CancellationToken);

        Assert.NotEmpty(result.Commands);
        Assert.True(result.Language is "zh" or "en");
        Assert.All(result.Commands, command =>
        {
            Assert.InRange(command.Score, 0, 1);
            Assert.NotEqual(Command.Types.Type.Unspecified, command.Type);
            Assert.All(command.Spans, span => AssertSpan(span, input.Text));
        });
        Assert.All(result.Entities, entity => AssertSpan(entity.Span, input.Text));
    }, iter: 400, threads: 1);

    [Fact]
    public async Task Understand_SameInput_GivesSameCommands() => await Inputs.SampleAsync(async input =>
    {
        var first = await Shop.Understanding.UnderstandAsync(input, TestContext.Current.CancellationToken);
        var second = await Shop.Understanding.UnderstandAsync(input, TestContext.Current.CancellationToken);

        Assert.Equal(first.Commands, second.Commands);
        Assert.Equal(first.Entities, second.Entities);
    }, iter: 100, threads: 1);

    [Theory]
    [InlineData("的")]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData(" a")]
    [InlineData("1 ")]
    [InlineData("不是")]
    [InlineData("我要")]
    [InlineData("区路")]
    [InlineData("一二三四")]
    [InlineData("转")]
    [InlineData("好的谢谢")]
    [InlineData("1-")]
    [InlineData("a@")]
    [InlineData("a.b-")]
    [InlineData("SO2026110001 ")]
    [InlineData("昨天")]
    [InlineData("¥1,")]
    [InlineData("，")]
    [InlineData("？")]
    [InlineData("zhuan")]
    [InlineData("顺便")]
    [InlineData("i want ")]
    public async Task Understand_LongestText_TakesBoundedTime(string piece)
    {
        var text = new StringBuilder();
        while (text.Length + piece.Length <= 4_000)
            text.Append(piece);
        var input = new UnderstandingInput { Text = text.ToString(), Catalogue = Shop.Catalogue, OpenFlow = "return_request", AskedSlot = "order_id", Today = new DateOnly(2026, 11, 25) };
        await Shop.Understanding.UnderstandAsync(input with { Text = "你好" }, TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        await Shop.Understanding.UnderstandAsync(input, TestContext.Current.CancellationToken);

        // A pattern that goes back on itself would take minutes; a busy machine takes a few times the usual 20 ms.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed.TotalMilliseconds:F0} ms for {piece}");
    }

    private static Gen<string> OneOf(string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void AssertSpan(Mesh.Common.V1.TextSpan span, string text)
    {
        Assert.InRange(span.Start, 0, text.Length);
        Assert.InRange(span.End, span.Start, text.Length);
    }
}
