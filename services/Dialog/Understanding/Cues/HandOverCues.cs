using System.Text;
using System.Text.RegularExpressions;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Cues;

/// <summary>The wish for a person, in whatever words. A question about the person's hours, or the word 人工 in another sense, is none.</summary>
internal static partial class HandOverCues
{
    private const int MaxLength = 1_000;
    private static readonly string[] Sounds = ["zhuanrengong", "rengongkefu", "zhaorengong", "yaorengong", "zhuanjierengong", "zhenrenkefu", "rengongfuwu", "jierengong", "huanrengong"];

    /// <param name="text">Normalised.</param>
    public static bool IsRequest(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        var plain = Other().Replace(text, " ");
        if (Declined().IsMatch(plain))
            return false;
        var asked = plain.Length < text.Length ? plain : text;
        if (Forced().IsMatch(asked))
            return true;
        if (AboutThem().IsMatch(asked))
            return false;
        return Chinese().IsMatch(asked) || Alone().IsMatch(asked) || English().IsMatch(asked) || SoundsLikeIt(asked);
    }

    /// <summary>About a person's hours, number or price, or against wanting one.</summary>
    public static bool IsExcluded(string text) => Declined().IsMatch(text) || (AboutThem().IsMatch(text) && !Forced().IsMatch(text)) || Other().IsMatch(text);

    /// <summary>A question about the service's hours, number or price.</summary>
    public static bool IsAboutService(string text) => AboutThem().IsMatch(text) && !Forced().IsMatch(text);

    /// <summary>Whether anybody who could help is named at all.</summary>
    public static bool NamesPerson(string text) => Person().IsMatch(OtherPeople().Replace(text, "")) || SoundsLikeIt(text);

    private static bool SoundsLikeIt(string text)
    {
        var sounds = new StringBuilder(text.Length * 3);
        foreach (var c in text)
        {
            if (Pinyin.Of(c) is { Length: > 0 } sound)
                sounds.Append(sound);
            else if (char.IsAsciiLetter(c))
                sounds.Append(c);
            else if (c != ' ')
                sounds.Append('|');
        }

        var heard = sounds.ToString();
        return heard == "rengong" || Array.Exists(Sounds, sound => heard.Contains(sound, StringComparison.Ordinal));
    }

    /// <summary>Senses of the characters that have nothing to do with service.</summary>
    [GeneratedRegex("人工智能|人工(?:费|成本|降雨|呼吸|草坪|湖|皮革|合成|养殖)|机器人工作|human (?:resources|rights|body)|travel agent|user agent", RegexOptions.CultureInvariant)]
    private static partial Regex Other();

    [GeneratedRegex("个人|本人|别人|家人|老人|大人|病人|女人|男人|客人|收件人|联系人|人民|人家", RegexOptions.CultureInvariant)]
    private static partial Regex OtherPeople();

    [GeneratedRegex(@"人|客服|坐席|专员|经理|主管|领导|老板|店长|老总|总监|\b(?:human|person|people|agent|rep|representative|operator|supervisor|manager|staff|support|service|someone|somebody|bot|robot)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Person();

    [GeneratedRegex(@"(?:不用|不要|不需要|不必|无需|别|先别|不想|没必要)(?:再|给我|帮我)?(?:转|找|接|换|叫)?(?:到|给)?(?:人工|真人|客服)|(?:no need|don't need|do not need|don't want|not want)(?: for| to (?:talk|speak) to)? (?:a |an )?(?:human|agent|person|representative|operator)", RegexOptions.CultureInvariant)]
    private static partial Regex Declined();

    [GeneratedRegex("转(?:接)?(?:到|给|至)?(?:下|一下)?人工(?!.{0,6}(?:几点|收费))|(?:给我|帮我|我要|我想|马上|赶紧|快|直接)(?:转|接|找|换|叫|来)?(?:一下|个|一个|你们)?(?:人工|真人|活人|客服)(?!.{0,6}(?:几点|电话|时间|号码))", RegexOptions.CultureInvariant)]
    private static partial Regex Forced();

    [GeneratedRegex(@"(?:春节|过年|节假日|假期|国庆|周末|晚上|半夜|夜里|凌晨|几点|[0-9一二两三四五六七八九十]点).{0,6}(?:有|在).{0,4}(?:人工|真人|客服)|(?:人工|真人|客服|坐席).{0,8}(?:几点|时间|上班|下班|收费|多少|电话|号码|热线|什么时候|工作|休息|周末|节假日|24小时|态度|邮箱)|(?:电话|热线).{0,3}(?:多少|号码)|(?:hours|when|phone|number|email|available|work|open|closed|rude|terrible|hung up|told me|said).{0,30}(?:agent|representative|support|customer service|manager)|(?:agent|representative|support|customer service|manager)s?.{0,20}(?:hours|number|phone|email|available|work|open|rude|terrible|hung up|told|said|was|were|promised|worst)|are you (?:a )?(?:human|real|person)|(?:worst|terrible|bad|awful|poor) customer", RegexOptions.CultureInvariant)]
    private static partial Regex AboutThem();

    [GeneratedRegex("(?:转|找|要|接|换|叫|喊|联系|呼叫|请|派|来|让|跟|和|有没有|有|想).{0,6}?(?:人工|真人|活人|坐席|专员|经理|主管|领导|负责人|老板|店长|老总|总监|管事的|人来|人处理|人跟我|(?:叫|找|喊|换|派|来)(?:个|一个)人|个人(?:来|过来|说|聊|处理|帮|跟))|(?:转|找|接|叫|喊|联系|呼叫|换|要).{0,4}客服|客服(?:出来|呢|在哪|人呢|在吗|在不在)|人工(?:客服|服务)?(?:在吗|在不在|在么|呢|有吗|快|$)|跟(?:真)?人(?:说|聊|谈|沟通)|(?:不要|别|不想|不跟|讨厌).{0,4}机器人|机器人.{0,6}(?:没用|听不懂|滚|走开|解决不了)", RegexOptions.CultureInvariant)]
    private static partial Regex Chinese();

    [GeneratedRegex(@"^(?:请|我要|麻烦|要|找|的|，|,|\s|!|。|\.)*(?:人工|人工客服|人工服务|真人|真人客服|活人|客服|在线客服|客服人员|转接|转客服|专员|坐席)(?:吧|啊|呀|呢|谢谢|哦|\s|!|。|\.|,|快|\?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Alone();

    [GeneratedRegex(@"^(?:a |an |the |please |pls |live |real |now |[!. ])*(?:human|agent|representative|rep|operator|supervisor|manager|person|customer (?:service|support|care)|support|live chat|helpdesk)(?: agent| person| please| pls| now| rep| representative|[!. ?])*$|\b(?:talk|speak|chat|connect|transfer|get|want|need|give|put|let|contact|reach|pass|escalate|switch|bring|have|find)\b.{0,30}\b(?:human|humans|real person|actual person|live (?:agent|person|chat|support)|agent|representative|rep|operator|supervisor|manager|someone real|real someone|person|somebody real|customer (?:service|support|care)|support (?:staff|team|agent))\b|\b(?:human|real person|live agent) (?:please|now|instead)\b|\bis there (?:a|an|any) (?:human|real person|agent|person)\b", RegexOptions.CultureInvariant)]
    private static partial Regex English();
}
