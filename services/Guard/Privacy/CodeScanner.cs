using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Personal data that mixes letters and digits. Every expression runs in time linear in the text.</summary>
internal sealed class CodeScanner(TimeProvider time)
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Plate = new(
        "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Za-hj-np-z][ ·•.-]?[A-HJ-NP-Za-hj-np-z0-9]{4,6}[挂学警港澳]?", Linear);

    private static readonly Regex Iban = new("[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}", Linear);
    private static readonly Regex CompanyCode = new("[0-9A-HJ-NPQRTUWXY]{18}", Linear);
    private static readonly Regex Document = new("[A-Za-z]{1,2}[0-9]{7,8}", Linear);
    private static readonly Regex Mac = new("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}", Linear);
    private static readonly Regex Ipv6 = new("[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){3,7}", Linear);

    private static readonly Regex WeChat = new(
        "(?:微信号?|威信号?|薇信号?|v信号?|wechat|weixin|[vw]x号?)(?: ?id)?(?: ?[:是为=] ?|号 ?|: ?| )?(?<id>[a-z][a-z0-9_-]{5,19})", Linear | RegexOptions.IgnoreCase);

    private static readonly Regex SpelledEmail = new(
        @"[A-Za-z0-9._-]{2,40} ?(?:(?:\(at\)|\[at\]|\{at\}|#at#) ?[A-Za-z0-9-]{2,40} ?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.) ?| at [A-Za-z0-9-]{2,40} dot )[A-Za-z]{2,8}", Linear | RegexOptions.IgnoreCase);

    private static readonly Regex DateText = new(
        @"[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?[0-9]{4}|(?:[0-9]{4}|[0-9]{2}) ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?[0-9]{1,2}日?|[0-9]{8}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}|[0-9]{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? [0-9]{4}",
        Linear | RegexOptions.IgnoreCase);

    /// <summary>Lengths of the countries' IBANs (ISO 13616 registry) that are met in practice.</summary>
    private static readonly Dictionary<string, int> IbanLengths =
        ("AD24 AE23 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IL23 IS26 IT27 LI21 LT20 LU20 "
            + "LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TR26 UA29 QA29 KW30 KZ20 PK24 BR29 EG29 JO30 GE22 MD24")
        .Split(' ').ToDictionary(entry => entry[..2], entry => int.Parse(entry.AsSpan(2), CultureInfo.InvariantCulture));

    public void Scan(string text, List<Candidate> found)
    {
        Emails(text, found);
        ForEach(SpelledEmail, text, m => text.Contains('@') ? null
            : new Candidate(PersonalDataCategories.Email, m, 0.75, Squeeze(text[m.Start..m.End]).ToLowerInvariant()), found);
        ForEach(Plate, text, m => PlateIn(text, m), found);
        ForEach(Iban, text, m => IbanIn(text, m), found);
        ForEach(CompanyCode, text, m => CompanyCodeIn(text, m), found);
        ForEach(Mac, text, m => Whole(text, m) ? new Candidate(PersonalDataCategories.MacAddress, m, 0.9, text[m.Start..m.End].ToUpperInvariant().Replace('-', ':')) : null, found);
        ForEach(Ipv6, text, m => Ipv6In(text, m), found);
        ForEach(Document, text, m => Whole(text, m) && Cues.Before(text, m.Start) == CueKind.Passport
            ? new Candidate(PersonalDataCategories.Passport, m, 0.95, text[m.Start..m.End].ToUpperInvariant()) : null, found);
        WeChatIds(text, found);
        ForEach(DateText, text, m => BirthDate(text, m), found);
    }

    private static void ForEach(Regex regex, string text, Func<TextRange, Candidate?> accept, List<Candidate> found)
    {
        foreach (var match in regex.EnumerateMatches(text))
        {
            if (accept(new TextRange(match.Index, match.Index + match.Length)) is { } candidate)
                found.Add(candidate);
        }
    }

    private static void Emails(string text, List<Candidate> found)
    {
        for (var at = text.IndexOf('@'); at >= 0; at = text.IndexOf('@', at + 1))
        {
            var start = at;
            while (start > 0 && at - start < 64 && IsMailbox(text[start - 1]))
                start--;
            while (start < at && text[start] is '.' or '-' or '+')
                start++;
            var end = at + 1;
            var lastDot = -1;
            while (end < text.Length && end - at < 254 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-'))
            {
                lastDot = text[end] == '.' && end + 1 < text.Length && char.IsAsciiLetter(text[end + 1]) ? end : lastDot;
                end++;
            }

            if (start == at || lastDot < 0)
                continue;
            end = lastDot + 1;
            while (end < text.Length && char.IsAsciiLetter(text[end]))
                end++;
            if (end - lastDot - 1 is >= 2 and <= 24 && lastDot > at + 1)
                found.Add(new Candidate(PersonalDataCategories.Email, new TextRange(start, end), 0.99, text[start..end].ToLowerInvariant()));
        }
    }

    private static bool IsMailbox(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '%';

    private static Candidate? PlateIn(string text, TextRange range)
    {
        var value = Squeeze(text[range.Start..range.End]).ToUpperInvariant();
        if (range.End < text.Length && char.IsAsciiLetterOrDigit(text[range.End]))
            return null;
        var body = value[2..].TrimEnd('挂', '学', '警', '港', '澳');
        var suffixed = body.Length + 2 < value.Length;
        var digits = body.Count(char.IsAsciiDigit);
        // A new-energy plate has six characters: D or F first (small cars) or last (large ones), and digits.
        var energy = body.Length == 6 && ((body[0] is >= 'A' and <= 'K' && body[2..].All(char.IsAsciiDigit)) || (body[5] is 'D' or 'F' && body[..5].All(char.IsAsciiDigit)));
        var usual = (body.Length == 5 && digits >= 3) || (body.Length == 4 && suffixed && digits >= 3);
        return energy || usual ? new Candidate(PersonalDataCategories.Plate, range, 0.9, value) : null;
    }

    private static Candidate? IbanIn(string text, TextRange range)
    {
        if (range.Start > 0 && char.IsAsciiLetterOrDigit(text[range.Start - 1]))
            return null;
        var country = text[range.Start..(range.Start + 2)].ToUpperInvariant();
        if (!IbanLengths.TryGetValue(country, out var length))
            return null;
        var value = new char[length];
        var (count, i) = (0, range.Start);
        for (; i < range.End && count < length; i++)
        {
            if (text[i] != ' ')
                value[count++] = char.ToUpperInvariant(text[i]);
        }

        return count == length && (i == text.Length || !char.IsAsciiLetterOrDigit(text[i])) && CheckDigits.Iban(value)
            ? new Candidate(PersonalDataCategories.Iban, new TextRange(range.Start, i), 0.99, new string(value))
            : null;
    }

    private static Candidate? CompanyCodeIn(string text, TextRange range)
    {
        var code = text[range.Start..range.End];
        return Whole(text, range) && code[0] is '1' or '5' or '9' or 'Y' or 'A' or 'N' && code.AsSpan(2, 6).IndexOfAnyExceptInRange('0', '9') < 0
            && CheckDigits.CompanyCode(code)
                ? new Candidate(PersonalDataCategories.CompanyCode, range, 0.95, code)
                : null;
    }

    private static Candidate? Ipv6In(string text, TextRange range)
    {
        var value = text[range.Start..range.End];
        return value.Length >= 9 && Whole(text, range) && value.Any(char.IsAsciiDigit) && value.Count(c => c == ':') >= 3
            && IPAddress.TryParse(value, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? new Candidate(PersonalDataCategories.IpAddress, range, 0.85, address.ToString())
                : null;
    }

    private static void WeChatIds(string text, List<Candidate> found)
    {
        foreach (Match match in WeChat.Matches(text))
        {
            var id = match.Groups["id"];
            var range = new TextRange(id.Index, id.Index + id.Length);
            var named = match.Value[..(id.Index - match.Index)];
            var explicitly = named.AsSpan().IndexOfAny(":是为=号") >= 0 || named.Contains("id", StringComparison.OrdinalIgnoreCase);
            // "微信 payment" is not somebody's id; one with a digit or underscore, or after "号:", is.
            if ((explicitly || id.Value.AsSpan().IndexOfAnyInRange('0', '9') >= 0 || id.Value.Contains('_', StringComparison.Ordinal))
                && (match.Index == 0 || !char.IsAsciiLetterOrDigit(text[match.Index - 1]))
                && !text.AsSpan(range.End).StartsWith("@", StringComparison.Ordinal))
                found.Add(new Candidate(PersonalDataCategories.WeChat, range, explicitly ? 0.9 : 0.7, id.Value));
        }
    }

    private Candidate? BirthDate(string text, TextRange range)
    {
        if (!Whole(text, range) || Cues.Before(text, range.Start) != CueKind.BirthDate)
            return null;
        var digits = string.Concat(text[range.Start..range.End].Where(char.IsAsciiDigit));
        if (digits.Length == 8 && char.IsAsciiDigit(text[range.Start + 3])
            && DateTime.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date > time.GetUtcNow().UtcDateTime)
            return null;
        return new Candidate(PersonalDataCategories.BirthDate, range, 0.9, Squeeze(text[range.Start..range.End]).ToLowerInvariant());
    }

    private static bool Whole(string text, TextRange range) =>
        (range.Start == 0 || !char.IsAsciiLetterOrDigit(text[range.Start - 1])) && (range.End == text.Length || !char.IsAsciiLetterOrDigit(text[range.End]));

    private static string Squeeze(string value) => string.Concat(value.Where(c => c is not (' ' or '·' or '•')));
}
