using System.Buffers;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>
/// Postal addresses in Chinese, down to the house: a numbered part (88号, 3栋2单元501室) with a street, estate or district before it.
/// A city or district alone is nobody's address and is left, so that one can talk about delivery areas.
/// </summary>
internal static class ChineseAddress
{
    /// <summary>How far left of its first number an address can begin, in characters.</summary>
    private const int Reach = 48;

    /// <summary>Parts that other things are counted by too; alone they close only a name that stands right before them.</summary>
    private static readonly string[] WeakParts = ["楼", "层", "户", "房", "座", "组", "#"];

    private static readonly string[] NumberedParts = ["号楼", "号院", "号", "单元", "弄", "栋", "幢", "室", .. WeakParts];

    // What a street, estate, district or place name ends with.
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("路街道巷弄村镇乡区县市省园城苑府寓厦庄湾里坊屯旗州场院轩居");

    private static readonly SearchValues<char> Clause = SearchValues.Create("，。；;！!？?,\n\t:：\"“”()（）[]【】<>《》、|");

    // A number with one of these after its unit is no house: 地铁2号线, 3号店.
    private static readonly SearchValues<char> NotHouse = SearchValues.Create("线店仓柜机码台服员前后之左右以会令文选种款下发到送寄收签");

    private static readonly string[] Leads =
    [
        "收货地址", "新地址", "家庭地址", "送货地址", "寄件地址", "退货地址", "地址", "改成", "改为", "改到", "换成", "换到", "送到", "寄到", "寄往", "寄去", "发到", "发往", "配送到", "快递到", "邮寄到", "搬到",
        "住在", "我住", "家住", "位于", "住", "就在", "在", "到", "是", "给", "我家", "从",
    ];

    private static readonly string[] Estates = ["小区", "花园", "公寓", "大厦", "家园", "新村", "广场", "街道", "新城", "山庄", "家属院", "宿舍", "苑", "村", "路", "街", "镇"];

    public static void Scan(string text, List<Candidate> found)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsNumeral(text[i]))
                continue;
            var numberEnd = i + 1;
            while (numberEnd < text.Length && IsNumeral(text[numberEnd]))
                numberEnd++;
            var end = House(text, i, numberEnd);
            if (end > 0 && Start(text, i) is { } start && (IsSure(text, numberEnd, end) || NameEnds.Contains(text[i - 1])))
            {
                found.Add(new Candidate(PersonalDataCategories.Address, new TextRange(start, end), 0.85, Squeeze(text[start..end])));
                numberEnd = end;
            }

            i = Math.Max(i, numberEnd - 1);
        }

        Unnumbered(text, found);
    }

    /// <summary>End of the numbered parts that begin with the numeral at <paramref name="start"/>; 0 if it is no house number.</summary>
    private static int House(string text, int start, int numberEnd)
    {
        var end = 0;
        var at = start;
        var next = numberEnd;
        for (var parts = 0; parts < 6; parts++)
        {
            if (next - at > 6)
                break;
            var unit = UnitAt(text, next);
            if (unit == 0)
            {
                // A room number at the end: 3栋501.
                if (end > 0 && next - at is >= 2 and <= 5 && char.IsAsciiDigit(text[at]) && (next == text.Length || !char.IsAsciiLetterOrDigit(text[next])))
                    end = next;
                break;
            }

            end = next + unit;
            at = end;
            while (at < text.Length && at - end < 1 && text[at] is ' ' or '-')
                at++;
            next = at;
            if (next < text.Length && char.IsAsciiLetterUpper(text[next]) && next + 1 < text.Length && (char.IsAsciiDigit(text[next + 1]) || text[next + 1] is '座' or '栋'))
                next++;
            while (next < text.Length && (IsNumeral(text[next]) || (text[next] == '-' && next > at && next + 1 < text.Length && char.IsAsciiDigit(text[next + 1]))))
                next++;
            if (next == at)
            {
                // A name between two numbered parts: 88号翠苑小区3栋.
                var name = EstateAfter(text, end);
                if (name == 0)
                    break;
                end = name;
                at = next = name;
                while (next < text.Length && IsNumeral(text[next]))
                    next++;
                if (next == at)
                    break;
            }
        }

        return end > 0 && end < text.Length && NotHouse.Contains(text[end]) && !FollowsAddress(text, end) ? 0 : end;
    }

    private static bool IsSure(string text, int numberEnd, int end) =>
        end - numberEnd > 2 || !WeakParts.Any(p => text.AsSpan(numberEnd, end - numberEnd).SequenceEqual(p));

    private static bool FollowsAddress(string text, int end) => text[end] is '收' or '到' or '送' or '寄' or '签' or '发' && end >= 2 && text[end - 1] is '室' or '栋' or '元' or '幢' or '楼' or '户' or '房' or '号';

    private static int EstateAfter(string text, int from)
    {
        var limit = Math.Min(text.Length, from + 14);
        for (var i = from + 2; i < limit; i++)
        {
            if (!CharFolding.IsHan(text[i - 1]) || !CharFolding.IsHan(text[i - 2]))
                return 0;
            if (i < text.Length && IsNumeral(text[i]) && NameEnds.Contains(text[i - 1]))
                return i;
        }

        return 0;
    }

    private static int UnitAt(string text, int at)
    {
        if (at < text.Length && text[at] == '之')
            at++;
        foreach (var unit in NumberedParts)
        {
            if (text.AsSpan(at).StartsWith(unit, StringComparison.Ordinal))
                return unit.Length;
        }

        return 0;
    }

    /// <summary>Where the address begins that a house number at <paramref name="number"/> closes; null if no street or place stands before it.</summary>
    private static int? Start(string text, int number)
    {
        var from = Math.Max(0, number - Reach);
        var window = text.AsSpan(from, number - from);
        var stop = window.LastIndexOfAny(Clause);
        var start = from + stop + 1;
        start = Math.Max(start, from + AfterLead(text.AsSpan(from, number - from)));
        while (start < number && text[start] is ' ')
            start++;
        // Spaces part the levels of an address ("浙江 杭州 西湖区"), but also a name or phone before it.
        if (Place(text, start, number) is { } place)
            return place;
        var body = text.AsSpan(start, number - start);
        var space = body.LastIndexOf(' ');
        if (space >= 0 && body[(space + 1)..].ContainsAny(NameEnds))
        {
            start += space + 1;
            body = text.AsSpan(start, number - start);
        }

        if (body.Length < 2 || !body.ContainsAny(NameEnds) || !CharFolding.IsHan(body[0]) || !(NameEnds.Contains(body[^1]) || body[^1] is ' ' || char.IsAsciiLetterUpper(body[^1]) || IsShortName(body)))
            return null;
        return start;
    }

    // "中山路恒隆88号": a name of up to eight characters after the street.
    private static bool IsShortName(ReadOnlySpan<char> body)
    {
        var last = body.LastIndexOfAny(NameEnds);
        return last >= 1 && body.Length - last <= 8;
    }

    private static int? Place(string text, int start, int number)
    {
        var best = -1;
        foreach (var place in Gazetteer.Places)
        {
            var at = text.AsSpan(start, number - start).IndexOf(place);
            if (at >= 0 && (best < 0 || at < best))
                best = at;
        }

        if (best < 0)
            return null;
        var body = text.AsSpan(start + best, number - start - best);
        return body.ContainsAny(NameEnds) ? start + best : null;
    }

    private static int AfterLead(ReadOnlySpan<char> window)
    {
        var best = 0;
        foreach (var lead in Leads)
        {
            var at = window.LastIndexOf(lead);
            // "在" and its like are also parts of names; they lead only if something address-like is left after them.
            if (at >= 0 && at + lead.Length > best && window[(at + lead.Length)..].ContainsAny(NameEnds))
                best = at + lead.Length;
        }

        return best;
    }

    /// <summary>Without a number: place, district and estate or street, introduced as an address.</summary>
    private static void Unnumbered(string text, List<Candidate> found)
    {
        foreach (var lead in (ReadOnlySpan<string>)["地址", "住在", "家住", "我住", "寄到", "送到", "发到", "改成", "改为", "改到"])
        {
            for (var at = text.IndexOf(lead, StringComparison.Ordinal); at >= 0; at = text.IndexOf(lead, at + lead.Length, StringComparison.Ordinal))
            {
                var start = at + lead.Length;
                while (start < text.Length && text[start] is ' ' or ':' or '：' or '是' or '为' or '改' or '成' or '在')
                    start++;
                var limit = Math.Min(text.Length, start + Reach);
                var end = start;
                while (end < limit && !Clause.Contains(text[end]))
                    end++;
                var clause = text.AsSpan(start, end - start);
                if (!StartsWithPlace(clause) || clause.IndexOfAny('区', '县', '市') is not (> 0 and var district))
                    continue;
                var close = 0;
                foreach (var estate in Estates)
                {
                    var e = clause.LastIndexOf(estate);
                    if (e > district + 1)
                        close = Math.Max(close, e + estate.Length);
                }

                if (close > 0)
                    found.Add(new Candidate(PersonalDataCategories.Address, new TextRange(start, start + close), 0.7, Squeeze(text[start..(start + close)])));
            }
        }
    }

    private static bool StartsWithPlace(ReadOnlySpan<char> clause)
    {
        foreach (var place in Gazetteer.Places)
        {
            if (clause.StartsWith(place))
                return true;
        }

        return false;
    }

    private static bool IsNumeral(char c) => char.IsAsciiDigit(c) || c is '一' or '二' or '三' or '四' or '五' or '六' or '七' or '八' or '九' or '十' or '百' or '零' or '〇';

    private static string Squeeze(string value) => value.Replace(" ", "", StringComparison.Ordinal);
}
