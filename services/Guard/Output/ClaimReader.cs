using System.Globalization;
using System.Text.RegularExpressions;

using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

/// <summary>Reads everything number-like that a text states. Each place is read once, by the most telling reading.</summary>
internal sealed class ClaimReader
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly Regex Url = new(@"https?://[a-z0-9._~:/?#@!$&*+=%-]+|(?:[a-z0-9-]{1,40}\.){1,4}(?:com|cn|net|org|io|shop|top|cc|co|me|info|gov|edu)(?:/[a-z0-9._~/?#=&%-]*)?", Linear);
    private static readonly Regex Masked = new(@"[0-9]{2,6}\*{2,12}[0-9]{2,4}", Linear);
    private static readonly Regex Code = new(@"[a-z]{1,8}[-_]?[0-9][a-z0-9_-]*|[0-9]+[a-z][a-z0-9]*[0-9][a-z0-9_-]*", Linear);
    private static readonly Regex Moment = new(@"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?", Linear);
    private static readonly Regex FullDate = new(@"[0-9]{4} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?[0-9]{1,2} ?[日号]?", Linear);
    private static readonly Regex MonthDay = new(@"[0-9]{1,2} ?月 ?[0-9]{1,2} ?[日号]", Linear);
    private static readonly Regex ChineseMonthDay = new(@"[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]", Linear);
    private static readonly Regex EnglishDate = new(
        @"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.? [0-9]{1,2}(?:st|nd|rd|th)?(?:,? [0-9]{4})?|[0-9]{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?(?:,? [0-9]{4})?", Linear);

    private static readonly Regex EnglishMonth = new(@"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?,? [0-9]{4}", Linear);

    private static readonly Regex Clock = new(
        @"(?:上午|下午|晚上|凌晨|中午|早上|傍晚|早|晚)? ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})? ?(?:am|pm|a\.m\.|p\.m\.)?|(?:上午|下午|晚上|凌晨|中午|早上|傍晚|早|晚) ?[0-9]{1,2} ?[点时](?:[0-9]{1,2}分|半)?|[0-9]{1,2} ?(?:am|pm|a\.m\.|p\.m\.)", Linear);

    private static readonly Regex ClockWords = new(@"(?:上午|下午|晚上|凌晨|中午|早上|傍晚|早|晚)[一二两三四五六七八九十]{1,2}[点时]半?", Linear);
    private static readonly Regex ListMark = new(@"(?:^|\n) *(?:\(?[0-9]{1,2}[.、)]|[一二三四五六七八九十]{1,2}[、.])|\[[0-9]{1,3}\]|第 ?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})|步骤 ?[0-9一二三四五六七八九十]{1,2}|step [0-9]{1,2}", Linear);
    private static readonly Regex Number = new(@"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?", Linear);

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private readonly string _text;
    private readonly bool[] _taken;
    private readonly List<Claim> _claims = [];

    private ClaimReader(string text)
    {
        _text = text;
        _taken = new bool[text.Length];
    }

    /// <param name="text">A plain view.</param>
    /// <param name="skip">Ranges that are read elsewhere, such as order numbers.</param>
    /// <param name="counting">Whether marks of lists and steps are claims too (they are not in an answer, but may be numbers in evidence).</param>
    /// <param name="moments">Told every ISO time stamp.</param>
    public static IReadOnlyList<Claim> Read(string text, IReadOnlyList<TextRange> skip, bool counting = false, Action<DateTimeOffset>? moments = null)
    {
        var reader = new ClaimReader(text);
        foreach (var range in skip)
            reader.Take(range.Start, range.End);
        reader.ReadAll(counting, moments);
        reader._claims.Sort((a, b) => a.Range.Start.CompareTo(b.Range.Start));
        return reader._claims;
    }

    private void ReadAll(bool counting, Action<DateTimeOffset>? moments)
    {
        Each(Url, (s, e) =>
        {
            while (e > s && _text[e - 1] is '.' or ',' or '?' or '!' or ':' or '/')
                e--;
            Add(ClaimKind.Url, s, e, NormalUrl(_text[s..e]), 0);
        });
        Each(Masked, (s, e) => Add(ClaimKind.Masked, s, e, _text[s..e], 0));
        if (!counting)
            Each(ListMark, TakeMark);
        Each(Moment, (s, e) => ReadMoment(s, e, moments));
        Each(FullDate, (s, e) => ReadDate(s, e, hasYear: true));
        Each(MonthDay, (s, e) => ReadDate(s, e, hasYear: false));
        Each(ChineseMonthDay, ReadChineseDate);
        Each(EnglishDate, ReadEnglishDate);
        Each(EnglishMonth, ReadEnglishMonth);
        Each(Clock, ReadClock);
        Each(ClockWords, ReadClock);
        Each(Code, (s, e) =>
        {
            var value = _text[s..e].ToLowerInvariant();
            if (value.Count(char.IsAsciiDigit) >= 2 && value.Length >= 3 && (s == 0 || !char.IsAsciiLetterOrDigit(_text[s - 1])))
                Add(ClaimKind.Code, s, e, value, 0);
        });
        ReadLong();
        Each(Number, ReadNumber);
        ReadChineseNumbers();
        ReadEnglishNumbers();
    }

    /// <summary>"第3步" counts the answer's own steps; "第63条" names something, and so does any higher number.</summary>
    private void TakeMark(int start, int end)
    {
        var ordinal = _text[start] == '第';
        var high = ordinal && int.TryParse(_text.AsSpan(start + 1, end - start - 1), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number) && number > 20;
        if (!ordinal || (!high && !GoesOn(end)))
            Take(start, end);
    }

    private bool GoesOn(int at) => at < _text.Length && (char.IsAsciiDigit(_text[at]) || NumberWords.IsChinese(_text[at]));

    private void Each(Regex regex, Action<int, int> read)
    {
        foreach (var match in regex.EnumerateMatches(_text))
        {
            if (!Taken(match.Index, match.Index + match.Length))
                read(match.Index, match.Index + match.Length);
        }
    }

    private bool Taken(int start, int end) => _taken.AsSpan(start, end - start).Contains(true);

    private void Take(int start, int end) => _taken.AsSpan(start, end - start).Fill(true);

    private void Add(ClaimKind kind, int start, int end, string text, decimal value, Unit? unit = null)
    {
        Take(start, end);
        _claims.Add(new Claim(kind, new TextRange(start, end), text, value, unit));
    }

    private static string NormalUrl(string url)
    {
        url = url.ToLowerInvariant();
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        url = scheme >= 0 ? url[(scheme + 3)..] : url;
        return url.StartsWith("www.", StringComparison.Ordinal) ? url[4..] : url;
    }

    private void ReadMoment(int start, int end, Action<DateTimeOffset>? moments)
    {
        var text = _text[start..end];
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return;
        moments?.Invoke(moment);
        Add(ClaimKind.Date, start, start + 10, "", (moment.Year * 10000) + (moment.Month * 100) + moment.Day);
        Add(ClaimKind.Time, start + 11, end, "", (moment.Hour * 60) + moment.Minute);
    }

    private void ReadDate(int start, int end, bool hasYear)
    {
        // A longer number is no date: 12026-11-24, 2026.11.241.
        if ((start > 0 && char.IsAsciiDigit(_text[start - 1])) || (end < _text.Length && char.IsAsciiDigit(_text[end])))
            return;
        Span<int> parts = stackalloc int[3];
        var count = 0;
        for (var i = start; i < end && count < 3; i++)
        {
            if (!char.IsAsciiDigit(_text[i]))
                continue;
            var value = 0;
            for (; i < end && char.IsAsciiDigit(_text[i]); i++)
                value = (value * 10) + (_text[i] - '0');
            parts[count++] = value;
        }

        var (year, month, day) = hasYear ? (parts[0], parts[1], parts[2]) : (0, parts[0], parts[1]);
        AddDate(start, end, year, month, day);
    }

    private void AddDate(int start, int end, int year, int month, int day)
    {
        if (month is >= 1 and <= 12 && day is >= 1 and <= 31)
            Add(ClaimKind.Date, start, _text[end - 1] == ' ' ? end - 1 : end, "", (year * 10000) + (month * 100) + day);
    }

    private void ReadChineseDate(int start, int end)
    {
        var month = _text.IndexOf('月', start);
        var m = NumberWords.FromChinese(_text.AsSpan(start, month - start));
        var d = NumberWords.FromChinese(_text.AsSpan(month + 1, end - month - 2));
        if (m.Count == 1 && d.Count == 1)
            AddDate(start, end, 0, (int)m[0], (int)d[0]);
    }

    private void ReadEnglishDate(int start, int end)
    {
        // "March 2026" is no 20th of March.
        if ((start > 0 && char.IsLetterOrDigit(_text[start - 1])) || (end < _text.Length && char.IsAsciiDigit(_text[end])))
            return;
        var (month, day, year) = (0, 0, 0);
        foreach (var word in _text[start..end].ToLowerInvariant().Split([' ', ',', '.'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiDigit(word[0]))
            {
                var value = int.Parse(word.AsSpan(0, word.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var stop ? stop : word.Length), CultureInfo.InvariantCulture);
                (day, year) = value > 31 ? (day, value) : (value, year);
            }
            else if (word.Length >= 3)
            {
                month = Array.IndexOf(Months, word[..3]) + 1;
            }
        }

        AddDate(start, end, year, month, day);
    }

    private void ReadEnglishMonth(int start, int end)
    {
        var month = Array.IndexOf(Months, _text.Substring(start, 3).ToLowerInvariant()) + 1;
        if (month == 0 || (start > 0 && char.IsLetterOrDigit(_text[start - 1])) || (end < _text.Length && char.IsLetterOrDigit(_text[end])))
            return;
        Add(ClaimKind.Number, end - 4, end, "", int.Parse(_text.AsSpan(end - 4, 4), CultureInfo.InvariantCulture));
        Add(ClaimKind.Number, start, end - 5, "", month, new Unit("calendar_month", 1));
    }

    private void ReadClock(int start, int end)
    {
        var text = _text[start..end].ToLowerInvariant();
        var after = text.Contains('p') || text.StartsWith("下午", StringComparison.Ordinal) || text.StartsWith('晚') || text.StartsWith("傍晚", StringComparison.Ordinal) || text.StartsWith("中午", StringComparison.Ordinal);
        var before = text.Contains('a') || text.StartsWith("上午", StringComparison.Ordinal) || text.StartsWith('早') || text.StartsWith("凌晨", StringComparison.Ordinal);
        var numbers = Regex.Matches(text, "[0-9]+|[一二两三四五六七八九十]+", Linear);
        if (numbers.Count == 0)
            return;
        var hour = Value(numbers[0].Value);
        var minute = text.Contains('半') ? 30 : numbers.Count > 1 ? Value(numbers[1].Value) : 0;
        if (hour is < 0 or > 24 || minute > 59)
            return;
        hour = after && hour < 12 && !(hour < 6 && text.StartsWith("中午", StringComparison.Ordinal) && hour == 0) ? hour + 12 : before && hour == 12 ? 0 : hour;
        Add(ClaimKind.Time, start, end, after || before ? "" : "ambiguous", ((hour % 24) * 60) + minute);

        static int Value(string digits) => char.IsAsciiDigit(digits[0])
            ? digits.Length <= 2 ? int.Parse(digits, CultureInfo.InvariantCulture) : -1
            : NumberWords.FromChinese(digits) is [var value] ? (int)value : -1;
    }

    /// <summary>Seven digits or more, with the separators that phones have: compared digit by digit, not as quantities.</summary>
    private void ReadLong()
    {
        foreach (var run in Privacy.DigitRun.In(_text))
        {
            for (var first = 0; first < run.Groups.Count; first++)
            {
                var last = first;
                while (last + 1 < run.Groups.Count && run.Separator(_text, last) is "-" or " " or ") " or ")" && !Taken(run.Groups[last + 1].Start, run.Groups[last + 1].End))
                    last++;
                var (start, end) = (run.Groups[first].Start, run.Groups[last].End);
                var digits = run.Digits(_text, first, last, 40);
                // "3-5" and "100 200" are numbers of their own; "400-800-1234" is one.
                if (digits is { Length: >= 7 } && !Taken(start, end) && (first == last || run.Groups[first].Length >= 3) && !IsGrouped(start, end))
                    Add(ClaimKind.Digits, start, end, digits, 0);
                first = last;
            }
        }
    }

    // 1,234,567 and 1234567.50 are quantities.
    private bool IsGrouped(int start, int end) =>
        (start > 1 && _text[start - 1] is ',' or '.' && char.IsAsciiDigit(_text[start - 2]))
        || (end + 1 < _text.Length && _text[end] is '.' or ',' && char.IsAsciiDigit(_text[end + 1]))
        || (end < _text.Length && Units.At(_text, end) is not null) || (start > 0 && _text[start - 1] is '¥' or '￥' or '$' or '€');

    private void ReadNumber(int start, int end)
    {
        // A Latin letter before it makes it part of a name ("A4"), unless a unit follows.
        if (start > 0 && char.IsAsciiLetter(_text[start - 1]))
        {
            Take(start, end);
            return;
        }

        if (!decimal.TryParse(_text.AsSpan(start, end - start), NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return;
        AddNumber(start, end, value);
    }

    private void AddNumber(int start, int end, decimal value)
    {
        var at = end;
        while (at < _text.Length && _text[at] is '万' or '亿' or '千' or '百')
        {
            if (value > 1_000_000_000_000m)
                break;
            value *= _text[at++] switch { '万' => 10_000, '亿' => 100_000_000, '千' => 1000, _ => 100 };
        }

        end = at;
        if (start > 0 && _text[start - 1] is '¥' or '￥' or '$' or '€')
        {
            var currency = _text[start - 1] switch { '$' => "usd", '€' => "eur", _ => "cny" };
            Add(ClaimKind.Amount, start - 1, end, "", value, new Unit(currency, 1));
            return;
        }

        at = end < _text.Length && _text[end] is ' ' or '-' ? end + 1 : end;
        if (at < _text.Length && (_text[at] == '多' || _text[at] == '余' || _text[at] == '来'))
            at++;
        if (Units.At(_text, at) is not var (unit, stop))
        {
            Add(ClaimKind.Number, start, end, "", value);
            return;
        }

        if (unit.Kind == "discount")
        {
            Add(ClaimKind.Percent, start, stop, "", value < 10 ? value * 10 : value, new Unit("percent", 1));
            return;
        }

        // A year by its number is a name: 2026年.
        if (_text[at] == '年' && value is >= 1900 and <= 2200)
        {
            Add(ClaimKind.Number, start, stop, "", value);
            return;
        }

        var kind = unit.Kind switch
        {
            "cny" or "usd" or "eur" => ClaimKind.Amount,
            "percent" => ClaimKind.Percent,
            _ => ClaimKind.Number,
        };
        Add(kind, start, stop, "", value, unit);
    }

    private void ReadChineseNumbers()
    {
        for (var i = 0; i < _text.Length; i++)
        {
            if (_taken[i] || !NumberWords.IsChinese(_text[i]))
                continue;
            var end = i + 1;
            while (end < _text.Length && NumberWords.IsChinese(_text[end]) && !_taken[end])
                end++;
            if (i >= 3 && _text.AsSpan(i - 3, 3) is "百分之")
            {
                foreach (var value in NumberWords.FromChinese(_text.AsSpan(i, end - i)))
                    Add(ClaimKind.Percent, i - 3, end, "", value, new Unit("percent", 1));
            }
            else if (Units.At(_text, end) is var (unit, stop) && (i == 0 || _text[i - 1] is not ('第' or '统' or '唯' or '万' or '之')))
            {
                // 一个, 一次, 一下 are articles, not counts; 百分之 is read with what follows it.
                var values = NumberWords.FromChinese(_text.AsSpan(i, end - i));
                if (values.Count > 0 && !(unit.Kind is "count" or "star" && values[0] <= 1) && !_text.AsSpan(i, 2).SequenceEqual("百分") && !(unit is { Kind: "time", Size: 1 } && stop - end == 1))
                {
                    if (unit.Kind == "discount")
                        Add(ClaimKind.Percent, i, stop, "", values[0] < 10 ? values[0] * 10 : values[0], new Unit("percent", 1));
                    else
                        AddValues(values, i, stop, unit);
                }

                end = Math.Max(end, values.Count > 0 ? end : i + 1);
            }

            i = end - 1;
        }
    }

    private void AddValues(IReadOnlyList<decimal> values, int start, int end, Unit unit)
    {
        foreach (var value in values)
            Add(unit.Kind is "cny" or "usd" or "eur" ? ClaimKind.Amount : ClaimKind.Number, start, end, "", value, unit);
    }

    private void ReadEnglishNumbers()
    {
        for (var i = 0; i < _text.Length; i++)
        {
            if (!char.IsAsciiLetter(_text[i]))
                continue;
            var end = i + 1;
            while (end < _text.Length && char.IsAsciiLetter(_text[end]))
                end++;
            if (end - i is >= 3 and <= 9 && NumberWords.FromEnglish(_text[i..end]) is { } value && end + 1 < _text.Length && _text[end] is ' ' or '-'
                && Units.At(_text, end + 1) is var (unit, stop) && !(unit.Kind == "count" && value == 1))
                AddValues([value], i, stop, unit);
            i = end - 1;
        }
    }
}
