using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Entities;

/// <summary>
/// Postal addresses by the words that build them: a province or city, then districts, roads, numbers. A single such word (a city alone) is a place, not an address.
/// </summary>
internal static partial class Addresses
{
    private const int MaxLength = 120;

    private static readonly string[] Provinces =
    [
        "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南",
        "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
        "广州", "深圳", "杭州", "南京", "苏州", "成都", "武汉", "西安", "长沙", "郑州", "青岛", "济南", "厦门", "福州", "宁波", "无锡", "合肥", "昆明", "大连", "沈阳", "哈尔滨",
        "长春", "石家庄", "太原", "南昌", "南宁", "贵阳", "兰州", "海口", "呼和浩特", "乌鲁木齐", "银川", "西宁", "拉萨", "东莞", "佛山", "珠海", "中山", "温州", "嘉兴", "绍兴", "金华",
    ];

    public static IEnumerable<Found> Find(NormalizedText text)
    {
        var s = text.Text;
        for (var i = 0; i < s.Length;)
        {
            var start = StartOfAddress(s, i);
            if (start < 0)
                break;
            var (end, levels) = ReadParts(s, start);
            if (levels >= 2)
            {
                yield return new Found(SlotType.Address, text.Slice(start, end), start, end, levels >= 3 ? 0.95 : 0.8);
                i = end;
            }
            else
            {
                i = start + 1;
            }
        }

        foreach (Match match in English().Matches(s))
            yield return new Found(SlotType.Address, text.Slice(match.Index, match.Index + match.Length), match.Index, match.Index + match.Length, 0.9);
    }

    private static int StartOfAddress(string s, int from)
    {
        var best = -1;
        foreach (var name in Provinces)
        {
            var at = s.IndexOf(name, from, StringComparison.Ordinal);
            if (at >= 0 && (best < 0 || at < best))
                best = at;
        }

        // 朝阳区建国路88号: without a city it begins two or three characters before the first district.
        var district = District().Match(s, from);
        return district.Success && (best < 0 || district.Index < best) ? district.Index : best;
    }

    /// <summary>End of the run of address characters from <paramref name="start"/> and how many levels (city, district, road, number …) it names.</summary>
    private static (int End, int Levels) ReadParts(string s, int start)
    {
        var levels = Array.Exists(Provinces, name => string.CompareOrdinal(s, start, name, 0, name.Length) == 0) ? 1 : 0;
        var end = start;
        var sinceLevel = 0;
        for (var i = start; i < s.Length && i - start < MaxLength; i++)
        {
            var c = s[i];
            if (c is '省' or '市' or '区' or '县' or '镇' or '乡' or '村' or '路' or '街' or '道' or '巷' or '弄' or '号' or '栋' or '幢' or '楼' or '单' or '室' or '座' or '层' or '苑' or '园' or '厦' or '元' or '户' or '店' or '旗' or '州')
            {
                // 北京市 is one level, not two.
                if (sinceLevel > 0 && !(levels == 1 && c is '省' or '市' && i - start <= 4))
                    levels++;
                sinceLevel = 0;
                end = i + 1;
                continue;
            }

            if (!NormalizedText.IsHan(c) && !char.IsAsciiLetterOrDigit(c) && c is not ('-' or ' ' or '#'))
                break;
            if (++sinceLevel > 14 || c is '的' or '了' or '吗' or '呢' or '吧' or '我' or '你' or '有' or '没' or '到' or '哪')
                break;
        }

        // A room number or house name may stand at the very end without a suffix.
        var tail = end;
        while (tail < s.Length && tail - end < 6 && (char.IsAsciiDigit(s[tail]) || s[tail] == '-'))
            tail++;
        return (end > start ? tail : start + 1, levels);
    }

    [GeneratedRegex("[\u4e00-\u9fff]{2,3}(?:区|县|镇)[\u4e00-\u9fff]{1,10}(?:路|街|道|巷|村|镇)", RegexOptions.CultureInvariant)]
    private static partial Regex District();

    [GeneratedRegex(@"\b[0-9]{1,6}[a-z]? (?:[a-z.]{1,20} ){1,4}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl)\b(?:,? (?:apt|unit|suite|room|floor) ?#?[0-9a-z]{1,6})?(?:, ?[a-z0-9 ]{2,30}){0,4}", RegexOptions.CultureInvariant)]
    private static partial Regex English();
}
