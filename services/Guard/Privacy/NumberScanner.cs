using System.Globalization;

using Mesh.Guard.Text;

using PhoneNumbers;

namespace Mesh.Guard.Privacy;

/// <summary>
/// Personal numbers: each row of digit groups is read against the shapes of phones, identity cards, bank cards and so on, longest
/// first. Linear: a candidate has at most 22 digits.
/// </summary>
internal sealed class NumberScanner(TimeProvider time)
{
    private const int LongestNumber = 22;

    private static readonly PhoneNumberUtil Phones = PhoneNumberUtil.GetInstance();

    public void Scan(string text, List<Candidate> found)
    {
        foreach (var run in DigitRun.In(text))
        {
            for (var first = 0; first < run.Groups.Count; first++)
            {
                if (Longest(text, run, first) is not { } hit)
                    continue;
                found.Add(hit.Candidate);
                first = hit.LastGroup;
            }
        }

        ScanSpoken(text, found);
    }

    /// <summary>一三八零零…: numbers said in Chinese numerals, alone or mixed with digits. Only phones and identity cards are told so.</summary>
    private static void ScanSpoken(string text, List<Candidate> found)
    {
        var spoken = 0;
        foreach (var c in text)
            spoken += SpokenDigit(c) >= 0 ? 1 : 0;
        if (spoken < 4)
            return;
        var view = string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var digit = SpokenDigit(source[i]);
                target[i] = digit >= 0 ? (char)('0' + digit) : source[i];
            }
        });
        foreach (var run in DigitRun.In(view))
        {
            for (var first = 0; first < run.Groups.Count; first++)
            {
                for (var last = Math.Min(run.Groups.Count - 1, first + 11); last >= first; last--)
                {
                    if (run.Digits(view, first, last, 18) is not { Length: 11 or 18 } digits)
                        continue;
                    var range = new TextRange(run.Groups[first].Start, run.Groups[last].End);
                    if (CountSpoken(text, range) < 4)
                        continue;
                    if (digits.Length == 11 && IsMobile(digits))
                        found.Add(new Candidate(PersonalDataCategories.MobilePhone, range, 0.9, digits));
                    else if (digits.Length == 18 && CheckDigits.IdCard(digits))
                        found.Add(new Candidate(PersonalDataCategories.IdCard, range, 0.95, digits));
                    else
                        continue;
                    first = last;
                    break;
                }
            }
        }
    }

    private static int CountSpoken(string text, TextRange range)
    {
        var count = 0;
        for (var i = range.Start; i < range.End; i++)
            count += SpokenDigit(text[i]) >= 0 ? 1 : 0;
        return count;
    }

    /// <summary>As digits are read out over the phone: 幺 for 1, 拐 for 7, 勾 for 9.</summary>
    private static int SpokenDigit(char c) => c switch
    {
        '幺' => 1,
        '拐' => 7,
        '勾' => 9,
        _ => ChineseDigits.Value(c),
    };

    private (Candidate Candidate, int LastGroup)? Longest(string text, DigitRun run, int first)
    {
        var start = run.Groups[first].Start;
        var international = start > 0 && text[start - 1] == '+';
        if (!international && !Surroundings.OpenLeft(text, start))
            return null;
        CueKind? cue = null;
        for (var last = Math.Min(run.Groups.Count - 1, first + LongestNumber - 1); last >= first; last--)
        {
            // Shorter than any personal number; named ones have at least five digits.
            if (run.Length(first, last) is < 5 or > LongestNumber)
                continue;
            cue ??= Cues.Before(text, start);
            if (Classify(text, run, first, last, cue.Value, international) is { } candidate)
                return (candidate, LastCovered(run, candidate.Range, last));
        }

        return null;
    }

    private static int LastCovered(DigitRun run, TextRange range, int last)
    {
        while (last + 1 < run.Groups.Count && run.Groups[last + 1].Start < range.End)
            last++;
        return last;
    }

    private Candidate? Classify(string text, DigitRun run, int first, int last, CueKind cue, bool international)
    {
        var range = new TextRange(run.Groups[first].Start, run.Groups[last].End);
        var digits = run.Digits(text, first, last, LongestNumber)!;
        if (IdCard(text, range, digits, cue) is { } id)
            return id;
        if (!Surroundings.OpenRight(text, range.End) && !IsExtension(text, run, last, out _))
            return null;
        if (international && digits.Length >= 7)
            return International(range, digits, cue);
        if (cue is not CueKind.Phone && Surroundings.IsAmount(text, range))
            return null;
        return Mobile(text, run, first, last, digits, range, cue)
            ?? (IsExtension(text, run, last, out _) ? null : Card(text, run, first, last, digits, range, cue)
                ?? Landline(run, first, last, digits, range, cue)
                ?? NorthAmerican(text, run, first, last, digits, range, cue)
                ?? SocialSecurity(text, run, first, last, digits, range, cue)
                ?? IpAddress(text, run, first, last, range, cue)
                ?? Named(text, run, first, last, digits, range, cue));
    }

    private Candidate? IdCard(string text, TextRange range, string digits, CueKind cue)
    {
        var end = range.End;
        if (digits.Length == 17 && end < text.Length && text[end] is 'X' or 'x')
        {
            end++;
            digits += 'X';
        }

        if (!Surroundings.OpenRight(text, end))
            return null;
        var whole = new TextRange(range.Start, end);
        if (digits.Length == 18 && IsRegion(digits) && IsDate(digits.AsSpan(6, 8)))
        {
            if (CheckDigits.IdCard(digits))
                return new Candidate(PersonalDataCategories.IdCard, whole, 0.99, digits);
            // A mistyped one is still somebody's, if it is called so.
            return cue == CueKind.IdCard ? new Candidate(PersonalDataCategories.IdCard, whole, 0.8, digits) : null;
        }

        // The fifteen-digit form (until 2013) has no check digit: only where it is called so, or is all that was said.
        if (digits.Length == 15 && IsRegion(digits) && IsDate("19" + digits[6..12])
            && (cue == CueKind.IdCard || Surroundings.IsAlone(text, whole)))
            return new Candidate(PersonalDataCategories.IdCard, whole, 0.85, digits);
        return null;
    }

    private static Candidate? Mobile(string text, DigitRun run, int first, int last, string digits, TextRange range, CueKind cue)
    {
        var number = digits;
        if (number.Length == 13 && number.StartsWith("86", StringComparison.Ordinal))
            number = number[2..];
        else if (number.Length == 15 && number.StartsWith("0086", StringComparison.Ordinal))
            number = number[4..];
        else if (number.Length == 12 && number[0] == '0')
            number = number[1..];
        if (number.Length != 11 || !IsMobile(number) || cue == CueKind.Reference)
            return null;
        if (number.Length == digits.Length && last > first && !MobileShape(text, run, first, last))
            return null;
        if (IsExtension(text, run, last, out var end))
            return new Candidate(PersonalDataCategories.MobilePhone, new TextRange(range.Start, end), 0.95, number);
        if (cue is CueKind.Qq or CueKind.Money or CueKind.Card)
            return cue == CueKind.Qq ? new Candidate(PersonalDataCategories.Qq, range, 0.9, number) : new Candidate(PersonalDataCategories.MobilePhone, range, 0.7, number);
        return new Candidate(PersonalDataCategories.MobilePhone, range, cue == CueKind.Phone ? 0.99 : 0.9, number);
    }

    private static bool MobileShape(string text, DigitRun run, int first, int last)
    {
        if (!run.UniformlySeparated(text, first, last))
            return false;
        var (shortest, longest) = (int.MaxValue, 0);
        for (var g = first; g <= last; g++)
            (shortest, longest) = (Math.Min(shortest, run.Groups[g].Length), Math.Max(longest, run.Groups[g].Length));

        // 138 0000 0001, 1380-0000-001 and digit by digit are phones; 1-800-555-1234 and 2026-1380… are not.
        return longest <= 2 || (run.Groups[first].Length is 3 or 4 && longest <= 8 && shortest >= 2);
    }

    /// <summary>A relayed number with its short extension: 18400000000-1234.</summary>
    private static bool IsExtension(string text, DigitRun run, int last, out int end)
    {
        end = 0;
        if (last + 1 >= run.Groups.Count || run.Groups[last].Length != 11 || run.Groups[last + 1].Length is < 2 or > 5
            || run.Separator(text, last) != "-" || !Surroundings.OpenRight(text, run.Groups[last + 1].End))
            return false;
        end = run.Groups[last + 1].End;
        return true;
    }

    private static Candidate? Card(string text, DigitRun run, int first, int last, string digits, TextRange range, CueKind cue)
    {
        if (digits.Length is < 12 or > 19 || cue is CueKind.Reference)
            return null;
        var shaped = first == last || CardShape(run, first, last, digits.Length);
        if (!shaped || (last > first && !run.UniformlySeparated(text, first, last)))
            return null;
        var known = IsIssuer(digits);
        var luhn = CheckDigits.Luhn(digits);
        if (cue == CueKind.Card && digits.Length >= 12 && (luhn || (digits.Length >= 15 && known)))
            return new Candidate(PersonalDataCategories.BankCard, range, luhn ? 0.98 : 0.75, digits);
        return luhn && known && digits.Length >= 14 && !(digits.Length > 16 && digits[0] == '4')
            ? new Candidate(PersonalDataCategories.BankCard, range, 0.9, digits)
            : null;
    }

    private static bool CardShape(DigitRun run, int first, int last, int length)
    {
        if (length == 15 && run.HasShape(first, last, 4, 6, 5))
            return true;
        if (length == 14 && run.HasShape(first, last, 4, 6, 4))
            return true;
        for (var g = first; g < last; g++)
        {
            if (run.Groups[g].Length != 4)
                return false;
        }

        return run.Groups[last].Length is >= 1 and <= 4;
    }

    /// <summary>Issuer ranges in use: UnionPay, Visa, Mastercard, American Express, JCB, Diners, Discover, and old Chinese debit cards.</summary>
    private static bool IsIssuer(string digits)
    {
        var two = int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture);
        var four = int.Parse(digits.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return digits.Length switch
        {
            14 => two is 30 or 36 or 38 or 39,
            15 => two is 34 or 37 || four is 2131 or 1800,
            16 => two is 62 or 65 or 51 or 52 or 53 or 54 or 55 or 60 or 64 || digits[0] == '4'
                || four is (>= 2221 and <= 2720) or (>= 3528 and <= 3589) or 8171 or 9558 or 6011,
            17 => two is 62,
            18 => two is 62 || four is 9558,
            19 => two is 62 || digits[0] == '4' || four is 9558 or 6013 or 6868 or 9400 or 6039,
            _ => false,
        };
    }

    private static Candidate? Landline(DigitRun run, int first, int last, string digits, TextRange range, CueKind cue)
    {
        if (cue is CueKind.Reference or CueKind.Money || last - first > 2)
            return null;
        var area = digits.Length >= 10 && digits[0] == '0' && digits[1] != '0'
            ? digits[1] is '1' or '2' ? 3 : 4
            : 0;
        if (area == 0 || (digits[1] == '1' && digits[2] != '0'))
            return null;
        var local = digits.Length - area;
        // Area code and number parted, or the whole in one and called a phone.
        var parted = last > first && run.Groups[first].Length == area;
        return local is 7 or 8 && digits[area] is not ('0' or '1') && (parted || cue == CueKind.Phone)
            ? new Candidate(PersonalDataCategories.Landline, range, cue == CueKind.Phone ? 0.98 : 0.85, digits)
            : null;
    }

    private static Candidate? NorthAmerican(string text, DigitRun run, int first, int last, string digits, TextRange range, CueKind cue)
    {
        var plan = digits.Length == 11 && digits[0] == '1' && run.Groups[first].Length == 1 ? digits[1..] : digits;
        if (plan.Length != 10 || plan[0] is '0' or '1' || plan[3] is '0' or '1' || cue == CueKind.Reference)
            return null;
        var from = digits.Length == 11 ? first + 1 : first;
        var shaped = run.HasShape(from, last, 3, 3, 4) && Enumerable.Range(from, last - from).All(g => run.Separator(text, g) is "-" or "." or " " or ") " or ")" or ")-");
        // 400 and 800 numbers are service lines in China, nobody's own.
        return shaped && plan[..3] is not ("400" or "800")
            ? new Candidate(PersonalDataCategories.ForeignPhone, range, 0.85, plan)
            : null;
    }

    private static Candidate? SocialSecurity(string text, DigitRun run, int first, int last, string digits, TextRange range, CueKind cue)
    {
        if (digits.Length != 9 || cue == CueKind.Reference)
            return null;
        var area = digits[..3];
        var valid = area is not ("000" or "666") && area[0] != '9' && digits[3..5] != "00" && digits[5..] != "0000";
        var dashed = run.HasShape(first, last, 3, 2, 4) && run.Separator(text, first) == "-" && run.Separator(text, first + 1) == "-";
        return valid && (dashed || (cue == CueKind.Ssn && (first == last || run.HasShape(first, last, 3, 2, 4))))
            ? new Candidate(PersonalDataCategories.Ssn, range, cue == CueKind.Ssn ? 0.98 : 0.85, digits)
            : null;
    }

    private static Candidate? IpAddress(string text, DigitRun run, int first, int last, TextRange range, CueKind cue)
    {
        if (last - first != 3 || cue == CueKind.Version)
            return null;
        for (var g = first; g <= last; g++)
        {
            if (run.Groups[g].Length > 3 || int.Parse(text.AsSpan(run.Groups[g].Start, run.Groups[g].Length), CultureInfo.InvariantCulture) > 255)
                return null;
            if (g < last && run.Separator(text, g) != ".")
                return null;
        }

        return new Candidate(PersonalDataCategories.IpAddress, range, 0.85, text[range.Start..range.End]);
    }

    /// <summary>Numbers that only their name gives away.</summary>
    private static Candidate? Named(string text, DigitRun run, int first, int last, string digits, TextRange range, CueKind cue) => cue switch
    {
        CueKind.Qq when digits.Length is >= 5 and <= 11 && first == last && digits[0] != '0' => new Candidate(PersonalDataCategories.Qq, range, 0.9, digits),
        CueKind.Phone when digits.Length is >= 7 and <= 13 && last - first <= 4 && !IsService(digits) && !Surroundings.LooksLikeDate(text, run, first, last)
            => new Candidate(PersonalDataCategories.ForeignPhone, range, 0.7, digits),
        CueKind.Passport when digits.Length == 9 && first == last => new Candidate(PersonalDataCategories.Passport, range, 0.85, digits),
        _ => null,
    };

    private static bool IsService(string digits) =>
        digits.StartsWith("400", StringComparison.Ordinal) || digits.StartsWith("800", StringComparison.Ordinal)
        || digits.StartsWith("95", StringComparison.Ordinal) || digits.StartsWith('1');

    private static Candidate? International(TextRange range, string digits, CueKind cue)
    {
        var whole = new TextRange(range.Start - 1, range.End);
        if (digits.Length == 13 && digits.StartsWith("86", StringComparison.Ordinal) && IsMobile(digits[2..]))
            return new Candidate(PersonalDataCategories.MobilePhone, whole, 0.99, digits[2..]);
        try
        {
            var parsed = Phones.Parse("+" + digits, "ZZ");
            return Phones.IsValidNumber(parsed) || (Phones.IsPossibleNumber(parsed) && cue == CueKind.Phone)
                ? new Candidate(PersonalDataCategories.ForeignPhone, whole, 0.9, "+" + digits)
                : null;
        }
        catch (NumberParseException)
        {
            // The library's way to say that it is no phone number.
            return null;
        }
    }

    /// <summary>Mobile ranges handed out by MIIT (13, 14, 15, 16, 17, 18, 19 and their gaps).</summary>
    private static bool IsMobile(string number) => number[0] == '1' && number[1] switch
    {
        '3' or '8' => true,
        '4' => number[2] is >= '0' and <= '9',
        '5' => number[2] != '4',
        '6' => number[2] is '2' or '5' or '6' or '7',
        '7' => number[2] != '9',
        '9' => number[2] != '4',
        _ => false,
    };

    private static bool IsRegion(string id) => int.Parse(id.AsSpan(0, 2), CultureInfo.InvariantCulture)
        is (>= 11 and <= 15) or (>= 21 and <= 23) or (>= 31 and <= 37) or (>= 41 and <= 46) or (>= 50 and <= 54) or (>= 61 and <= 65) or 71 or 81 or 82 or 83;

    private bool IsDate(ReadOnlySpan<char> yyyymmdd) =>
        DateOnly.TryParseExact(yyyymmdd, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year >= 1900 && date <= DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddDays(1));
}
