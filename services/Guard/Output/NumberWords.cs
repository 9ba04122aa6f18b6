namespace Mesh.Guard.Output;

/// <summary>Numbers in Chinese and English words.</summary>
internal static class NumberWords
{
    private static readonly Dictionary<string, int> English = new(StringComparer.OrdinalIgnoreCase)
    {
        ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10,
        ["eleven"] = 11, ["twelve"] = 12, ["thirteen"] = 13, ["fourteen"] = 14, ["fifteen"] = 15, ["sixteen"] = 16, ["seventeen"] = 17, ["eighteen"] = 18,
        ["nineteen"] = 19, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fifty"] = 50, ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90,
    };

    public static int? FromEnglish(string word) => English.TryGetValue(word, out var value) ? value : null;

    public static bool IsChinese(char c) => Digit(c) >= 0 || Place(c) > 1 || c is '半';

    /// <summary>
    /// The numbers that a row of Chinese numerals says: one as a rule (三百二十 is 320, 二零二六 is 2026), two where two neighbouring digits mean a
    /// range (三五天 is 3 to 5). Empty if it says none.
    /// </summary>
    public static IReadOnlyList<decimal> FromChinese(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 20)
            return [];
        if (text is "半")
            return [0.5m];
        var half = text[^1] == '半';
        if (half)
            text = text[..^1];
        if (AllDigits(text) && text.Length > 1)
        {
            if (text.Length == 2 && Digit(text[0]) > 0 && Digit(text[1]) > Digit(text[0]))
                return [Digit(text[0]), Digit(text[1])];
            var digits = 0m;
            foreach (var c in text)
                digits = (digits * 10) + Digit(c);
            return [digits];
        }

        return Composed(text) is { } value ? [half ? value + 0.5m : value] : [];
    }

    private static decimal? Composed(ReadOnlySpan<char> text)
    {
        var (total, section, digit) = (0m, 0m, 0m);
        var last = 1m;
        for (var i = 0; i < text.Length; i++)
        {
            var place = Place(text[i]);
            if (place == 1)
            {
                if (Digit(text[i]) < 0)
                    return null;
                digit = Digit(text[i]);
                // 三百二 is 320, 三百零二 is 302.
                if (i == text.Length - 1 && last >= 100 && text[i - 1] is not ('零' or '〇'))
                    digit *= last / 10;
                continue;
            }

            if (place >= 10_000)
            {
                total = (total + section + digit) * place;
                (section, digit) = (0, 0);
            }
            else
            {
                section += (digit == 0 ? 1 : digit) * place;
                digit = 0;
            }

            last = place;
        }

        return total + section + digit;
    }

    private static bool AllDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (Digit(c) < 0)
                return false;
        }

        return true;
    }

    private static int Digit(char c) => c switch
    {
        '零' or '〇' => 0,
        '一' or '壹' => 1,
        '二' or '两' or '贰' => 2,
        '三' or '叁' => 3,
        '四' or '肆' => 4,
        '五' or '伍' => 5,
        '六' or '陆' => 6,
        '七' or '柒' => 7,
        '八' or '捌' => 8,
        '九' or '玖' => 9,
        _ => -1,
    };

    private static decimal Place(char c) => c switch
    {
        '十' or '拾' => 10,
        '百' or '佰' => 100,
        '千' or '仟' => 1000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => 1,
    };
}
