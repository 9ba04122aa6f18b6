using System.Text.RegularExpressions;

namespace Mesh.Dialog.Understanding.Intents;

/// <summary>Marks of a question, in normalised text.</summary>
internal static partial class Questions
{
    [GeneratedRegex(@"[?吗呢么]$|\?|吗[,。 ]", RegexOptions.CultureInvariant)]
    public static partial Regex Mark();

    /// <summary>Question words.</summary>
    [GeneratedRegex(@"什么|啥|怎么|怎样|咋|如何|为何|为什么|哪|谁|几(?:天|点|个|号|年|月|次|钱|折|时)|多少|多久|多长|多大|多远|多重|是不是|有没有|能不能|可不可以|可以不|行不行|会不会|要不要|是否|\bwhat|\bhow\b|\bwhy\b|\bwho\b|\bwhich\b|\bwhere\b|\bwhen\b|^(?:do|does|is|are|can|could|will|may) (?!not )", RegexOptions.CultureInvariant)]
    public static partial Regex Asking();

    /// <summary>Questions about rules: who pays, how long, how much, under which conditions.</summary>
    [GeneratedRegex(@"谁(?:出|付|承担|来)|多久|多长时间|几天(?:内|之内|到|能|可以)|多少(?:钱|天|积分)|怎么(?:算|收|计|收费|算的)|什么(?:条件|规定|政策|规则|要求|流程|区别|意思|时候)|有(?:什么|哪些)|有没有(?:限制|要求)|规定|政策|规则|条件|流程|支持(?:不|哪|什么|吗)?|包(?:不)?包邮|需要(?:什么|哪些)|收费|免费|多大|\bpolicy\b|\bhow long\b|\bhow much\b|\bwho pays\b|\bdo you (?:accept|offer|ship|support|have|charge|take)\b|\bwhat (?:is|are|happens)\b|\bis there\b|\bare there\b|\brules?\b|\bfee\b|\bconditions?\b", RegexOptions.CultureInvariant)]
    public static partial Regex Rule();

    [GeneratedRegex(@"能(?:不能|否)?.{0,12}(?:吗|么|不|\?|$)|可以.{0,12}(?:吗|么|不|\?)|可不可以|\bcan i\b|\bmay i\b|\bis it possible\b|\bam i able\b", RegexOptions.CultureInvariant)]
    public static partial Regex Possible();
}
