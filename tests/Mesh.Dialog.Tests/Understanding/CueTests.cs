using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Reading;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Tests.Understanding;

public sealed class CueTests
{
    [Theory]
    [InlineData("转人工")]
    [InlineData("转 人 工")]
    [InlineData("转人公")]
    [InlineData("轉人工")]
    [InlineData("zhuanrengong")]
    [InlineData("人工客服")]
    [InlineData("客服出来")]
    [InlineData("找你们经理")]
    [InlineData("我不要机器人 要人工")]
    [InlineData("怎么转人工")]
    [InlineData("有没有活人")]
    [InlineData("别扯了 给我真人")]
    [InlineData("human")]
    [InlineData("can I talk to a representative please")]
    [InlineData("get me your manager")]
    public void IsRequest_WishForPerson_IsTrue(string text) => Assert.True(HandOverCues.IsRequest(NormalizedText.From(text).Text));

    [Theory]
    [InlineData("人工智能是什么")]
    [InlineData("人工客服几点上班")]
    [InlineData("人工费多少")]
    [InlineData("客服电话是多少")]
    [InlineData("不用转人工了")]
    [InlineData("春节有人工客服吗")]
    [InlineData("机器人工作多久")]
    [InlineData("扫地机器人怎么用")]
    [InlineData("when are your agents available")]
    [InlineData("your agent was rude")]
    [InlineData("are you human")]
    [InlineData("human resources")]
    [InlineData("我要退货")]
    public void IsRequest_AnythingElse_IsFalse(string text) => Assert.False(HandOverCues.IsRequest(NormalizedText.From(text).Text));

    [Theory]
    [InlineData("好的", Answer.Yes)]
    [InlineData("嗯嗯 可以", Answer.Yes)]
    [InlineData("没问题，谢谢", Answer.Yes)]
    [InlineData("ok", Answer.Yes)]
    [InlineData("👌", Answer.Yes)]
    [InlineData("yes please", Answer.Yes)]
    [InlineData("不用了", Answer.No)]
    [InlineData("先不要", Answer.No)]
    [InlineData("不用了 好的", Answer.No)]
    [InlineData("nope", Answer.No)]
    [InlineData("不是不可以", Answer.Unclear)]
    [InlineData("好吗", Answer.Unclear)]
    [InlineData("可不可以", Answer.Unclear)]
    [InlineData("好 不了", Answer.Unclear)]
    [InlineData("ok?", Answer.Unclear)]
    [InlineData("可以退货吗", Answer.None)]
    [InlineData("好看吗", Answer.None)]
    [InlineData("好的但是地址要改", Answer.None)]
    [InlineData("您好", Answer.None)]
    [InlineData("okra", Answer.None)]
    [InlineData("", Answer.None)]
    public void Read_Answer_IsTakenOnlyWhenNothingIsLeftOver(string text, object answer) => Assert.Equal((Answer)answer, AnswerCues.Read(NormalizedText.From(text).Text));

    [Theory]
    [InlineData("取消", Answer.Unclear)]
    [InlineData("确认取消", Answer.Yes)]
    [InlineData("不取消了", Answer.No)]
    [InlineData("别取消", Answer.No)]
    public void Read_AskedWhetherToCancel_CancelAloneIsNoAnswer(string text, object answer) =>
        Assert.Equal((Answer)answer, AnswerCues.Read(NormalizedText.From(text).Text, aboutCancelling: true));

    [Theory]
    [InlineData("你好，我想退货，谢谢", "我想退货")]
    [InlineData("hello, where is my order please", "where is my order")]
    [InlineData("谢谢", "谢谢")]
    [InlineData("你好", "你好")]
    public void Strip_Courtesy_LeavesWhatIsSaid(string text, string rest) => Assert.Equal(rest, Courtesy.Strip(NormalizedText.From(text).Text));

    [Theory]
    [InlineData("帮我查下订单到哪了 顺便发票怎么开", "帮我查下订单到哪了|发票怎么开")]
    [InlineData("我要退货，运费谁出？", "我要退货|运费谁出")]
    [InlineData("track my order and also send me an invoice", "track my order|send me an invoice")]
    [InlineData("大件送上楼要另外给钱吗", "大件送上楼要另外给钱吗")]
    [InlineData("where is my order", "where is my order")]
    [InlineData("iPhone 15 Pro", "iphone 15 pro")]
    public void Split_Text_CutsAtPausesAndJoiningWords(string text, string pieces)
    {
        var normalized = NormalizedText.From(text).Text;
        Assert.Equal(pieces.Split('|'), Clauses.Split(normalized).Select(clause => normalized[clause.Start..clause.End].Trim()));
    }

    [Theory]
    [InlineData("我要退货", null, "zh")]
    [InlineData("where is my order", null, "en")]
    [InlineData("where is my order", "zh", "en")]
    [InlineData("SO2026110001", "en", "en")]
    [InlineData("SO2026110001", null, "zh")]
    [InlineData("ok", "zh", "zh")]
    [InlineData("我的 iPhone 15 Pro Max 到哪了", "en", "zh")]
    [InlineData("zhuanrengong", null, "zh")]
    [InlineData("please translate 你好 for me", null, "en")]
    public void Detect_Language_FollowsTheScript(string text, string? known, string language) => Assert.Equal(language, Languages.Detect(NormalizedText.From(text).Text, known));

    [Theory]
    [InlineData("ＡＢＣ　１２３", "abc 123")]
    [InlineData("哈哈哈哈哈", "哈哈")]
    [InlineData("a\u200bb\u202ec", "abc")]
    [InlineData("好！！！", "好!")]
    [InlineData("SO2000000001", "so2000000001")]
    [InlineData("转 人 工", "转人工")]
    [InlineData("查订单 开发票", "查订单 开发票")]
    [InlineData("👍", "ok")]
    [InlineData("  a\t\nb ", "a b")]
    public void From_Text_HasOneForm(string text, string normalized) => Assert.Equal(normalized, NormalizedText.From(text).Text);
}
