using System.Text.RegularExpressions;

namespace Mesh.Dialog.Understanding.Cues;

/// <summary>Yes, no, both or neither.</summary>
internal enum Answer
{
    /// <summary>Says something else.</summary>
    None,
    Yes,
    No,

    /// <summary>Has words of yes or no, and is neither for sure: 不是不可以, 好吗, "ok but".</summary>
    Unclear,
}

/// <summary>Reads yes and no. Nothing is yes that has a word left over: what a yes sets off may cost money.</summary>
internal static partial class AnswerCues
{
    private const int MaxLength = 60;

    /// <param name="text">Normalised.</param>
    /// <param name="aboutCancelling">What was asked is whether to cancel something: 取消 then repeats the question and is neither yes nor no.</param>
    public static Answer Read(string text, bool aboutCancelling = false)
    {
        if (text.Length is 0 or > MaxLength || !Either().IsMatch(text) || Greeting().IsMatch(text))
            return Answer.None;
        if (DoubleNegation().IsMatch(text))
            return Answer.Unclear;
        var first = Answer.None;
        var mixed = false;
        var repeats = false;
        var at = 0;
        while (at < text.Length)
        {
            var (answer, length) = Next(text, at);
            if (length == 0)
                return Answer.None;
            if (aboutCancelling && answer is Answer.No && Cancelling().IsMatch(text.AsSpan(at, length)))
            {
                repeats = true;
                answer = Answer.None;
            }

            at += length;
            if (answer is Answer.None)
                continue;
            mixed |= first is not Answer.None && answer != first;
            first = first is Answer.None ? answer : first;
        }

        if (first is Answer.None)
            return repeats ? Answer.Unclear : Answer.None;
        if (Asking().IsMatch(text))
            return Answer.Unclear;

        // 不用了 好的: no, and thanks for the offer. 好 不了: nobody knows.
        return mixed && first is Answer.Yes ? Answer.Unclear : first;
    }

    private static (Answer Answer, int Length) Next(string text, int at)
    {
        var no = No().Match(text, at);
        var yes = Yes().Match(text, at);
        var filler = Filler().Match(text, at);
        var longest = Math.Max(no.Length, Math.Max(yes.Length, filler.Length));
        return longest == 0 ? (Answer.None, 0) : no.Length == longest ? (Answer.No, longest) : yes.Length == longest ? (Answer.Yes, longest) : (Answer.None, longest);
    }

    [GeneratedRegex(@"\G(?:可不可以|行不行|好不好|对不对|是不是|要不要|好的|好啊|好呀|好吧|好嘞|好滴|好哒|好|嗯嗯|嗯|恩恩|恩|行的|行|可以的|可以|是的|是|对的|对对|对|没错|没问题|没毛病|确认|确定|同意|要的|需要|要|中|妥妥|妥|得嘞|成|提交|办理|办|就这样|就这么办|就按这个|必须的|当然|继续|okk|okay|ok|yes|yep|yeah|yup|ya|sure|correct|right|confirmed|confirm|go ahead|please do|sounds good|absolutely|definitely|fine|do it|of course|agreed|agree|proceed|y)(?![a-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Yes();

    [GeneratedRegex(@"\G(?:不用了|不用|不要了|不要|不必了|不必|不了|不行|不可以|不是的|不是|不对|不需要|不同意|不确认|不好|不办了|不办|不弄了|不提交|不取消|不想|不|别弄|别办|别提交|别|先别|先不要|先不|没有|取消吧|取消|算了|算啦|等等|等一下先|等一下|等会|再想想|再看看|再等等|还是不要了|还是不|暂时不|no thanks|no thank you|nope|nah|not now|not yet|not really|no|don't do it|don't|do not|never mind|never|cancel it|cancel|stop|wait|hold on|negative|n)(?![a-z])", RegexOptions.CultureInvariant)]
    private static partial Regex No();

    [GeneratedRegex(@"\G(?:谢谢你|谢谢您|谢谢啦|谢谢|多谢|感谢|麻烦你|麻烦您|麻烦了|麻烦|辛苦了|辛苦|帮我|给我|请|那就|那|就|这样|这个|它|吧|呀|啊|哦|噢|呢|嘛|吗|么|的|了|哈|啦|呗|哒|滴|嘞|你|您|我|亲|弄|thank you|thanks|thx|please|pls|it|that's|that|this|is|i|me|for|[ ,.!?~;。'""])", RegexOptions.CultureInvariant)]
    private static partial Regex Filler();

    [GeneratedRegex("^(?:取消|cancel)", RegexOptions.CultureInvariant)]
    private static partial Regex Cancelling();

    [GeneratedRegex("[你您]好|早上好|下午好|晚上好|大家好", RegexOptions.CultureInvariant)]
    private static partial Regex Greeting();

    [GeneratedRegex("(?:不是|没有|并非|不会|没|不能)(?:说)?(?:不|别|没)|not (?:not|un|say(?:ing)? no)", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleNegation();

    [GeneratedRegex(@"[?]|(?:吗|么|嘛|不)$|好不|行不|可不|是不是|对不对|(?:好|行|可以|对|是)不(?:好|行|可以|对|是)", RegexOptions.CultureInvariant)]
    private static partial Regex Asking();

    [GeneratedRegex("[不别没好嗯恩行可是对确同要需中妥得成提办就必当继取算等再还先暂a-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Either();
}
