using CsCheck;
using Mesh.Dialog.Tests.Fakes;
using Mesh.Dialog.Wording;
using Mesh.Retrieval.V1;

namespace Mesh.Dialog.Tests.Wording;

public sealed class ExtractiveWordingTests
{
    private readonly ExtractiveWording _wording = new();

    [Fact]
    public async Task Faq_AnswerIsGivenAsItStands()
    {
        var passage = FakeRetrieval.Passage("问：七天无理由怎么算？答：从签收次日零点起连续七天。");
        passage.Kind = Passage.Types.Kind.Faq;
        passage.Question = "七天无理由怎么算？";
        passage.Answer = "从签收次日零点起连续七天。";

        var answer = await AskAsync("七天无理由从哪天算", "zh", passage);

        Assert.Equal("从签收次日零点起连续七天。 [1]", answer!.Text);
        Assert.Equal("从签收次日零点起连续七天。", answer.Citations[0].Excerpt);
    }

    [Fact]
    public async Task Table_HeaderAndTheMatchingRowAreKeptWhole()
    {
        var passage = FakeRetrieval.Passage(
            "| 地区 | 首重 | 续重 | 时效 |\n| 江浙沪 | 8 元 | 2 元 | 1 至 2 天 |\n| 新疆 | 25 元 | 15 元 | 5 至 9 天 |\n| 西藏 | 28 元 | 18 元 | 6 至 10 天 |\n| 广东 | 10 元 | 4 元 | 2 至 3 天 |\n| 黑龙江、吉林、辽宁三省以及内蒙古东部的各个盟市地区 | 12 元 | 6 元 | 3 至 5 天 |\n| 海南本岛以及周边可以送达的岛屿 | 15 元 | 8 元 | 4 至 6 天 |\n");
        passage.Kind = Passage.Types.Kind.Table;

        var answer = await AskAsync("寄到新疆多少钱", "zh", passage);

        Assert.Equal("| 地区 | 首重 | 续重 | 时效 |\n| 新疆 | 25 元 | 15 元 | 5 至 9 天 | [1]", answer!.Text);
    }

    [Fact]
    public async Task LongText_SentenceThatAnswersIsQuoted()
    {
        var filler = string.Concat(Enumerable.Range(1, 12).Select(i => $"第{i}条说明了本店其他服务的一般办理规定和流程。"));
        var passage = FakeRetrieval.Passage($"{filler}发票会在确认收货后二十四小时内开出。可以在订单页下载。{filler}");

        var answer = await AskAsync("发票什么时候开出", "zh", passage);

        Assert.Contains("发票会在确认收货后二十四小时内开出。", answer!.Text, StringComparison.Ordinal);
        Assert.True(answer.Text.Length < 520);
        Assert.Contains(answer.Citations[0].Excerpt, passage.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PassageWithTheTellingWord_IsPreferredToTheFirst()
    {
        var first = FakeRetrieval.Passage("吊牌剪下的商品可以退吗？不能无理由退。", id: "faq.md#1");
        var second = FakeRetrieval.Passage("生鲜食品签收后不支持无理由退，坏果可以退。", id: "fresh.md#1");

        var answer = await AskAsync("生鲜可以退吗", "zh", first, second);

        Assert.Equal("fresh.md", answer!.Citations[0].DocumentId);
    }

    [Fact]
    public async Task OnlyTheOtherLanguage_SaysSoAndShowsIt()
    {
        var answer = await AskAsync("can I return fresh food", "en", FakeRetrieval.Passage("生鲜不支持退货。", "zh"));

        Assert.Equal("I only found this in Chinese:\n生鲜不支持退货。 [1]", answer!.Text);
    }

    [Fact]
    public async Task OwnLanguage_ComesFirst()
    {
        var answer = await AskAsync("return fresh food", "en", FakeRetrieval.Passage("生鲜不支持退货。", "zh", "zh.md#1"), FakeRetrieval.Passage("Fresh food cannot be returned.", "en", "en.md#1"));

        Assert.Equal("en.md", answer!.Citations[0].DocumentId);
    }

    [Fact]
    public async Task NoPassage_NoAnswer() => Assert.Null(await AskAsync("anything", "zh"));

    [Fact]
    public void AnyPassage_OnlyItsOwnWordsAreSaid()
    {
        var sentence = Pick.From("退货运费由我们承担。", "签收后七天内可以退。", "Refunds take 3 days. ", "免费包邮！", "| a | b |\n", "\n- 第一项\n", "没有句号的一段", " ");
        Gen.Select(sentence.Array[1, 40], Pick.From("退货运费", "refund days", "包邮吗", "zzz", "")).Sample((parts, question) =>
        {
            var passage = FakeRetrieval.Passage(string.Concat(parts));
            var answer = _wording.AnswerAsync(new WordingRequest(question, "zh", "s", [passage]), CancellationToken.None);
            Assert.True(answer.IsCompletedSuccessfully);
#pragma warning disable RS0030 // It has completed.
            if (answer.Result is not { } worded)
                return;
#pragma warning restore RS0030
            var text = worded.Text.Replace(" [1]", "", StringComparison.Ordinal);
            foreach (var unit in text.Split('…', '\n'))
                Assert.Contains(unit.Trim(), passage.Text, StringComparison.Ordinal);
            var citation = worded.Citations[0];
            Assert.Equal(citation.Excerpt.Length, citation.Span.End - citation.Span.Start);
            Assert.Equal(citation.Excerpt, passage.Text.Substring(citation.Span.Start - passage.Span.Start, citation.Excerpt.Length));
        }, iter: 2_000);
    }

    [Fact]
    public void Units_TogetherAreTheText() =>
        Gen.String[Gen.OneOf(Gen.Const('。'), Gen.Const('\n'), Gen.Const('|'), Gen.Const('.'), Gen.Const(' '), Gen.Char['a', 'c'])].Sample(text => Assert.Equal(text, string.Concat(ExtractiveWording.Units(text))));

    private Task<WordedAnswer?> AskAsync(string question, string language, params Passage[] passages) =>
        _wording.AnswerAsync(new WordingRequest(question, language, "s1", passages), TestContext.Current.CancellationToken);
}
