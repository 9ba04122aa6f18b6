using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

/// <summary>Numbers in Chinese and English words.</summary>
internal static class NumberWords
{
    private static readonly string[] Small =
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".Split(' ');

    private static readonly string[] Tens = "twenty thirty forty fifty sixty seventy eighty ninety".Split(' ');

    /// <summary>One word, in any case: "seven" is 7, "Thirty" is 30.</summary>
    public static int? FromEnglish(string word)
    {
        var small = Array.FindIndex(Small, w => w.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (small > 0)
            return small;
        var ten = Array.FindIndex(Tens, w => w.Equals(word, StringComparison.OrdinalIgnoreCase));
        return ten >= 0 ? (ten + 2) * 10 : null;
    }

    public static bool IsChinese(char c) => ChineseDigits.Value(c) >= 0 || Place(c) > 1 || c is '半';

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
            if (text.Length == 2 && ChineseDigits.Value(text[0]) > 0 && ChineseDigits.Value(text[1]) > ChineseDigits.Value(text[0]))
                return [ChineseDigits.Value(text[0]), ChineseDigits.Value(text[1])];
            var digits = 0m;
            foreach (var c in text)
                digits = (digits * 10) + ChineseDigits.Value(c);
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
                if (ChineseDigits.Value(text[i]) < 0)
                    return null;
                digit = ChineseDigits.Value(text[i]);
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
            if (ChineseDigits.Value(c) < 0)
                return false;
        }

        return true;
    }

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
