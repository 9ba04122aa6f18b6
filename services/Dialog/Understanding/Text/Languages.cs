namespace Mesh.Dialog.Understanding.Text;

/// <summary>Which of the platform's languages a text is in, by its scripts.</summary>
internal static class Languages
{
    public const string Chinese = "zh";
    public const string English = "en";

    /// <summary>Pinyin of words that customers type without an input method; one of them is Chinese, not English.</summary>
    private static readonly string[] PinyinWords =
        ["rengong", "kefu", "tuihuo", "tuikuan", "dingdan", "wuliu", "kuaidi", "fapiao", "huanhuo", "youhui", "nihao", "xiexie", "zhuanren", "fahuo", "daole", "duoshao", "zenme"];

    /// <param name="text">Normalised text.</param>
    /// <param name="known">Language of the conversation so far, kept by a text that shows none of its own; null takes Chinese.</param>
    public static string Detect(string text, string? known)
    {
        var han = 0;
        var words = 0;
        for (var i = 0; i < text.Length;)
        {
            if (NormalizedText.IsHan(text[i]))
            {
                han++;
                i++;
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            var number = false;
            for (; i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '\'' or '@' or '.' or '_' or '-'); i++)
                number |= char.IsAsciiDigit(text[i]) || text[i] == '@';
            if (!number)
                words++;
            if (!number && han == 0 && PinyinWords.Any(text[start..i].Contains))
                return Chinese;
        }

        var fallback = known == English ? English : Chinese;
        if (han == 0 && words == 0)
            return fallback;
        if (han == 0)
            return words == 1 && known is not null ? fallback : English;
        return han >= words ? Chinese : words - han <= 2 && known == Chinese ? Chinese : English;
    }
}
