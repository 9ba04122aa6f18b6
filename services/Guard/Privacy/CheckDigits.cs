namespace Mesh.Guard.Privacy;

/// <summary>The arithmetic that tells a number of a kind from any other number.</summary>
internal static class CheckDigits
{
    private const string CompanyAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>ISO/IEC 7812-1 annex B.</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var d = digits[digits.Length - 1 - i] - '0';
            if ((i & 1) == 1)
                d = d > 4 ? (2 * d) - 9 : 2 * d;
            sum += d;
        }

        return sum % 10 == 0;
    }

    /// <summary>GB 11643-1999: ISO 7064 MOD 11-2 over 17 digits; the last character is a digit or X.</summary>
    public static bool IdCard(ReadOnlySpan<char> id)
    {
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 17; i++)
            sum += (id[i] - '0') * weights[i];
        return "10X98765432"[sum % 11] == char.ToUpperInvariant(id[17]);
    }

    /// <summary>GB 32100-2015: modulo 31 over 17 characters of a 31-letter alphabet.</summary>
    public static bool CompanyCode(ReadOnlySpan<char> code)
    {
        ReadOnlySpan<int> weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            var value = CompanyAlphabet.IndexOf(code[i], StringComparison.Ordinal);
            if (value < 0)
                return false;
            sum += value * weights[i];
        }

        return CompanyAlphabet[(31 - (sum % 31)) % 31] == code[17];
    }

    /// <summary>ISO 13616: the rearranged number, letters as 10 to 35, is 1 modulo 97.</summary>
    public static bool Iban(ReadOnlySpan<char> iban)
    {
        var remainder = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var c = iban[(i + 4) % iban.Length];
            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + (c - '0')) % 97
                : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }

        return remainder == 1;
    }
}
