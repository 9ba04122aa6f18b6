using System.Buffers;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Persons' names in Chinese text, where a field name or a form of address says that one stands here.</summary>
internal static class ChineseNames
{
    private static readonly string[] Before =
    [
        "我叫", "我的名字是", "我的名字叫", "名字是", "名字叫", "名字:", "姓名是", "姓名为", "姓名", "收货人是", "收货人改成", "收货人改为", "收货人", "收件人是", "收件人改成", "收件人改为", "收件人",
        "联系人是", "联系人", "寄件人", "发件人", "签收人", "持卡人", "开户名", "户名", "经办人", "申请人", "投保人", "本人", "改成", "真实姓名", "客户名", "客户", "买家", "收款人", "叫做",
    ];

    private static readonly string[] After = ["先生", "女士", "小姐", "太太", "同学", "经理", "老师", "师傅", "医生", "律师"];

    /// <summary>Cues that are also said of other things: only with a whole name that stands apart.</summary>
    private static readonly HashSet<string> Weak = ["本人", "改成", "客户", "买家", "客户名", "叫做"];

    // Characters that follow or build sentences, seldom given names.
    private static readonly SearchValues<char> Stops = SearchValues.Create(
        "的了吗是在和呢吧我你他她它这那要想来去到说有不没个们就都也还把被给让对从与或但而及以为于之其此哪什么怎谁几多少买卖退换货款单号电话手机地址住订查问请帮快件您咱啊呀哦嗯吃喝出入过后前上下里外点错改人员");

    // "王副经理", "刘总经理": a rank, not a given name.
    private static readonly SearchValues<char> Ranks = SearchValues.Create("总副各位部目区店务产品级主名");

    private static readonly SearchValues<char> Separators = SearchValues.Create(" ,，、:：\n/()（）");

    public static void Scan(string text, List<Candidate> found)
    {
        foreach (var cue in Before)
        {
            for (var at = text.IndexOf(cue, StringComparison.Ordinal); at >= 0; at = text.IndexOf(cue, at + cue.Length, StringComparison.Ordinal))
                AfterCue(text, at + cue.Length, Weak.Contains(cue), found);
        }

        foreach (var title in After)
        {
            for (var at = text.IndexOf(title, StringComparison.Ordinal); at >= 0; at = text.IndexOf(title, at + title.Length, StringComparison.Ordinal))
                BeforeTitle(text, at, found);
        }
    }

    /// <summary>"张伟 13800000001 浙江省…": a name that stands alone next to a phone or an address, as in a delivery label.</summary>
    public static void Beside(string text, TextRange data, List<Candidate> found)
    {
        var end = data.Start;
        while (end > 0 && data.Start - end < 3 && Separators.Contains(text[end - 1]))
            end--;
        if (end < data.Start)
        {
            var start = end;
            while (start > 0 && end - start <= 4 && CharFolding.IsHan(text[start - 1]))
                start--;
            AddWhole(text, start, end, found);
        }

        var from = data.End;
        while (from < text.Length && from - data.End < 3 && Separators.Contains(text[from]))
            from++;
        if (from == data.End)
            return;
        var stop = from;
        while (stop < text.Length && stop - from <= 4 && CharFolding.IsHan(text[stop]))
            stop++;
        AddWhole(text, from, stop > from && text[stop - 1] == '收' ? stop - 1 : stop, found);
    }

    private static void AddWhole(string text, int start, int end, List<Candidate> found)
    {
        var family = FamilyLength(text, start);
        if (family > 0 && end - start - family is 1 or 2 && !text.AsSpan(start, end - start).ContainsAny(Stops) && !text.AsSpan(start + family, end - start - family).ContainsAny(Ranks)
            && !IsWord(text, start, end))
            found.Add(new Candidate(PersonalDataCategories.Name, new TextRange(start, end), 0.7, text[start..end]));
    }

    private static void AfterCue(string text, int start, bool weak, List<Candidate> found)
    {
        var marked = false;
        while (start < text.Length && text[start] is ' ' or ':' or '：' or '是' or '为' or '叫' or '[' or '【')
        {
            marked |= text[start] is ':' or '：' or '是' or '为';
            start++;
        }

        if (start < text.Length && char.IsAsciiLetterUpper(text[start]) && marked && !weak)
        {
            if (EnglishNames.Capitalised(text, start, 3) is { } latin)
                found.Add(new Candidate(PersonalDataCategories.Name, latin, 0.7, text[latin.Start..latin.End]));
            return;
        }

        var family = FamilyLength(text, start);
        if (family == 0)
            return;
        // One or two characters of a given name; a second one that rather goes on with the sentence is left.
        var end = start + family;
        var limit = Math.Min(text.Length, end + 2);
        while (end < limit && CharFolding.IsHan(text[end]) && !Stops.Contains(text[end]))
            end++;
        if (end == start + family || IsWord(text, start, end))
            return;
        var closed = end == text.Length || !CharFolding.IsHan(text[end]) || Stops.Contains(text[end]) || IsTitle(text, end);
        if (weak && (!closed || (end < text.Length && CharFolding.IsHan(text[end]))))
            return;
        if (end < text.Length && text[end] is '路' or '街' or '市' or '省' or '区' or '县' or '镇' or '村' or '银' or '公')
            return;
        if (closed || marked)
            found.Add(new Candidate(PersonalDataCategories.Name, new TextRange(start, end), closed ? 0.85 : 0.6, text[start..end]));
    }

    private static void BeforeTitle(string text, int title, List<Candidate> found)
    {
        for (var length = 3; length >= 2; length--)
        {
            var start = title - length;
            if (start < 0 || FamilyLength(text, start) is not (> 0 and var family) || family >= length)
                continue;
            var given = text.AsSpan(start + family, length - family);
            if (given.ContainsAny(Stops) || !AllHan(given) || given.ContainsAny(Ranks))
                continue;
            found.Add(new Candidate(PersonalDataCategories.Name, new TextRange(start, title), 0.75, text[start..title]));
            return;
        }
    }

    private static bool IsWord(string text, int start, int end) =>
        Gazetteer.NotNames.Contains(text.Substring(start, Math.Min(2, end - start))) || Array.Exists(Gazetteer.Places, p => text.AsSpan(start).StartsWith(p, StringComparison.Ordinal));

    private static bool IsTitle(string text, int at) => After.Any(t => text.AsSpan(at).StartsWith(t, StringComparison.Ordinal));

    private static int FamilyLength(string text, int start)
    {
        if (start + 1 < text.Length && Gazetteer.DoubleFamilyNames.Contains(text.Substring(start, 2)))
            return 2;
        return start < text.Length && Gazetteer.FamilyNames.Contains(text[start]) ? 1 : 0;
    }

    private static bool AllHan(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!CharFolding.IsHan(c))
                return false;
        }

        return true;
    }
}
