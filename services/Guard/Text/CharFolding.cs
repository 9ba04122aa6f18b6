using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Mesh.Guard.Text;

/// <summary>Character-by-character folding of the forms that people use to write the same thing differently.</summary>
internal static class CharFolding
{
    // Letters of other scripts that look like Latin ones (a subset of Unicode's confusables, UTS #39).
    private const string LookAlikes =
        "аaеeоoрpсcуyхxіiѕsјjԁdһhӏlкkмmтtвbнhгr" + "αaοoνvρpτtυuιiκkεeηn" + "ɑaɡgıiłløo";

    // Traditional forms of the characters that the built-in rules are written with.
    private const string Traditional =
        "統统詞词無无視视規规則则應应該该過过開开發发對对話话說说為为這这個个們们請请讓让嗎吗麼么當当來来後后與与從从現现"
        + "樣样輸输還还將将會会內内設设禁禁許许違违號号碼码資资訊讯問问題题綁绑殺杀媽妈賤贱雞鸡幹干蠢蠢豬猪廢废騙骗頭头"
        + "腦脑殘残滾滚傻傻條条實实驗验證证書书藥药槍枪彈弹製制買买賣卖偽伪護护帳账戶户錢钱僞伪導导員员權权關关閉闭復复"
        + "顯显檢检測测忽忽絕绝隱隐藏藏譯译編编寫写執执覆复貼贴調调試试解解鎖锁響响擬拟離离記记錄录給给聽听見见嗎吗啟启"
        + "動动單单機机車车東东體体業业務务歡欢點点電电話话達达邊边間间難难歲岁麻麻煩烦氣气點点處处樓楼縣县區区鎮镇鄉乡"
        + "灣湾號号萬万兩两陸陆貳贰參叁億亿週周時时鐘钟";

    private static readonly FrozenDictionary<char, char> LookAlike = Pairs(LookAlikes);
    private static readonly FrozenDictionary<char, char> Simplified = Pairs(Traditional);

    /// <summary>Characters that show nothing and only split words: zero-width ones, soft hyphens, variation selectors, bidirectional controls.</summary>
    public static bool IsInvisible(char c) =>
        c is '\u00AD' or '\u034F' or '\u061C' or '\u180E' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E')
            or (>= '\u2060' and <= '\u206F') or '\uFEFF' or (>= '\uFE00' and <= '\uFE0F') or '\u3164' or '\u115F' or '\u1160'
        || (char.IsControl(c) && c is not ('\n' or '\r' or '\t'));

    /// <summary>Bidirectional overrides, which show a text in another order than it is read in.</summary>
    public static bool IsOverride(char c) => c is '\u202D' or '\u202E';

    /// <summary>Full-width, circled and other scripts' digits and letters to ASCII; every kind of space to a space.</summary>
    public static char FoldWidth(char c)
    {
        if (c < 0x80)
            return c is '\t' or '\r' ? ' ' : c;
        return c switch
        {
            >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
            >= '\u2460' and <= '\u2468' => (char)('1' + (c - '\u2460')),
            >= '\u2474' and <= '\u247C' => (char)('1' + (c - '\u2474')),
            >= '\u2776' and <= '\u277E' => (char)('1' + (c - '\u2776')),
            >= '\u24B6' and <= '\u24CF' => (char)('A' + (c - '\u24B6')),
            >= '\u24D0' and <= '\u24E9' => (char)('a' + (c - '\u24D0')),
            '\u24EA' => '0',
            >= '\u2010' and <= '\u2015' or '\u2212' or '\uFE63' or '\u2043' => '-',
            '\u2018' or '\u2019' or '\u02BC' => '\'',
            '\u201C' or '\u201D' => '"',
            '\u3002' => '\u3002',
            '\u2028' or '\u2029' => '\n',
            _ when char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator => ' ',
            _ when char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber => (char)('0' + (int)char.GetNumericValue(c)),
            _ => c,
        };
    }

    /// <summary>The ASCII letter or digit behind a mathematical alphanumeric, an enclosed letter or a tag character; null for anything else.</summary>
    public static char? FoldRune(Rune rune) => rune.Value switch
    {
        >= 0x1D400 and <= 0x1D6A3 => Letter((rune.Value - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((rune.Value - 0x1D7CE) % 10)),
        >= 0x1F130 and <= 0x1F149 => (char)('A' + (rune.Value - 0x1F130)),
        >= 0x1F150 and <= 0x1F169 => (char)('A' + (rune.Value - 0x1F150)),
        >= 0x1F170 and <= 0x1F189 => (char)('A' + (rune.Value - 0x1F170)),
        >= 0xE0020 and <= 0xE007E => (char)(rune.Value - 0xE0000),
        _ => null,
    };

    /// <summary>Unicode's tag characters: invisible, and readable by a language model.</summary>
    public static bool IsTag(Rune rune) => rune.Value is >= 0xE0000 and <= 0xE007F;

    /// <summary>Lower case, look-alikes to Latin, traditional to simplified.</summary>
    public static char FoldWord(char c)
    {
        if (c < 0x80)
            return char.ToLowerInvariant(c);
        var lower = char.ToLowerInvariant(c);
        if (LookAlike.TryGetValue(lower, out var latin))
            return latin;
        if (Simplified.TryGetValue(lower, out var simple))
            return simple;
        // Accented Latin letters: the base letter is enough to recognise a word.
        return lower switch
        {
            >= 'à' and <= 'å' => 'a',
            'ç' => 'c',
            >= 'è' and <= 'ë' => 'e',
            >= 'ì' and <= 'ï' => 'i',
            'ñ' => 'n',
            >= 'ò' and <= 'ö' => 'o',
            >= 'ù' and <= 'ü' => 'u',
            _ => lower,
        };
    }

    public static bool IsHan(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF') or '\u3007';

    public static bool IsAsciiLetterOrDigit(char c) => char.IsAsciiLetterOrDigit(c);

    private static char Letter(int index) => index < 26 ? (char)('A' + index) : (char)('a' + index - 26);

    private static FrozenDictionary<char, char> Pairs(string pairs)
    {
        var table = new Dictionary<char, char>();
        for (var i = 0; i + 1 < pairs.Length; i += 2)
            table[pairs[i]] = pairs[i + 1];
        return table.ToFrozenDictionary();
    }
}
