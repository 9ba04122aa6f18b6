using System.Collections.Frozen;

namespace Mesh.Guard.Output;

/// <summary>A unit's kind and its size in the kind's smallest: 2 hours are 120 "time".</summary>
internal readonly record struct Unit(string Kind, decimal Size);

/// <summary>Units that numbers in answers carry, Chinese and English.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, Unit> Table = Build();
    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> Lookup = Table.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int Longest = Table.Keys.Max(k => k.Length);

    /// <summary>The unit that begins at <paramref name="at"/>, the longest one, and where it ends.</summary>
    public static (Unit Unit, int End)? At(string text, int at)
    {
        for (var length = Math.Min(Longest, text.Length - at); length > 0; length--)
        {
            if (!Lookup.TryGetValue(text.AsSpan(at, length), out var unit))
                continue;
            var end = at + length;
            // A Latin unit is a whole word.
            if (char.IsAsciiLetter(text[end - 1]) && end < text.Length && char.IsAsciiLetter(text[end]))
                continue;
            return (unit, end);
        }

        return null;
    }

    private static FrozenDictionary<string, Unit> Build()
    {
        var table = new Dictionary<string, Unit>(StringComparer.OrdinalIgnoreCase);
        Add("time", 1, "分钟", "分", "minute", "minutes", "min", "mins");
        Add("time", 60, "小时", "个小时", "钟头", "个钟头", "hour", "hours", "hr", "hrs", "h");
        Add("time", 1440, "天", "日", "自然日", "个自然日", "day", "days", "calendar days", "calendar day");
        Add("time", 10080, "周", "星期", "个星期", "礼拜", "个礼拜", "week", "weeks");
        Add("second", 1, "秒", "秒钟", "second", "seconds", "s");
        Add("workday", 1, "工作日", "个工作日", "business days", "business day", "working days", "working day", "workdays");
        Add("month", 1, "个月", "month", "months");
        // 6月 is June, not six months.
        Add("calendar_month", 1, "月", "月份", "月初", "月底");
        Add("month", 3, "季度", "个季度", "quarters");
        Add("month", 12, "年", "year", "years", "周年");
        Add("cny", 1, "元", "元钱", "块", "块钱", "圆", "人民币", "rmb", "cny", "yuan");
        Add("usd", 1, "美元", "美金", "usd", "dollars", "dollar");
        Add("eur", 1, "欧元", "eur", "euros");
        Add("percent", 1, "%", "％", "percent", "per cent");
        Add("permille", 1, "‰");
        Add("discount", 10, "折");
        Add("gram", 1, "克", "g", "grams");
        Add("gram", 500, "斤", "市斤");
        Add("gram", 1000, "公斤", "千克", "kg", "kilograms");
        Add("mm", 1, "毫米", "mm");
        Add("mm", 10, "厘米", "公分", "cm");
        Add("mm", 1000, "米", "m", "metres", "meters");
        Add("mm", 1_000_000, "公里", "千米", "km", "kilometres", "kilometers");
        Add("litre", 1, "毫升", "ml");
        Add("litre", 1000, "升", "l", "litres", "liters");
        Add("watt", 1, "瓦", "w", "watts");
        Add("volt", 1, "伏", "v");
        Add("mah", 1, "毫安", "mah", "毫安时");
        Add("byte", 1, "mb", "兆");
        Add("byte", 1024, "gb", "g内存");
        Add("byte", 1024 * 1024, "tb");
        Add("point", 1, "积分", "点积分", "points", "point");
        Add("star", 1, "星", "颗星", "stars");
        Add("count", 1, "个", "件", "台", "张", "份", "次", "套", "单", "笔", "盒", "瓶", "位", "人", "家", "种", "条", "双", "只", "包", "箱", "袋", "支", "本", "项", "款", "枚",
            "把", "名", "层", "步", "点", "items", "item", "pieces", "piece", "pcs", "parcels", "parcel", "packages", "orders", "times", "units", "coupons", "products");
        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(string kind, decimal size, params string[] names)
        {
            foreach (var name in names)
                table[name] = new Unit(kind, size);
        }
    }
}
