using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

using Mesh.Guard.Text;

namespace Mesh.Guard.Rules;

/// <summary>Text that is hidden in an encoding: base64, percent, hexadecimal and Unicode escapes. Decoded once, never recursively.</summary>
internal static class EncodedPayloads
{
    /// <summary>Encoded pieces looked at in one text.</summary>
    private const int MaxPieces = 16;

    /// <summary>Characters of a piece that are decoded.</summary>
    private const int MaxPieceLength = 8192;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Base64 = new("[A-Za-z0-9+/_-]{20,}={0,2}", Linear);
    private static readonly Regex Percent = new("(?:%[0-9A-Fa-f]{2}[A-Za-z0-9+_.-]{0,8}){6,}", Linear);
    private static readonly Regex Escapes = new(@"(?:\\u[0-9A-Fa-f]{4} ?){3,}|(?:\\x[0-9A-Fa-f]{2} ?){6,}|(?:&#x?[0-9A-Fa-f]{2,6};){6,}", Linear);
    private static readonly Regex Hexadecimal = new("(?:[0-9A-Fa-f]{2} ?){16,}", Linear);

    /// <summary>The decoded texts and where in the original their encodings stand.</summary>
    public static IReadOnlyList<(string Decoded, TextRange Span)> Find(NormalizedText text)
    {
        var found = new List<(string, TextRange)>();
        var plain = text.Plain.Text;
        Collect(Percent, UnescapePercent);
        Collect(Escapes, UnescapeCodes);
        Collect(Hexadecimal, FromHexadecimal);
        Collect(Base64, FromBase64);
        return found;

        void Collect(Regex regex, Func<string, string?> decode)
        {
            foreach (var match in regex.EnumerateMatches(plain))
            {
                if (found.Count == MaxPieces)
                    return;
                var piece = plain.Substring(match.Index, Math.Min(match.Length, MaxPieceLength));
                if (decode(piece) is { } decoded && IsProse(decoded))
                    found.Add((decoded, text.FromPlain(match.Index, match.Index + match.Length)));
            }
        }
    }

    private static string? FromBase64(string piece)
    {
        var body = piece.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        // Words and identifiers are base64 by accident; real ones mix cases or digits.
        if (!body.Any(char.IsAsciiLetterUpper) || !body.Any(char.IsAsciiLetterLower))
            return null;
        body = body[..(body.Length - (body.Length % 4 == 1 ? 1 : 0))];
        var bytes = new byte[body.Length];
        return Convert.TryFromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='), bytes, out var count) ? Utf8(bytes.AsSpan(0, count)) : null;
    }

    private static string? FromHexadecimal(string piece)
    {
        var digits = piece.Replace(" ", "", StringComparison.Ordinal);
        return Utf8(Convert.FromHexString(digits.AsSpan(0, digits.Length / 2 * 2)));
    }

    private static string? UnescapePercent(string piece)
    {
        var bytes = new List<byte>(piece.Length);
        for (var i = 0; i < piece.Length; i++)
        {
            if (piece[i] == '%' && i + 2 < piece.Length && byte.TryParse(piece.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.Add((byte)(piece[i] == '+' ? ' ' : piece[i]));
            }
        }

        return Utf8(bytes.ToArray(), cut: true);
    }

    private static string? UnescapeCodes(string piece)
    {
        var result = new StringBuilder();
        for (var i = 0; i < piece.Length; i++)
        {
            var digits = piece[i] switch
            {
                'u' => 4,
                'x' when i > 0 && piece[i - 1] == '\\' => 2,
                _ => 0,
            };
            if (digits > 0 && i + digits < piece.Length && int.TryParse(piece.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                result.Append((char)code);
                i += digits;
            }
            else if (piece[i] == '#')
            {
                var end = piece.IndexOf(';', i);
                if (end < 0)
                    break;
                var hex = i + 1 < end && piece[i + 1] is 'x' or 'X';
                if (int.TryParse(piece.AsSpan(i + (hex ? 2 : 1), end - i - (hex ? 2 : 1)), hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var point)
                    && Rune.IsValid(point))
                    result.Append(new Rune(point).ToString());
                i = end;
            }
        }

        return result.ToString();
    }

    private static string? Utf8(ReadOnlySpan<byte> bytes, bool cut = false)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: !cut).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            // Not text: a hash, a key, a picture.
            return null;
        }
    }

    private static bool IsProse(string text)
    {
        var readable = 0;
        foreach (var c in text)
            readable += char.IsLetter(c) || c is ' ' or ',' or '，' or '。' or '.' or '?' or '？' or '\n' ? 1 : 0;
        return text.Length >= 4 && readable >= text.Length * 0.8;
    }
}
