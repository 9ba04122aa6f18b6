using System.Globalization;
using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>Amounts of money (¥128.5, 一百二十块五, 99元, 1,299 yuan) and other numbers (两件, "2 pieces").</summary>
internal static partial class Quantities
{
    /// <param name="numberAsked">An amount was asked for: a bare number is one.</param>
    public static IEnumerable<Found> Amounts(string text, bool numberAsked)
    {
        foreach (Match match in SignFirst().Matches(text))
        {
            if (Parse(match.Groups[1].Value) is { } value)
                yield return new Found(SlotType.Amount, Money(value), match.Index, match.Index + match.Length, 0.97);
        }

        foreach (Match match in UnitLast().Matches(text))
        {
            if (ChineseNumerals.Parse(match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal)) is not { } yuan)
                continue;
            var rest = match.Groups[2].ValueSpan;
            if (rest.Length > 0 && ChineseNumerals.Digit(rest[0]) is >= 0 and var jiao)
                yuan += jiao / 10m;
            else if (rest is "半")
                yuan += 0.5m;
            yield return new Found(SlotType.Amount, Money(yuan), match.Index, match.Index + match.Length, 0.95);
        }

        if (!numberAsked)
            yield break;
        foreach (var number in Numbers(text))
            yield return number with { Type = SlotType.Amount, Value = Money(decimal.Parse(number.Value, CultureInfo.InvariantCulture)), Score = 0.8 };
    }

    public static IEnumerable<Found> Numbers(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && end - i <= ChineseNumerals.MaxLength && (ChineseNumerals.IsNumeral(text[end]) || IsPoint(text, end)))
                end++;
            if (end == i)
            {
                i++;
                continue;
            }

            var start = i;
            i = end;
            var latinBefore = start > 0 && char.IsAsciiLetterOrDigit(text[start - 1]);
            var latinAfter = end < text.Length && char.IsAsciiLetterOrDigit(text[end]);
            if (latinBefore || latinAfter || end - start > ChineseNumerals.MaxLength || text[start] is 'k' or 'w' or '万' or '千' or '百' or '亿')
                continue;
            if (ChineseNumerals.Parse(text.AsSpan(start, end - start)) is not { } value || !IsCounting(text, start, end))
                continue;
            yield return new Found(SlotType.Number, value.ToString("0.####", CultureInfo.InvariantCulture), start, end, 0.8);
        }

        foreach (Match match in EnglishNumber().Matches(text))
        {
            var value = Array.IndexOf(EnglishWords, match.Value) + 1;
            yield return new Found(SlotType.Number, value.ToString(CultureInfo.InvariantCulture), match.Index, match.Index + match.Length, 0.7);
        }
    }

    private static readonly string[] EnglishWords = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    private static bool IsPoint(string text, int i) =>
        text[i] is '.' or '点' && i > 0 && i + 1 < text.Length && ChineseNumerals.Digit(text[i - 1]) >= 0 && ChineseNumerals.Digit(text[i + 1]) >= 0;

    /// <summary>一下, 一直, 一起, 万一, 十分 are words, not numbers: a lone Chinese numeral counts only before a measure word or alone.</summary>
    private static bool IsCounting(string text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (char.IsAsciiDigit(text[i]))
                return true;
        }

        var next = end < text.Length ? text[end] : ' ';
        return "个件台双套箱盒瓶包只条张本块部份次单把袋支颗对组元年月天号, .;!?".Contains(next, StringComparison.Ordinal) || end == text.Length;
    }

    private static decimal? Parse(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value) && value <= 1_000_000_000m ? value : null;

    private static string Money(decimal value) => decimal.Round(value, 2).ToString("0.00", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:¥|\$|rmb|cny|人民币) ?([0-9][0-9,]{0,14}(?:\.[0-9]{1,4})?)", RegexOptions.CultureInvariant)]
    private static partial Regex SignFirst();

    [GeneratedRegex(@"([0-9,.零〇一二两三四五六七八九十百千万亿]{1,20}) ?(?:块钱|元钱|块|元|圆|rmb|cny|yuan|刀|美元|dollars|dollar|bucks)(?:钱)?([0-9一二三四五六七八九半](?![0-9个件天月号]))?", RegexOptions.CultureInvariant)]
    private static partial Regex UnitLast();

    [GeneratedRegex(@"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishNumber();
}
