using Mesh.Dialog.Flows;
using PhoneNumbers;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>Telephone numbers by libphonenumber; Chinese ones also spelled in numerals (一三八零零…, 幺三八…).</summary>
internal static class PhoneNumberFinder
{
    private const int MaxTextLength = 1_000;
    private const int MaxFound = 8;
    private static readonly PhoneNumberUtil Util = PhoneNumberUtil.GetInstance();

    public static IEnumerable<Found> Find(string text)
    {
        var digits = AsDigits(text.Length > MaxTextLength ? text[..MaxTextLength] : text);
        var possible = 0;
        foreach (var c in digits)
            possible += char.IsAsciiDigit(c) ? 1 : 0;
        if (possible < 7)
            yield break;

        foreach (var match in Util.FindNumbers(digits, "CN", PhoneNumberUtil.Leniency.VALID, MaxFound))
        {
            var number = match.Number;
            var chinese = number.CountryCode == 86;
            var mobile = Util.GetNumberType(number) is PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE;
            var value = chinese
                ? (mobile ? Util.GetNationalSignificantNumber(number) : Util.Format(number, PhoneNumberFormat.NATIONAL).Replace(" ", "", StringComparison.Ordinal))
                : Util.Format(number, PhoneNumberFormat.E164);
            yield return new Found(SlotType.Phone, value, match.Start, match.Start + match.Length, chinese && mobile ? 0.97 : 0.7);
        }
    }

    /// <summary>Same length as <paramref name="text"/>: runs of seven or more Chinese digits become ASCII digits.</summary>
    private static string AsDigits(string text)
    {
        char[]? changed = null;
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && ChineseNumerals.Digit(text[end]) >= 0)
                end++;
            if (end - i >= 7)
            {
                changed ??= text.ToCharArray();
                for (var k = i; k < end; k++)
                    changed[k] = (char)('0' + ChineseNumerals.Digit(text[k]));
            }

            i = Math.Max(end, i + 1);
        }

        return changed is null ? text : new string(changed);
    }
}
