using System.Buffers;

namespace Mesh.Guard.Privacy;

/// <summary>What the words just before a value say it is.</summary>
internal enum CueKind
{
    None,
    Phone,
    IdCard,
    Card,
    Reference,
    Qq,
    WeChat,
    Passport,
    BirthDate,
    Version,
    Ssn,
    Money,
}

/// <summary>Finds the nearest word before a place that names a kind of value.</summary>
internal static class Cues
{
    /// <summary>How far before a value its name may stand, in characters.</summary>
    private const int Reach = 28;

    private static readonly (string Word, CueKind Kind)[] Words =
    [
        .. Of(CueKind.Phone, "手机", "电话", "手机号", "手机号码", "电话号码", "联系方式", "联系号码", "座机", "固话", "传真", "号码是", "打给", "拨打", "致电", "来电",
            "回电", "phone", "mobile", "cell", "tel", "telephone", "fax", "call me", "call me at", "reach me", "number is", "contact number", "whatsapp", "dial"),
        .. Of(CueKind.IdCard, "身份证", "身份证号", "身份证号码", "证件号", "证件号码", "公民身份号码", "id card", "identity card", "identity number", "id number", "id number is"),
        .. Of(CueKind.Card, "卡号", "银行卡", "银行卡号", "信用卡", "储蓄卡", "借记卡", "银行账号", "收款账号", "账号", "账户", "工行", "建行", "农行", "招行", "中行",
            "credit card", "debit card", "card number", "card no", "card", "visa", "mastercard", "amex", "bank account", "account number", "cc", "card number is"),
        .. Of(CueKind.Reference, "订单", "订单号", "订单编号", "单号", "运单", "运单号", "快递单号", "快递", "物流", "物流单号", "流水", "流水号", "交易号", "商户号", "货号", "型号",
            "编号", "条码", "条形码", "货品", "商品", "工单", "工单号", "退款单", "退货单", "批号", "序列号", "发票号", "发票", "券码", "验证码", "兑换码", "sku", "sn", "imei",
            "order", "order no", "order number", "order id", "tracking", "tracking number", "tracking no", "parcel", "waybill", "invoice", "ticket", "serial",
            "serial number", "reference", "ref", "case", "model", "part number", "barcode", "isbn", "coupon", "code", "license", "licence", "license number", "license number is", "licence number is", "account id", "member number"),
        .. Of(CueKind.Qq, "qq", "qq号", "扣扣", "扣扣号", "企鹅号", "q号"),
        .. Of(CueKind.WeChat, "微信号", "微信id", "微信是", "微信", "威信", "薇信", "加我微信", "vx", "wx", "v信", "wechat", "wechat id", "weixin"),
        .. Of(CueKind.Passport, "护照", "护照号", "通行证", "回乡证", "台胞证", "passport", "passport no", "passport number", "passport no.", "passport number is", "passport is"),
        .. Of(CueKind.BirthDate, "生日", "出生", "出生日期", "出生年月", "生于", "出生于", "date of birth", "dob", "born", "born on", "birthday", "birth date"),
        .. Of(CueKind.Version, "版本", "版本号", "固件", "version", "firmware", "build", "release"),
        .. Of(CueKind.Ssn, "ssn", "social security", "social security number"),
        .. Of(CueKind.Money, "rmb", "cny", "usd", "人民币", "金额", "价格", "总价", "一共", "合计", "price", "total", "amount"),
    ];

    private static readonly SearchValues<char> Breaks = SearchValues.Create("\n。；;！!？?");

    /// <summary>The kind named nearest before <paramref name="start"/> in the same sentence.</summary>
    public static CueKind Before(string text, int start)
    {
        var from = Math.Max(0, start - Reach);
        var window = text.AsSpan(from, start - from);
        var stop = window.LastIndexOfAny(Breaks);
        if (stop >= 0)
            window = window[(stop + 1)..];
        if (window.IsEmpty)
            return CueKind.None;
        var (bestEnd, bestLength, best) = (-1, 0, CueKind.None);
        foreach (var (word, kind) in Words)
        {
            var at = window.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || !IsWhole(window, at, word))
                continue;
            var end = at + word.Length;
            if (end > bestEnd || (end == bestEnd && word.Length > bestLength))
                (bestEnd, bestLength, best) = (end, word.Length, kind);
        }

        // Another number between a name and this value means that the name was that one's.
        if (best != CueKind.None && HasNumber(window[bestEnd..]))
            return CueKind.None;
        return best;
    }

    private static bool HasNumber(ReadOnlySpan<char> between)
    {
        var digits = 0;
        foreach (var c in between)
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        return digits >= 4;
    }

    // "tel13800000001" is named; "hotel 138…" is not.
    private static bool IsWhole(ReadOnlySpan<char> window, int at, string word) =>
        !char.IsAsciiLetter(word[0])
        || ((at == 0 || !char.IsAsciiLetterOrDigit(window[at - 1]))
            && (at + word.Length >= window.Length || !char.IsAsciiLetter(window[at + word.Length]) || window[at + word.Length] == 's'));

    private static IEnumerable<(string Word, CueKind Kind)> Of(CueKind kind, params string[] words)
    {
        foreach (var word in words)
            yield return (word, kind);
    }
}
