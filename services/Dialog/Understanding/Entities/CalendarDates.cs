using System.Globalization;
using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>
/// Calendar days in Chinese and English words and figures, reckoned from a given day. A day without a year is the nearest one; a bare weekday lies in the current week.
/// Periods (上周, "last month") are no day and are left alone.
/// </summary>
internal static partial class CalendarDates
{
    private const string N = "[0-9零〇一二两三四五六七八九十]";

    public static IEnumerable<Found> Find(string text, DateOnly today)
    {
        foreach (Match match in Iso().Matches(text))
        {
            if (Day(Int(match, 1), Int(match, 2), Int(match, 3)) is { } day)
                yield return Of(match, day, 0.98);
        }

        foreach (Match match in Compact().Matches(text))
        {
            if (Day(Int(match, 1), Int(match, 2), Int(match, 3)) is { } day)
                yield return Of(match, day, 0.8);
        }

        foreach (Match match in MonthDay().Matches(text))
        {
            var month = Number(match.Groups[3].Value);
            var date = Number(match.Groups[4].Value);
            var year = match.Groups[1].Success ? Year(match.Groups[1].Value) : match.Groups[2].Success ? RelativeYear(match.Groups[2].Value, today) : null;
            if ((year is { } y ? Day(y, month, date) : Nearest(month, date, today)) is { } day)
                yield return Of(match, day, 0.97);
        }

        foreach (Match match in DayOfRelativeMonth().Matches(text))
        {
            var month = today.AddMonths(match.Groups[1].Value[0] switch { '上' => -1, '下' => 1, _ => 0 });
            if (Day(month.Year, month.Month, Number(match.Groups[2].Value)) is { } day)
                yield return Of(match, day, 0.95);
        }

        foreach (Match match in Numeric().Matches(text))
        {
            if (Nearest(Int(match, 1), Int(match, 2), today) is { } day)
                yield return Of(match, day, match.Value.Contains('.', StringComparison.Ordinal) ? 0.7 : 0.9);
        }

        foreach (Match match in NamedDay().Matches(text))
        {
            var days = match.Groups[1].Value switch
            {
                "大前天" => -3,
                "前天" or "前日" or "前儿" => -2,
                "昨天" or "昨日" or "昨儿" or "昨晚" or "昨" => -1,
                "明天" or "明日" or "明儿" or "明早" or "明晚" => 1,
                "后天" or "後天" or "后日" => 2,
                "大后天" => 3,
                _ => 0,
            };
            yield return Of(match, today.AddDays(days), 0.95);
        }

        foreach (Match match in Ago().Matches(text))
        {
            if (Shift(today, ChineseNumerals.Parse(match.Groups[1].Value), match.Groups[2].Value, match.Groups[3].Value[^1] is '后' or '後') is { } day)
                yield return Of(match, day, 0.9);
        }

        foreach (Match match in Weekday().Matches(text))
        {
            var weeks = match.Groups[1].Value switch { "上上" or "上上个" => -2, "上" or "上个" => -1, "下" or "下个" => 1, "下下" or "下下个" => 2, _ => 0 };
            yield return Of(match, InWeek(today, weeks, ChineseWeekday(match.Groups[2].Value[0])), match.Groups[1].Success ? 0.95 : 0.85);
        }

        foreach (Match match in Festival().Matches(text))
        {
            var (month, date) = match.Value switch
            {
                "双十一" or "双11" => (11, 11),
                "双十二" or "双12" => (12, 12),
                "618" or "六一八" => (6, 18),
                "元旦" => (1, 1),
                "五一" => (5, 1),
                _ => (10, 1),
            };
            if (Nearest(month, date, today) is { } day)
                yield return Of(match, day, 0.8);
        }

        foreach (var found in English(text, today))
            yield return found;
    }

    private static IEnumerable<Found> English(string text, DateOnly today)
    {
        foreach (Match match in EnglishNamed().Matches(text))
        {
            var days = match.Value switch
            {
                "yesterday" or "last night" => -1,
                "tomorrow" => 1,
                _ => match.Value.Contains("before", StringComparison.Ordinal) ? -2 : match.Value.Contains("after", StringComparison.Ordinal) ? 2 : 0,
            };
            yield return Of(match, today.AddDays(days), 0.95);
        }

        foreach (Match match in EnglishAgo().Matches(text))
        {
            var count = match.Groups[1].Value is "a" or "an" ? 1 : EnglishNumber(match.Groups[1].Value);
            if (Shift(today, count, match.Groups[2].Value, future: false) is { } day)
                yield return Of(match, day, 0.9);
        }

        foreach (Match match in EnglishIn().Matches(text))
        {
            var count = match.Groups[1].Value is "a" or "an" ? 1 : EnglishNumber(match.Groups[1].Value);
            if (Shift(today, count, match.Groups[2].Value, future: true) is { } day)
                yield return Of(match, day, 0.75);
        }

        foreach (Match match in EnglishWeekday().Matches(text))
        {
            var weekday = EnglishWeekdayOf(match.Groups[2].Value);
            var day = match.Groups[1].Value switch
            {
                "last" => Back(today, weekday),
                "next" => InWeek(today, 1, weekday),
                "this" => InWeek(today, 0, weekday),
                _ => today.DayOfWeek == (DayOfWeek)(weekday % 7) ? today : Back(today, weekday),
            };
            yield return Of(match, day, match.Groups[1].Success ? 0.92 : 0.75);
        }

        foreach (var (pattern, monthGroup, dayGroup) in ((Regex, int, int)[])[(MonthFirst(), 1, 2), (DayFirst(), 2, 1)])
        {
            foreach (Match match in pattern.Matches(text))
            {
                var month = Array.FindIndex(Months, name => match.Groups[monthGroup].Value.StartsWith(name, StringComparison.Ordinal)) + 1;
                var date = Int(match, dayGroup);
                if ((match.Groups[3].Success ? Day(Int(match, 3), month, date) : Nearest(month, date, today)) is { } day)
                    yield return Of(match, day, 0.95);
            }
        }

        foreach (Match match in AmericanNumeric().Matches(text))
        {
            if (Day(Int(match, 3), Int(match, 1), Int(match, 2)) is { } day)
                yield return Of(match, day, 0.85);
        }
    }

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static Found Of(Match match, DateOnly day, double score) =>
        new(SlotType.Date, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), match.Index, match.Index + match.Length, score);

    private static int Int(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static int Number(string text) => ChineseNumerals.Parse(text) is { } value && value == decimal.Truncate(value) && value < 10_000 ? (int)value : 0;

    private static decimal? EnglishNumber(string word) =>
        ChineseNumerals.Parse(word) ?? Array.IndexOf(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], word) switch { < 0 => null, var i => i + 1 };

    /// <summary>Two figures are of this century.</summary>
    private static int? Year(string text) => Number(text) switch { 0 => null, < 100 and var y => 2000 + y, var y => y };

    private static int? RelativeYear(string word, DateOnly today) => word switch { "去年" => today.Year - 1, "前年" => today.Year - 2, "明年" => today.Year + 1, _ => today.Year };

    private static DateOnly? Day(int year, int month, int day) =>
        year is >= 1970 and <= 2100 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    private static DateOnly? Nearest(int month, int day, DateOnly today)
    {
        DateOnly? best = null;
        for (var year = today.Year - 1; year <= today.Year + 1; year++)
        {
            if (Day(year, month, day) is { } candidate && (best is null || Math.Abs(candidate.DayNumber - today.DayNumber) < Math.Abs(best.Value.DayNumber - today.DayNumber)))
                best = candidate;
        }

        return best;
    }

    private static DateOnly? Shift(DateOnly today, decimal? count, string unit, bool future)
    {
        if (count is not { } n || n > 1_000)
            return null;
        if (n != decimal.Truncate(n))
            return n == 0.5m && unit is "月" or "个月" ? today.AddDays(future ? 15 : -15) : null;
        var sign = future ? (int)n : -(int)n;
        return unit switch
        {
            "月" or "个月" or "month" or "months" => today.AddMonths(sign),
            "年" or "year" or "years" => n > 50 ? null : today.AddYears(sign),
            "天" or "日" or "day" or "days" => today.AddDays(sign),
            _ => today.AddDays(7 * sign),
        };
    }

    /// <param name="weekday">1 Monday to 7 Sunday; weeks begin on Monday.</param>
    private static DateOnly InWeek(DateOnly today, int weeks, int weekday) => today.AddDays((7 * weeks) + weekday - IsoWeekday(today));

    private static DateOnly Back(DateOnly today, int weekday) => today.AddDays(-(((IsoWeekday(today) - weekday + 6) % 7) + 1));

    private static int IsoWeekday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    private static int ChineseWeekday(char c) => c is '日' or '天' or '末' ? 7 : ChineseNumerals.Digit(c);

    private static int EnglishWeekdayOf(string word) => word[..2] switch { "mo" => 1, "tu" => 2, "we" => 3, "th" => 4, "fr" => 5, "sa" => 6, _ => 7 };

    [GeneratedRegex(@"(?<![0-9])(20[0-9]{2}) ?[-/.] ?([01]?[0-9]) ?[-/.] ?([0-3]?[0-9])(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    [GeneratedRegex(@"(?<![0-9a-z])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9a-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Compact();

    [GeneratedRegex($"(?:({N}{{2,4}}) ?年|(去年|今年|明年|前年)的?)? ?({N}{{1,3}}) ?月(?:份)? ?({N}{{1,3}}) ?(?:日|号|號)?", RegexOptions.CultureInvariant)]
    private static partial Regex MonthDay();

    [GeneratedRegex($"(上个?月|这个?月|本月|下个?月)的?({N}{{1,3}})(?:日|号|號)", RegexOptions.CultureInvariant)]
    private static partial Regex DayOfRelativeMonth();

    [GeneratedRegex(@"(?<![0-9./-])(1[0-2]|0?[1-9])[./-](3[01]|[12][0-9]|0?[1-9])(?![0-9./-]|[元块%折天个件年小月日号分倍万])", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex("(大前天|大后天|前天|前日|前儿|昨天|昨日|昨儿|昨晚|今天|今日|今儿|今早|今晚|明天|明日|明儿|明早|明晚|后天|後天|后日)(?:早上|上午|中午|下午|晚上)?", RegexOptions.CultureInvariant)]
    private static partial Regex NamedDay();

    [GeneratedRegex($"({N}{{1,4}}|半) ?(个月|个?星期|个?礼拜|天|日|周|月|年) ?(以前|之前|前|以后|之后|后|後)", RegexOptions.CultureInvariant)]
    private static partial Regex Ago();

    [GeneratedRegex("(上上个?|下下个?|上个?|下个?|这个?|本)?(?:周|星期|礼拜|週)([一二三四五六日天])(?!天)", RegexOptions.CultureInvariant)]
    private static partial Regex Weekday();

    [GeneratedRegex("双十一|双11|双十二|双12|(?<![0-9])618(?![0-9])|六一八|元旦|五一|国庆|十一(?=假|期间|那天)", RegexOptions.CultureInvariant)]
    private static partial Regex Festival();

    [GeneratedRegex(@"\b(?:the )?day before yesterday\b|\b(?:the )?day after tomorrow\b|\byesterday\b|\btoday\b|\btonight\b|\btomorrow\b|\blast night\b", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishNamed();

    [GeneratedRegex(@"\b(an?|[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten) (days?|weeks?|months?|years?) (?:ago|earlier|back)\b", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishAgo();

    [GeneratedRegex(@"\bin (an?|[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten) (days?|weeks?|months?)\b", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishIn();

    [GeneratedRegex(@"\b(?:(last|this|next|on) )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|weds?|thurs?|fri)\b", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishWeekday();

    [GeneratedRegex(@"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? (?:the )?([0-3]?[0-9])(?:st|nd|rd|th)?(?:,? (20[0-9]{2}))?\b", RegexOptions.CultureInvariant)]
    private static partial Regex MonthFirst();

    [GeneratedRegex(@"\b([0-3]?[0-9])(?:st|nd|rd|th)? (?:of )?(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:,? (20[0-9]{2}))?\b", RegexOptions.CultureInvariant)]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"(?<![0-9./-])([01]?[0-9])[/-]([0-3]?[0-9])[/-](20[0-9]{2})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex AmericanNumeric();
}
