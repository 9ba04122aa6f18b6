using System.Globalization;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>Numbers as Chinese customers write them: 一百二, 十五, 两万, 3千5, 1.5万, 一三八零零….</summary>
internal static class ChineseNumerals
{
    /// <summary>Longest run of characters that is read as one number.</summary>
    public const int MaxLength = 24;

    public static bool IsNumeral(char c) => Digit(c) >= 0 || Unit(c) > 0;

    /// <summary>Value of one Chinese or ASCII digit, -1 for anything else.</summary>
    public static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        '零' or '〇' => 0,
        '一' or '壹' or '幺' => 1,
        '二' or '两' or '贰' or '俩' => 2,
        '三' or '叁' => 3,
        '四' or '肆' => 4,
        '五' or '伍' => 5,
        '六' or '陆' => 6,
        '七' or '柒' => 7,
        '八' or '捌' => 8,
        '九' or '玖' => 9,
        _ => -1,
    };

    /// <summary>Null when <paramref name="text"/> is no number or exceeds 10^12.</summary>
    public static decimal? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var plain))
            return InRange(plain);
        if (text is "半")
            return 0.5m;
        foreach (var c in text)
        {
            if (!IsNumeral(c) && c is not ('.' or '点' or '半'))
                return null;
        }

        var hasUnit = false;
        foreach (var c in text)
            hasUnit |= Unit(c) > 0;
        return hasUnit ? InRange(WithUnits(text)) : InRange(Spelled(text));
    }

    private static decimal? InRange(decimal? value) => value is >= 0 and <= 1_000_000_000_000m ? value : null;

    /// <summary>一三八 or 二点五: digit after digit.</summary>
    private static decimal? Spelled(ReadOnlySpan<char> text)
    {
        decimal value = 0;
        decimal fraction = 0;
        foreach (var c in text)
        {
            if (c is '点' or '.')
            {
                if (fraction > 0)
                    return null;
                fraction = 1;
                continue;
            }

            var digit = Digit(c);
            if (digit < 0)
                return null;
            if (fraction > 0)
                value += digit * (fraction /= 10);
            else if (value < 1_000_000_000_000m)
                value = (value * 10) + digit;
            else
                return null;
        }

        return value;
    }

    private static decimal? WithUnits(ReadOnlySpan<char> text)
    {
        decimal total = 0;
        decimal section = 0;
        decimal? pending = null;
        decimal lastUnit = 1;
        var afterZero = false;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = Unit(text[i]);
            if (unit == 0)
            {
                if (text[i] is '零' or '〇')
                {
                    afterZero = true;
                    continue;
                }

                var start = i;
                while (i + 1 < text.Length && Unit(text[i + 1]) == 0 && text[i + 1] is not ('零' or '〇'))
                    i++;
                pending = text[start..(i + 1)] is "半" ? 0.5m
                    : decimal.TryParse(text[start..(i + 1)], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
                    : Spelled(text[start..(i + 1)]);
                if (pending is null or > 1_000_000)
                    return null;
                continue;
            }

            if (unit >= 10_000)
            {
                total = (total + section + (pending ?? (total + section == 0 ? 1 : 0))) * unit;
                section = 0;
            }
            else
            {
                section += (pending ?? (section == 0 ? 1 : 0)) * unit;
            }

            if (total > 1_000_000_000_000m || section > 1_000_000_000_000m)
                return null;
            lastUnit = unit;
            pending = null;
            afterZero = false;
        }

        // 一百二 is 120, 一百零二 is 102, 三千五 is 3,500, 一百二十五 is 125.
        if (pending is { } rest)
            section += lastUnit > 10 && !afterZero && rest is > 0 and < 10 ? rest * (lastUnit / 10) : rest;
        return total + section;
    }

    private static decimal Unit(char c) => c switch
    {
        '十' or '拾' => 10,
        '百' or '佰' => 100,
        '千' or '仟' or 'k' => 1_000,
        '万' or '萬' or 'w' => 10_000,
        '亿' or '億' => 100_000_000,
        _ => 0,
    };
}
