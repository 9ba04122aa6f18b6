namespace Mesh.Guard.Text;

/// <summary>Digits written as Chinese characters, everyday and financial ones.</summary>
internal static class ChineseDigits
{
    private const string Everyday = "零一二三四五六七八九";
    private const string Financial = "〇壹贰叁肆伍陆柒捌玖";

    /// <summary>0 to 9, or -1 for anything else.</summary>
    public static int Value(char c)
    {
        if (c < 0x3000)
            return -1;
        if (c == '两')
            return 2;
        var digit = Everyday.IndexOf(c, StringComparison.Ordinal);
        return digit >= 0 ? digit : Financial.IndexOf(c, StringComparison.Ordinal);
    }
}
