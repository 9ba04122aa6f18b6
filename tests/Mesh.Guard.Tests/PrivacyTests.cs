using CsCheck;

using Mesh.Guard.Privacy;
using Mesh.Guard.Text;

namespace Mesh.Guard.Tests;

public sealed class PrivacyTests
{
    [Theory]
    // Mobile phones in every way of writing them.
    [InlineData("我的手机号是13800000001，谢谢", "phone_cn=13800000001")]
    [InlineData("打我电话 138 0000 0001", "phone_cn=138 0000 0001")]
    [InlineData("138-0000-0001", "phone_cn=138-0000-0001")]
    [InlineData("联系＋８６　１３８００００００01", "phone_cn=＋８６　１３８００００００01")]
    [InlineData("+86 138 0000 0001", "phone_cn=+86 138 0000 0001")]
    [InlineData("86-13800000001", "phone_cn=86-13800000001")]
    [InlineData("(+86)13800000001", "phone_cn=+86)13800000001")]
    [InlineData("008613800000001", "phone_cn=008613800000001")]
    [InlineData("一三八零零零零零零零一", "phone_cn=一三八零零零零零零零一")]
    [InlineData("幺三八 零零零零 零零零幺 打这个", "phone_cn=幺三八 零零零零 零零零幺")]
    [InlineData("138零零零零0001", "phone_cn=138零零零零0001")]
    [InlineData("tel13800000001", "phone_cn=13800000001")]
    [InlineData("打 18400001234-5678 转分机", "phone_cn=18400001234-5678")]
    [InlineData("13800000001/13900000002都行", "phone_cn=13800000001", "phone_cn=13900000002")]
    [InlineData("13800000001 13900000002", "phone_cn=13800000001", "phone_cn=13900000002")]
    [InlineData("①③⑧00000001", "phone_cn=①③⑧00000001")]
    [InlineData("1\u200b3\u200b8\u200b00000001", "phone_cn=1\u200b3\u200b8\u200b00000001")]
    [InlineData("𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟎𝟎𝟎𝟏", "phone_cn=𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟎𝟎𝟎𝟏")]
    // Landlines and phones of other countries.
    [InlineData("公司电话010-58881234", "landline_cn=010-58881234")]
    [InlineData("(021) 5888-1234", "landline_cn=021) 5888-1234")]
    [InlineData("座机05711234567", "phone_intl=05711234567")]
    [InlineData("座机057187654321", "landline_cn=057187654321")]
    [InlineData("call +44 20 7946 0958 please", "phone_intl=+44 20 7946 0958")]
    [InlineData("reach me at (415) 555-2671", "phone_intl=415) 555-2671")]
    // Identity papers.
    [InlineData("身份证11010519491231002X", "id_card_cn=11010519491231002X")]
    [InlineData("身份证号：110105 19491231 002x", "id_card_cn=110105 19491231 002x")]
    [InlineData("440308199901010012不是我的，440524188001010014才是", "id_card_cn=440308199901010012")]
    [InlineData("身份证 110105491231002", "id_card_cn=110105491231002")]
    [InlineData("护照E12345678", "passport=E12345678")]
    [InlineData("my passport number is 123456789", "passport=123456789")]
    [InlineData("SSN 460-89-9847", "us_ssn=460-89-9847")]
    // Cards and accounts.
    [InlineData("卡号6222 0212 3456 7894", "bank_card=6222 0212 3456 7894")]
    [InlineData("4111111111111111", "bank_card=4111111111111111")]
    [InlineData("my card is 3782 822463 10005", "bank_card=3782 822463 10005")]
    [InlineData("IBAN GB82 WEST 1234 5698 7654 32", "iban=GB82 WEST 1234 5698 7654 32")]
    [InlineData("税号91350100M000100Y43", "company_code_cn=91350100M000100Y43")]
    // Reachable elsewhere.
    [InlineData("发到 Zhang.San@qq.com。", "email=Zhang.San@qq.com")]
    [InlineData("zhangsan＠example．com", "email=zhangsan＠example．com")]
    [InlineData("zhangsan(at)qq.com", "email=zhangsan(at)qq.com")]
    [InlineData("加我QQ 123456789", "qq=123456789")]
    [InlineData("微信号：zhang_san88", "wechat=zhang_san88")]
    [InlineData("vx zhangsan88", "wechat=zhangsan88")]
    [InlineData("来自 192.168.31.7 的登录", "ip_address=192.168.31.7")]
    [InlineData("2001:db8::8a2e:370:7334", "ip_address=2001:db8::8a2e:370:7334")]
    [InlineData("MAC 00:1B:44:11:3A:B7", "mac_address=00:1B:44:11:3A:B7")]
    // Cars.
    [InlineData("车牌京A12345", "plate_cn=京A12345")]
    [InlineData("粤B·D12345", "plate_cn=粤B·D12345")]
    [InlineData("沪AD12345停在楼下", "plate_cn=沪AD12345")]
    // Persons.
    [InlineData("我叫张伟，想退货", "person_name=张伟")]
    [InlineData("我叫张伟想退货", "person_name=张伟")]
    [InlineData("收货人：欧阳娜娜 电话13800000001", "person_name=欧阳娜娜", "phone_cn=13800000001")]
    [InlineData("请联系李小龙先生", "person_name=李小龙")]
    [InlineData("My name is Jane Doe and I want a refund", "person_name=Jane Doe")]
    [InlineData("Contact: John O'Neil-Smith", "person_name=John O'Neil-Smith")]
    [InlineData("张伟 13800000001 浙江省杭州市西湖区文三路88号", "person_name=张伟", "phone_cn=13800000001", "address_cn=浙江省杭州市西湖区文三路88号")]
    [InlineData("13800000001，欧阳娜娜", "phone_cn=13800000001", "person_name=欧阳娜娜")]
    [InlineData("Please ask Margaret Thatcher-Smith about it", "person_name=Margaret Thatcher-Smith")]
    [InlineData("我的生日是1990年3月7日", "birth_date=1990年3月7日")]
    [InlineData("date of birth: 03/07/1990", "birth_date=03/07/1990")]
    // Addresses.
    [InlineData("寄到浙江省杭州市西湖区文三路88号3栋2单元501室，谢谢", "address_cn=浙江省杭州市西湖区文三路88号3栋2单元501室")]
    [InlineData("地址改成北京市朝阳区建国路甲88号", "address_cn=北京市朝阳区建国路甲88号")]
    [InlineData("我住在翠苑小区3栋501", "address_cn=翠苑小区3栋501")]
    [InlineData("收货地址：广东 深圳 南山区 科技园南路1号A座1203室 李雷收", "address_cn=广东 深圳 南山区 科技园南路1号A座1203室", "person_name=李雷")]
    [InlineData("地址是上海市浦东新区世纪大道街道", "address_cn=上海市浦东新区世纪大道街道")]
    [InlineData("Ship to 1600 Pennsylvania Avenue, Washington, DC 20500", "address_en=1600 Pennsylvania Avenue, Washington, DC 20500")]
    [InlineData("I live at 221B Baker Street, London", "address_en=221B Baker Street, London")]
    public void Scan_PersonalData_IsFoundWhereItStands(string text, params string[] expected) => Assert.Equal(expected, Guards.Find(text));

    [Theory]
    // The shop's own numbers.
    [InlineData("我的订单 SO2026110001 到哪了")]
    [InlineData("订单号13800000001")]
    [InlineData("运单号 SF1380000000123")]
    [InlineData("快递单号773123456789012")]
    [InlineData("order number 4111111111111111")]
    [InlineData("流水号6222021234567894")]
    // Quantities, money, dates, times.
    [InlineData("一共13800000001元")]
    [InlineData("¥13800000001")]
    [InlineData("价格1,299.00元，优惠后999")]
    [InlineData("2026-11-24 10:00:00 下的单")]
    [InlineData("2026年11月24日之前")]
    [InlineData("20261124")]
    [InlineData("1732435200000")]
    [InlineData("3-5天，最多7个工作日")]
    [InlineData("11月11号下的单，12月3号还没到")]
    [InlineData("第138章 0000")]
    // Other numbers.
    [InlineData("型号 A1-13800000001-X")]
    [InlineData("13800000001.jpg")]
    [InlineData("版本 10.0.1.12")]
    [InlineData("圆周率3.14159265358979")]
    [InlineData("1234567890123456")]
    [InlineData("4111111111111112")]
    [InlineData("客服热线400-800-1234，95588也行")]
    [InlineData("验证码123456")]
    [InlineData("SKU 6901234567892")]
    [InlineData("IMEI 356938035643809")]
    [InlineData("12800000001")]
    [InlineData("110105194912310021")]
    [InlineData("110105194913310022")]
    [InlineData("000-12-3456")]
    [InlineData("GB82WEST12345698765433")]
    // Words that look like names and addresses.
    [InlineData("我叫了外卖还没到")]
    [InlineData("我叫不到客服")]
    [InlineData("我叫什么名字你知道吗")]
    [InlineData("各位先生女士")]
    [InlineData("北京市朝阳区能送货吗")]
    [InlineData("上海到杭州要几天")]
    [InlineData("地铁2号线附近有店吗")]
    [InlineData("南京路步行街怎么走")]
    [InlineData("收货人可以改吗")]
    [InlineData("我要改地址，改到公司")]
    [InlineData("My name is not on the order")]
    [InlineData("Dear customer service")]
    [InlineData("微信支付失败怎么办")]
    [InlineData("wechat payment failed")]
    [InlineData("Is there a store on Victoria Street?")]
    [InlineData("寄到杭州，谢谢")]
    [InlineData("call 1-800-555-1234")]
    [InlineData("Dear PowderPeak Customer Service")]
    [InlineData("Thanks, I'm all set")]
    [InlineData("the San Francisco Symphony")]
    [InlineData("Charlotte Airport pick-up")]
    [InlineData("QQ音乐会员5折")]
    [InlineData("京东自营A类商品")]
    [InlineData("生日优惠券哪里领")]
    [InlineData("I was born to shop")]
    [InlineData("use @mention to notify")]
    [InlineData("std::vector<int> a::b")]
    public void Scan_NearMisses_AreLeft(string text) => Assert.Empty(Guards.Find(text));

    [Theory]
    [InlineData("4111111111111111", true)]
    [InlineData("4111111111111112", false)]
    [InlineData("0", true)]
    public void Luhn_KnownNumbers_AreTold(string digits, bool valid) => Assert.Equal(valid, CheckDigits.Luhn(digits));

    [Fact]
    public void IdCard_AnyOneDigitChanged_IsRefused() =>
        Gen.Select(Gen.Int[0, 16], Gen.Int[1, 9]).Sample((position, by) =>
        {
            var id = "11010519491231002X".ToCharArray();
            id[position] = (char)('0' + ((id[position] - '0' + by) % 10));
            return !CheckDigits.IdCard(id);
        });

    [Fact]
    public void Scan_AnyText_SpansAreOrderedAndInside() =>
        Gen.Select(Texts.Mixed, Gen.Bool).Sample((text, _) =>
        {
            var last = 0;
            foreach (var found in Guards.Privacy.Scan(new NormalizedText(text), []))
            {
                if (found.Span.Start < last || found.Span.End <= found.Span.Start || found.Span.End > text.Length)
                    return false;
                // A span never cuts a surrogate pair.
                if (char.IsLowSurrogate(text[found.Span.Start]) || (found.Span.End < text.Length && char.IsLowSurrogate(text[found.Span.End]) && char.IsHighSurrogate(text[found.Span.End - 1])))
                    return false;
                last = found.Span.End;
            }

            return true;
        });

    [Fact]
    public void Scan_PhoneAnywhere_IsFoundWhateverStandsAround() =>
        Gen.Select(Gen.OneOf("", "我要退货，", "Hi! ", "订单 SO2026110001 ", "\u200b", "地址不对："), Gen.Int[30, 99], Gen.Int[0, 99_999_999], Gen.OneOf("", "，", " 谢谢", "\n", "。急"))
            .Sample((before, head, tail, after) =>
            {
                var second = "3589"[head % 4];
                var phone = $"1{second}{(second == '5' || second == '9' ? head % 4 : head % 10)}{tail:D8}";
                return Guards.Find(before + phone + after).Contains("phone_cn=" + phone);
            });
}
