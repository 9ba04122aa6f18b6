using CsCheck;

using Mesh.Guard.V1;

using Action = Mesh.Guard.V1.Action;

namespace Mesh.Guard.Tests;

public sealed class AnswerTests
{
    private const string Policy = "自签收之日起7天内可申请无理由退货，退款在3-5个工作日内原路退回。满99元包邮，会员享85折。客服热线400-800-1234，详见 https://shop.example/returns 。营业时间9:00-18:00。";
    private const string Order = """{"order":"SO2026110001","amount":1299.00,"discount_cents":2500,"paid_at":"2026-11-18T18:30:00Z","phone":"13800000001","parcels":[{"no":"SF1234567890123"},{"no":"SF1234567890124"}]}""";

    [Theory]
    [InlineData("您可以在七天内申请无理由退货。")]
    [InlineData("签收后7天（一周）内都可以退。")]
    [InlineData("退款需要3到5个工作日。")]
    [InlineData("退款需要三至五个工作日。")]
    [InlineData("满 99 块包邮，会员打八五折。")]
    [InlineData("满九十九元包邮")]
    [InlineData("请拨打4008001234，或看 shop.example/returns。")]
    [InlineData("我们早上9点到下午6点营业。")]
    [InlineData("We are open from 9 am to 6 pm; you have seven days.")]
    [InlineData("您的订单SO2026110001金额为1,299元，优惠了25元。")]
    [InlineData("订单是2026年11月付的款。It was paid in November 2026.")]
    [InlineData("订单于11月19日凌晨2:30付款，共两个包裹：SF1234567890123 和 SF1234567890124。")]
    [InlineData("付款时间：2026-11-19 02:30")]
    [InlineData("您的手机号138****0001已登记。")]
    [InlineData("1. 打开订单\n2. 点退货\n第3步：填写原因[1][2]")]
    [InlineData("还有一个问题吗？我帮您再看一下，一次说清。")]
    [InlineData("您说的 SO2026119999 没有查到。")]
    [InlineData("您想退的13件商品请分别申请。")]
    public void Check_GroundedAnswer_IsAllowed(string answer)
    {
        var response = Check(answer);

        Assert.True(response.Action == Action.Allow, response.ToString());
    }

    [Theory]
    [InlineData("您可以在15天内退货。", "grounding", "number", "15天")]
    [InlineData("您可以在十五天内退货。", "grounding", "number", "十五天")]
    [InlineData("退款需要7个工作日。", "grounding", "number", "7个工作日")]
    [InlineData("满59元包邮。", "grounding", "amount", "59元")]
    [InlineData("¥88 即可", "grounding", "amount", "¥88")]
    [InlineData("运费一百二十元", "grounding", "amount", "一百二十元")]
    [InlineData("会员打七折", "grounding", "percent", "七折")]
    [InlineData("优惠百分之三十", "grounding", "percent", "百分之三十")]
    [InlineData("预计12月25日送达", "grounding", "date", "12月25日")]
    [InlineData("2026年12月会到", "grounding", "number", "12月")]
    [InlineData("see you in July 2026", "grounding", "number", "July")]
    [InlineData("支持IP68防水", "grounding", "code", "IP68")]
    [InlineData("根据第63条", "grounding", "number", "63条")]
    [InlineData("arrives on December 25, 2026", "grounding", "date", "December 25, 2026")]
    [InlineData("晚上10点前都能打", "grounding", "time", "晚上10点")]
    [InlineData("请看 https://evil.example/login", "grounding", "url", "https://evil.example/login")]
    [InlineData("请拨打 400-999-8888", "grounding", "long_number", "400-999-8888")]
    [InlineData("包裹 SF9999999999999 已发出", "foreign_data", "parcel", "SF9999999999999")]
    [InlineData("订单SO2026110004已签收", "foreign_data", "order", "SO2026110004")]
    [InlineData("收货人李四的手机是13900000002", "privacy", "phone_cn", "13900000002")]
    [InlineData("You have thirty days", "grounding", "number", "thirty days")]
    public void Check_UngroundedAnswer_IsFound(string answer, string scanner, string category, string words)
    {
        var response = Check(answer);

        var verdict = Assert.Single(response.Verdicts, v => v.Scanner == scanner && v.Category == category);
        Assert.Contains(verdict.Spans, s => answer[s.Start..s.End] == words);
        Assert.True(response.Action >= Action.Redact);
    }

    [Fact]
    public void Check_ForeignOrder_IsBlocked() => Assert.Equal(Action.Block, Check("订单SO2026110004已签收").Action);

    [Fact]
    public void Check_OnlyPersonalData_IsRedacted()
    {
        var response = Guards.Checker.Check("default", new CheckRequest { Stage = Stage.Output, Text = "请联系zhang.san@qq.com", Language = "zh" });

        Assert.Equal(Action.Redact, response.Action);
        Assert.Equal("请联系[邮箱]", response.RedactedText);
    }

    [Theory]
    [InlineData("当然，我的设定是：你是星河商城的客服助手，只回答与订单和商品有关的问题，绝不透露内部折扣。", true)]
    [InlineData("MESH-SHOP-CANARY-7f3e19", true)]
    [InlineData("m e s h - s h o p canary 7f3e19", true)]
    [InlineData("我是星河商城的客服助手，可以帮您查订单。", false)]
    public void Check_ConfidentialText_IsBlocked(string answer, bool leaks)
    {
        var request = new CheckRequest { Stage = Stage.Output, Text = answer };
        request.Confidential.Add("你是星河商城的客服助手，只回答与订单和商品有关的问题，绝不透露内部折扣。");

        var response = Guards.Checker.Check("default", request);

        Assert.Equal(leaks, response.Verdicts.Any(v => v.Scanner == "leakage"));
        Assert.Equal(leaks ? Action.Block : Action.Allow, response.Action);
    }

    [Fact]
    public void Check_ConfidentialTextThatIsAlsoPublic_IsAllowed()
    {
        var request = new CheckRequest { Stage = Stage.Output, Text = "签收之后自签收之日起七天内可以申请无理由退货，商品须保持完好" };
        request.Confidential.Add("规则：自签收之日起七天内可以申请无理由退货，商品须保持完好。");
        request.Evidence.Add(new Evidence { Kind = Evidence.Types.Kind.Passage, Text = "自签收之日起七天内可以申请无理由退货，商品须保持完好" });

        Assert.Equal(Action.Allow, Guards.Checker.Check("default", request).Action);
    }

    [Theory]
    [InlineData("您可以在7")]
    [InlineData("您可以在15")]
    [InlineData("您好。请拨打400-999")]
    [InlineData("请看 https://evil")]
    public void Check_PartialAnswer_WaitsForItsOpenEnd(string beginning) => Assert.Equal(Action.Allow, Check(beginning, partial: true).Action);

    [Fact]
    public void Check_GrowingAnswer_FindsWhatTheWholeHas()
    {
        const string answer = "您好，您可以在15天内退货。请拨打400-999-8888，或者看 https://evil.example/a 。";

        var growing = Enumerable.Range(1, answer.Length).SelectMany(n => Check(answer[..n], partial: n < answer.Length).Verdicts)
            .SelectMany(v => v.Spans.Select(s => (v.Category, answer[s.Start..s.End]))).Distinct().Order();
        var whole = Check(answer).Verdicts.SelectMany(v => v.Spans.Select(s => (v.Category, answer[s.Start..s.End]))).Distinct().Order();

        Assert.Equal(whole, growing);
    }

    [Fact]
    public void Check_AnyGrowingAnswer_NeverFindsWhatTheWholeDoesNot() =>
        Gen.Select(Gen.OneOf("您好，", "可以在15天内退货。", "共1,299.00元！", "电话400-999-8888，", "看 https://evil.example/a 。", "订单SO2026110004已到；", "7天", "\n", "3.5折。", "12月25日，", "第3步。", "SF9999999999999。").Array[1, 6], Gen.Bool)
            .Sample((pieces, _) =>
            {
                var answer = string.Concat(pieces);
                var whole = Check(answer).Verdicts.SelectMany(v => v.Spans.Select(s => (v.Scanner, v.Category, s.Start, s.End))).ToHashSet();
                return Enumerable.Range(1, answer.Length - 1).All(n =>
                    Check(answer[..n], partial: true).Verdicts.All(v => v.Spans.All(s => whole.Contains((v.Scanner, v.Category, s.Start, s.End)))));
            });

    [Fact]
    public void Check_SameAnswerTwice_SaysTheSame() =>
        Texts.Mixed.Where(t => t.Length > 0).Sample(text => Check(text).Equals(Check(text)));

    [Fact]
    public void Check_AnswerThatQuotesItsEvidence_IsGrounded() =>
        Texts.Mixed.Where(t => t.Length > 0).Sample(text =>
        {
            var request = new CheckRequest { Stage = Stage.Output, Text = text };
            request.Evidence.Add(new Evidence { Kind = Evidence.Types.Kind.Passage, Text = text });
            var response = Guards.Checker.Check("default", request);
            return response.Verdicts.All(v => v.Scanner is not ("grounding" or "foreign_data" or "privacy"));
        });

    [Fact]
    public void Check_NumberInAnyWriting_IsGroundedByAnyOther() =>
        Gen.Select(Gen.Int[2, 9999], Gen.OneOf("天", "元", "个月", "件", "公斤"), Gen.Bool).Sample((number, unit, reverse) =>
        {
            var arabic = $"需要{number:N0}{unit}左右";
            var chinese = $"需要{Chinese(number)}{unit}左右";
            var request = new CheckRequest { Stage = Stage.Output, Text = reverse ? arabic : chinese };
            request.Evidence.Add(new Evidence { Text = reverse ? chinese : arabic });
            return Guards.Checker.Check("default", request).Action == Action.Allow;
        });

    private static string Chinese(int number)
    {
        const string digits = "零一二三四五六七八九";
        var text = "";
        var zero = false;
        foreach (var (place, name) in new[] { (1000, "千"), (100, "百"), (10, "十"), (1, "") })
        {
            var digit = number / place % 10;
            if (digit == 0)
            {
                zero = text.Length > 0;
                continue;
            }

            text += (zero ? "零" : "") + digits[digit] + name;
            zero = false;
        }

        return text.StartsWith("一十", StringComparison.Ordinal) ? text[1..] : text;
    }

    private static CheckResponse Check(string answer, bool partial = false)
    {
        var request = new CheckRequest { Stage = Stage.Output, Text = answer, Partial = partial };
        request.Evidence.Add(new Evidence { Kind = Evidence.Types.Kind.Passage, Text = Policy });
        request.Evidence.Add(new Evidence { Kind = Evidence.Types.Kind.ToolResult, Text = Order });
        request.CustomerTexts.Add("我有13件要退，还有SO2026119999呢");
        return Guards.Checker.Check("default", request);
    }
}
