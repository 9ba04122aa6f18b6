using System.Diagnostics;
using System.Globalization;

using Mesh.Guard.V1;

namespace Mesh.Guard.Tests;

/// <summary>Work is bounded by the text's length, whatever is in it.</summary>
public sealed class BoundsTests(ITestOutputHelper output)
{
    private const int Length = 65_536;

    public static TheoryData<string> Hostile =>
    [
        "1", "1 ", "1.", "1-", "12345678901", "13800000001 ", "a", "a@", "a.", "@", "a@a.", "i g n o r e ", "路", "路1号", "北京市1号", "号1", "一", "一三八", "我叫", "我叫王", "先生", "王先生",
        "ignore ", "ignore previous ", "ignore all previous instructions ", "忽略", "忽略之前", "忽略之前的指令", "system prompt ", "you are now ", "Mr. A ", "My name is A", "Aa ", "1 Aa ", "1 Aa Apt ",
        "A1 ", "GB82", "京A", "京A1", ":", "a:", "0:", "[手机号_", "[手机号_3F9A7K]", "%E5", "\\u5ffd", "QUJD", "aGVsbG8gd29ybGQ", "4f ", "\u200b", "𝐢", "😀", "\n", " ", "\"", "x='a' ", "傻", "傻逼", "微信号：", "QQ",
        "2026-11-24 ", "11月", "https://a.", "a.com/", "1,000", "￥1", "SO2026110001", "七天", "百", "1*", "***", "[1]", "\n1.", "12:00",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Check_SixtyFourThousandHostileCharacters_TakesBoundedTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, (Length / piece.Length) + 1))[..Length];
        var request = new CheckRequest { Stage = Stage.Output, Text = text };
        request.Evidence.Add(new Evidence { Text = text });

        var input = Time(() => Guards.Checker.Check("default", new CheckRequest { Stage = Stage.Input, Text = text }));
        var answer = Time(() => Guards.Checker.Check("default", request));

        output.WriteLine($"{piece.ReplaceLineEndings("\\n")}: input {input.TotalMilliseconds:F0} ms, output {answer.TotalMilliseconds:F0} ms");
        // Twice the work for twice the text would be some 100 ms; a quadratic scanner needs minutes.
        Assert.InRange(input, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(answer, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Check_TypicalMessage_TakesLessThanAMillisecond()
    {
        const string text = "你好，我上周在你们店买的那双跑步鞋（订单 SO2026110002）收到了，但是尺码偏小，想换大一码的，可以吗？我的电话是 13800000001，地址还是浙江省杭州市西湖区文三路88号3栋2单元501室。"
            + "另外上次的优惠券好像没用上，能不能帮我看一下？还有发票抬头写错了，要改成公司的名字，谢谢。如果要我寄回去的话，运费谁出？你们客服回复太慢了，我等了三天都没有人理我，希望今天能处理好。";
        for (var i = 0; i < 300; i++)
            Guards.Checker.Check("default", new CheckRequest { Stage = Stage.Input, Text = text });

        var took = Time(() =>
        {
            for (var i = 0; i < 300; i++)
                Guards.Checker.Check("default", new CheckRequest { Stage = Stage.Input, Text = text });
        }) / 300;

        output.WriteLine($"{text.Length} characters: {took.TotalMicroseconds:F0} us");
        // Ten times what it takes, so that a busy machine does not fail it.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public void Check_TypicalAnswer_TakesAFewMilliseconds()
    {
        var request = new CheckRequest { Stage = Stage.Output, Text = "您好，您购买的跑步鞋可以在签收后7天内申请换货，运费由商家承担，换货一般需要3-5个工作日。您的订单SO2026110002已于11月19日签收，如需帮助请拨打400-800-1234。", Partial = true };
        for (var i = 0; i < 5; i++)
            request.Evidence.Add(new Evidence { Text = string.Concat(Enumerable.Repeat("自签收之日起7天内可申请换货，退款在3-5个工作日内原路退回，满99元包邮。客服热线400-800-1234。商品须保持完好，不影响二次销售，吊牌与包装齐全，赠品一并寄回。", 6)) });
        request.Evidence.Add(new Evidence { Text = """{"order":"SO2026110002","amount":1299.00,"signed_at":"2026-11-19T08:30:00+08:00","phone":"13800000001"}""" });
        for (var i = 0; i < 50; i++)
            Assert.Equal(Mesh.Guard.V1.Action.Allow, Guards.Checker.Check("default", request).Action);

        var took = Time(() =>
        {
            for (var i = 0; i < 50; i++)
                Guards.Checker.Check("default", request);
        }) / 50;

        output.WriteLine($"{request.Text.Length} characters on {request.Evidence.Sum(e => e.Text.Length)} of evidence: {took.TotalMicroseconds:F0} us");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMilliseconds(25));
    }

    /// <summary>Processor time of this thread where the system tells it (Linux), so that a busy machine does not count; else time on the clock.</summary>
    private static TimeSpan Time(System.Action work)
    {
        var (cpu, started) = (OnProcessor(), Stopwatch.GetTimestamp());
        work();
        return cpu is { } before && OnProcessor() is { } after ? after - before : Stopwatch.GetElapsedTime(started);
    }

    private static TimeSpan? OnProcessor()
    {
        const string path = "/proc/thread-self/schedstat";
        return File.Exists(path)
            ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(path).Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0)
            : null;
    }
}
