using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Entities;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Tests.Understanding;

public sealed class EntityTests
{
    // A Wednesday.
    private static readonly DateOnly Today = new(2026, 11, 25);

    [Theory]
    [InlineData("我的订单SO2026110001到哪了", "SO2026110001", "SO2026110001")]
    [InlineData("so 2026 1100 01", "SO2026110001", "so 2026 1100 01")]
    [InlineData("ＳＯ２０２６１１０００１谢谢", "SO2026110001", "ＳＯ２０２６１１０００１")]
    [InlineData("s02026110001", "SO2026110001", "s02026110001")]
    [InlineData("SO-2026110001?", "SO2026110001", "SO-2026110001")]
    [InlineData("so:2026110001", "SO2026110001", "so:2026110001")]
    [InlineData("就 2026110001 这个", "SO2026110001", "2026110001")]
    public void Read_OrderNumberAsTyped_IsNormalisedWithItsSpan(string text, string value, string words) => AssertFound(text, SlotType.OrderId, value, words, SlotType.OrderId);

    [Theory]
    [InlineData("打 13800000001 给我")]
    [InlineData("ISO2026110001X")]
    [InlineData("买了2件")]
    public void Read_OtherDigits_AreNoOrderNumber(string text) => Assert.DoesNotContain(Read(text, SlotType.OrderId), found => found.Type == SlotType.OrderId);

    [Theory]
    [InlineData("订单2026110003啥时候发货")]
    [InlineData("order no. 2026110003 please")]
    public void Read_BareDigitsAfterTheWordForIt_AreAnOrderNumberUnasked(string text) => AssertFound(text, SlotType.OrderId, "SO2026110003", "2026110003", null);

    [Fact]
    public void Read_OrderNumberTooShort_IsGivenSoThatTheFlowCanSaySo() => AssertFound("SO20261100", SlotType.OrderId, "SO20261100", "SO20261100", SlotType.OrderId);

    [Theory]
    [InlineData("我电话13800000001", "13800000001")]
    [InlineData("138 0000 0001", "13800000001")]
    [InlineData("+86 138-0000-0001", "13800000001")]
    [InlineData("一三八零零零零零零零一", "13800000001")]
    [InlineData("幺三八〇〇〇〇〇〇〇幺", "13800000001")]
    public void Read_Phone_IsNational(string text, string value) => AssertFound(text, SlotType.Phone, value);

    [Theory]
    [InlineData("今天", "2026-11-25")]
    [InlineData("昨天下单的", "2026-11-24")]
    [InlineData("前天买的", "2026-11-23")]
    [InlineData("大前天", "2026-11-22")]
    [InlineData("明天送", "2026-11-26")]
    [InlineData("后天", "2026-11-27")]
    [InlineData("三天前", "2026-11-22")]
    [InlineData("10天以后", "2026-12-05")]
    [InlineData("两周前", "2026-11-11")]
    [InlineData("半个月前", "2026-11-10")]
    [InlineData("一个月之前", "2026-10-25")]
    [InlineData("上周三", "2026-11-18")]
    [InlineData("上个星期天", "2026-11-22")]
    [InlineData("上上周五", "2026-11-13")]
    [InlineData("这周五", "2026-11-27")]
    [InlineData("下周一", "2026-11-30")]
    [InlineData("礼拜五", "2026-11-27")]
    [InlineData("11月3号", "2026-11-03")]
    [InlineData("十一月三号", "2026-11-03")]
    [InlineData("11月3日", "2026-11-03")]
    [InlineData("2026年10月8日", "2026-10-08")]
    [InlineData("去年12月25号", "2025-12-25")]
    [InlineData("上个月15号", "2026-10-15")]
    [InlineData("2026-11-03", "2026-11-03")]
    [InlineData("2026/11/3", "2026-11-03")]
    [InlineData("11.3", "2026-11-03")]
    [InlineData("11/3", "2026-11-03")]
    [InlineData("20261103", "2026-11-03")]
    [InlineData("1月5号", "2027-01-05")]
    [InlineData("双十一买的", "2026-11-11")]
    [InlineData("yesterday", "2026-11-24")]
    [InlineData("the day before yesterday", "2026-11-23")]
    [InlineData("tomorrow", "2026-11-26")]
    [InlineData("last Monday", "2026-11-23")]
    [InlineData("next friday", "2026-12-04")]
    [InlineData("on Tuesday", "2026-11-24")]
    [InlineData("3 days ago", "2026-11-22")]
    [InlineData("a week ago", "2026-11-18")]
    [InlineData("in two weeks", "2026-12-09")]
    [InlineData("Nov 3", "2026-11-03")]
    [InlineData("November 3rd, 2025", "2025-11-03")]
    [InlineData("3rd of November", "2026-11-03")]
    [InlineData("11/03/2026", "2026-11-03")]
    public void Read_DateInWords_IsTheCalendarDay(string text, string value) => AssertFound(text, SlotType.Date, value, asked: SlotType.Date);

    [Theory]
    [InlineData("13月45号")]
    [InlineData("2月30号")]
    [InlineData("SO2026110001")]
    [InlineData("一周到货")]
    [InlineData("may I ask")]
    [InlineData("I am second")]
    public void Read_NoDay_IsNoDate(string text) => Assert.DoesNotContain(Read(text, null), found => found.Type == SlotType.Date);

    [Theory]
    [InlineData("¥128.5", "128.50")]
    [InlineData("￥1,299", "1299.00")]
    [InlineData("99元", "99.00")]
    [InlineData("一百二十块五", "120.50")]
    [InlineData("一百二十块", "120.00")]
    [InlineData("三块半", "3.50")]
    [InlineData("一千二百元", "1200.00")]
    [InlineData("1.5万元", "15000.00")]
    [InlineData("两百块钱", "200.00")]
    [InlineData("$30", "30.00")]
    [InlineData("30 dollars", "30.00")]
    [InlineData("200 yuan", "200.00")]
    public void Read_Amount_IsYuanWithTwoDecimals(string text, string value) => AssertFound(text, SlotType.Amount, value);

    [Theory]
    [InlineData("一百二", 120)]
    [InlineData("一百零二", 102)]
    [InlineData("三千五", 3500)]
    [InlineData("十五", 15)]
    [InlineData("二十", 20)]
    [InlineData("一万二千三百四十五", 12345)]
    [InlineData("三亿", 300000000)]
    [InlineData("3千5", 3500)]
    [InlineData("1w", 10000)]
    [InlineData("一二三", 123)]
    [InlineData("两万零五十", 20050)]
    public void Parse_ChineseNumeral_IsItsValue(string text, int value) => Assert.Equal(value, ChineseNumerals.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("好")]
    [InlineData("一好")]
    [InlineData("九九九九九九九九九九九九九九九九亿")]
    public void Parse_NoNumber_IsNull(string text) => Assert.Null(ChineseNumerals.Parse(text));

    [Theory]
    [InlineData("买两件", "2")]
    [InlineData("要3个", "3")]
    [InlineData("two pieces", "2")]
    public void Read_Number_IsInvariant(string text, string value) => AssertFound(text, SlotType.Number, value);

    [Theory]
    [InlineData("等一下")]
    [InlineData("一起发")]
    [InlineData("十分感谢")]
    public void Read_NumeralWithinWord_IsNoNumber(string text) => Assert.DoesNotContain(Read(text, null), found => found.Type == SlotType.Number);

    [Theory]
    [InlineData("改到浙江省杭州市西湖区文三路90号 谢谢", "浙江省杭州市西湖区文三路90号")]
    [InlineData("寄到北京市朝阳区建国路88号SOHO现代城A座1203", "北京市朝阳区建国路88号SOHO现代城A座1203")]
    [InlineData("上海浦东新区世纪大道100号", "上海浦东新区世纪大道100号")]
    [InlineData("send it to 12 Baker Street, London", "12 Baker Street, London")]
    public void Read_Address_IsTheCustomersWords(string text, string value) => AssertFound(text, SlotType.Address, value);

    [Theory]
    [InlineData("你们上海有门店吗")]
    [InlineData("在路上了吗")]
    [InlineData("快递到北京了没")]
    public void Read_PlaceAlone_IsNoAddress(string text) => Assert.DoesNotContain(Read(text, null), found => found.Type == SlotType.Address);

    [Theory]
    [InlineData("那个无线降燥耳机", "无线降噪耳机")]
    [InlineData("蓝芽耳机", "蓝牙耳机")]
    [InlineData("有耳机吗", "耳机")]
    [InlineData("the headfones", "headphones")]
    public void Read_ProductMisspelt_IsFound(string text, string value) => AssertFound(text, SlotType.Product, value);

    [Fact]
    public void Read_Email_IsText() => AssertFound("发到 Zhang.San+fp@Example.com 谢谢", SlotType.Text, "zhang.san+fp@example.com");

    [Fact]
    public void Read_SeveralKinds_DoNotOverlap()
    {
        var found = Read("昨天买的SO2026110001花了128.5元 打13800000001", null);

        Assert.Equal([SlotType.Date, SlotType.OrderId, SlotType.Amount, SlotType.Phone], found.Select(entity => entity.Type));
    }

    private static void AssertFound(string text, SlotType type, string value, string? words = null, SlotType? asked = null)
    {
        var normalized = NormalizedText.From(text);
        var entity = Assert.Single(Read(text, asked), found => found.Type == type);
        Assert.Equal(value, entity.Value);
        if (words is not null)
            Assert.Equal(words, normalized.Slice(entity.Start, entity.End));
    }

    private static IReadOnlyList<Found> Read(string text, SlotType? asked) =>
        new EntityReader(new OrderNumbers("SO", 10), new ProductLexicon(Shop.Book.Products)).Read(NormalizedText.From(text), Today, asked);
}
