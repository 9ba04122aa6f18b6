using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>
/// Order numbers of the form "letters, then a fixed count of digits", as customers type them: lower case, spaces or hyphens inside, a zero for the letter O,
/// and, where one is asked for, without the letters.
/// </summary>
/// <param name="prefix">Upper-case letters, for example "SO".</param>
/// <param name="digits">Digits after them.</param>
internal sealed partial class OrderNumbers(string prefix, int digits)
{
    private readonly string _prefix = prefix.ToLowerInvariant();

    /// <param name="text">Normalised text.</param>
    /// <param name="asked">An order number was asked for: bare digits and wrong lengths are taken as one too.</param>
    public IEnumerable<Found> Find(string text, bool asked)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterOrDigit(text[i - 1]))
                continue;
            var start = SkipPrefix(text, i);
            if (start < 0 && !char.IsAsciiDigit(text[i]))
                continue;

            var hasPrefix = start >= 0;
            var (number, end) = ReadDigits(text, hasPrefix ? start : i);
            if (number.Length == 0)
                continue;
            if (number.Length == digits)
            {
                // Ten bare digits are too rarely anything else to ask again, but a phone number has eleven and a date eight.
                // After the word for it they are nothing else, though they could be dialled somewhere.
                yield return new Found(SlotType.OrderId, prefix + number, i, end, hasPrefix ? 0.99 : asked || Cue().IsMatch(text[Math.Max(0, i - 12)..i]) ? 0.95 : 0.75);
                i = end - 1;
            }
            else if (number.Length >= 4 && (hasPrefix || (asked && number.Length >= digits - 3 && number.Length != 11)))
            {
                yield return new Found(SlotType.OrderId, prefix + number, i, end, hasPrefix ? 0.6 : 0.4);
                i = end - 1;
            }
        }
    }

    [GeneratedRegex("(订单|单号|編號|编号|order)[^0-9]{0,6}$")]
    private static partial Regex Cue();

    /// <summary>Index after the prefix at <paramref name="start"/>, or -1.</summary>
    private int SkipPrefix(string text, int start)
    {
        var i = start;
        foreach (var letter in _prefix)
        {
            while (i > start && i < text.Length && text[i] is ' ' or '-')
                i++;
            if (i >= text.Length || (text[i] != letter && !(letter == 'o' && text[i] == '0')))
                return -1;
            i++;
        }

        while (i < text.Length && text[i] is ' ' or '-' or ':' or '#')
            i++;
        return i < text.Length && char.IsAsciiDigit(text[i]) ? i : -1;
    }

    private static (string Number, int End) ReadDigits(string text, int start)
    {
        Span<char> number = stackalloc char[32];
        var count = 0;
        var end = start;
        for (var i = start; i < text.Length && count < number.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                number[count++] = text[i];
                end = i + 1;
            }
            else if (text[i] is not (' ' or '-') || i + 1 >= text.Length || !char.IsAsciiDigit(text[i + 1]))
            {
                break;
            }
        }

        // Letters right after it: a model name or a token, not an order.
        return end < text.Length && char.IsAsciiLetter(text[end]) ? ("", end) : (number[..count].ToString(), end);
    }
}
