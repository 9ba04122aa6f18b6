using System.Text.RegularExpressions;

namespace Mesh.Dialog.Understanding.Cues;

/// <summary>Greetings before and thanks after what is really said.</summary>
internal static partial class Courtesy
{
    /// <summary>The text without them, or the whole text when nothing else is in it.</summary>
    public static string Strip(string text)
    {
        var start = Before().Match(text) is { Success: true } before ? before.Length : 0;
        var end = text.Length;
        // From the end backwards, one phrase after the other.
        for (var rounds = 0; rounds < 4; rounds++)
        {
            var tail = text[Math.Max(start, end - 24)..end];
            if (After().Match(tail) is not { Success: true, Length: > 0 } after)
                break;
            end -= after.Length;
        }

        var rest = text[start..end];
        return rest.Count(c => char.IsLetterOrDigit(c) || c >= '\uE000') >= 2 ? rest : text;
    }

    [GeneratedRegex(@"^(?:(?:你好呀|您好呀|你好啊|你好|您好|亲亲|亲|老板|客服|在吗|在么|哈喽|嗨|喂|早上好|下午好|晚上好|请问一下|请问|打扰一下|打扰了|不好意思|想问一下|想问下|问一下|问下|hi there|hi|hello|hey there|hey|good (?:morning|afternoon|evening)|excuse me|dear sir|sorry to bother you)(?=[ ,.!。~:]|[^a-z])[ ,.!。~:]*)+", RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex(@"[ ,.!。~]*(?:谢谢你们|谢谢你|谢谢您|谢谢啦|谢谢了|谢谢哈|谢谢|多谢了|多谢|感谢|麻烦了|麻烦你了|麻烦您了|辛苦了|拜托了|拜托|哈|thank you|thanks a lot|thanks|thx|cheers|please|pls|plz)[ ,.!。~]*$", RegexOptions.CultureInvariant)]
    private static partial Regex After();
}
