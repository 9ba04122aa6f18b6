using System.Text.RegularExpressions;

namespace Mesh.Dialog.Understanding.Cues;

/// <summary>Turns of phrase that steer the conversation itself.</summary>
internal static partial class TalkCues
{
    /// <summary>What was said before is taken back for something else: 不对 是…, 改成…, "no I meant …".</summary>
    [GeneratedRegex(@"不对|不是|错了|改成|改为|改到|换成|应该是|我是说|我说的是|说错|写错|搞错|填错|弄错|更正|其实是|重新|要改|\bno\b|\bactually\b|\bi meant?\b|\binstead\b|\bchange (?:it|that|the)\b|\bmake (?:it|that)\b|\bwrong\b|\bsorry\b|\bcorrection\b|\bnot that\b|\brather\b", RegexOptions.CultureInvariant)]
    public static partial Regex Correction();

    /// <summary>Asks for the interrupted thing again.</summary>
    [GeneratedRegex(@"继续(?:办|弄|刚才|之前|吧|$)|接着(?:办|弄|刚才|之前|来)|回到(?:刚才|之前|上一)|(?:刚才|之前)(?:的|那个|那件事).{0,8}(?:继续|接着|还没|怎么样|呢)|\b(?:continue|resume)\b|\bgo on with\b|\bback to\b|\bwhere were we\b|\bcarry on\b", RegexOptions.CultureInvariant)]
    public static partial Regex Resume();

    /// <summary>Drops the interrupted thing.</summary>
    [GeneratedRegex(@"(?:刚才|之前|前面|上一)(?:的|那个|那件事).{0,6}(?:不用|不要|算了|不弄|不办|取消)|\b(?:drop|forget|leave) (?:the other|the first|that other|what we)\b", RegexOptions.CultureInvariant)]
    public static partial Regex Drop();

    /// <summary>Ends what is going on, without naming anything else.</summary>
    [GeneratedRegex(@"^(?:那|唉|哎|嗯|好吧|ok|well|oh|hmm|[ ,.!~。])*(?:算了|算啦|算鸟|拉倒|不弄了|不办了|不搞了|不用查了|不查了|不退了|不取消了|不改了|不开了|不想弄了|不想(?:退|办|取消|改|开|查|换|买|投诉)了|没事了|当我没说|退出|停止|先不弄|先这样|不用管了|不继续了|never ?mind|nvm|forget (?:it|about it)|stop(?: it| this)?|leave it|abort|quit|drop it|cancel (?:this|that|it))+(?:吧|了|啦|谢谢|先|我再想想|不弄了|不用了|不要了|不办了|please|thanks|then|[ ,.!~。])*$", RegexOptions.CultureInvariant)]
    public static partial Regex Cancel();

    /// <summary>Leans on what was said before: 那运费呢, 多久, "what about shipping".</summary>
    [GeneratedRegex(@"^(?:那|那么|那个|还有|then |and |so |what about |how about )|呢\??$", RegexOptions.CultureInvariant)]
    public static partial Regex Elliptic();

    [GeneratedRegex(@"谢|感恩|辛苦|\b(?:thanks|thank|thx|ty|cheers)\b", RegexOptions.CultureInvariant)]
    public static partial Regex Thanks();

    /// <summary>What a value is called, and words of politeness.</summary>
    [GeneratedRegex(@"订单编号|订单号码|订单号|订单|单号|编号|手机号码|手机号|电话|号码|地址|是|的|这个|这单|那个|亲|麻烦|请|你好|您好|order number|order no|order|number|phone|address|\b(?:my|is|the|no|it's|it|hi|hello|please)\b", RegexOptions.CultureInvariant)]
    public static partial Regex ValueName();

    /// <summary>Words around a value that are not part of it.</summary>
    [GeneratedRegex(@"^(?:我要|我想|我的|我|就|订单号|订单|单号|号码|手机号|电话|地址|新地址|收货地址|抬头|发票抬头|名字|税号|原因|商品|是|就是|叫|应该|改成|改为|改到|换成|写|填|不对|不是|错了|请|麻烦|帮我|给我|查一下|查下|查|看看|看下|有没有|有|买|想买|找|搜|这个|那个|一下|the|my|it's|it is|is|number|order|address|to|please|for|i want|i need|a|an|use|make it|change it|[ :,.!;。])+", RegexOptions.CultureInvariant)]
    public static partial Regex LeadIn();

    [GeneratedRegex(@"(?:吧|啊|呀|哦|呢|吗|谢谢|的|了|please|thanks|thank you|[ ,.!?;。~])+$", RegexOptions.CultureInvariant)]
    public static partial Regex LeadOut();
}
