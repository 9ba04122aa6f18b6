using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Entities;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Reading;

/// <summary>A slot's value as the text gives it.</summary>
/// <param name="Certain">It can hardly be anything else; false for words that were only taken for lack of another meaning.</param>
internal readonly record struct SlotValue(string Value, int Start, int End, double Score, bool Certain);

/// <summary>Reads the value of one slot out of a text.</summary>
internal static partial class SlotReader
{
    /// <param name="asked">The bot asked for it: the whole text may be the value.</param>
    public static SlotValue? Read(SlotDefinition slot, NormalizedText text, IReadOnlyList<Found> found, bool asked)
    {
        switch (slot.Type)
        {
            case SlotType.Choice:
                return Choice(slot, text.Text, asked);
            case SlotType.Boolean:
                return asked ? YesOrNo(text.Text) : null;
            case SlotType.Text:
                return Patterned(slot, text, found) ?? (asked ? Whole(text, slot.MaxLength) : null);
            case SlotType.Address:
                return OfType(slot.Type, found) ?? (asked && HasPlace().IsMatch(WithoutOthers(text.Text, found)) ? Whole(text, slot.MaxLength) : null);
            case SlotType.Product:
                return OfType(slot.Type, found) ?? (asked ? Whole(text, slot.MaxLength) : null);
            default:
                return OfType(slot.Type, found);
        }
    }

    /// <summary>The option that an answer points at: by its button, its place ("第二个", "2", "the last one"), its last digits, or a part of its title.</summary>
    public static (QuestionOption Option, int Start, int End, double Score)? Option(IReadOnlyList<QuestionOption> options, string text)
    {
        if (options.Count == 0)
            return null;
        foreach (var option in options)
        {
            if (Same(option.Message, text) || Same(option.Title, text) || Same(option.Value, text))
                return (option, 0, text.Length, 0.99);
        }

        if (Place().Match(text) is { Success: true } place && PlaceOf(place, options.Count) is { } index)
            return (options[index], place.Index, place.Index + place.Length, 0.93);
        if (Tail().Match(text) is { Success: true } tail)
        {
            var digits = tail.Groups[1].Success ? tail.Groups[1].Value : tail.Groups[2].Value;
            var ending = options.Where(option => option.Value.EndsWith(digits, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (ending.Length == 1)
                return (ending[0], tail.Index, tail.Index + tail.Length, 0.9);
        }

        if (text.Length is < 2 or > 40)
            return null;
        var core = Strip(text, out var start, out var end);
        if (core.Length < 2)
            return null;
        var holding = options.Where(option => NormalizedText.From(option.Title).Text.Contains(core, StringComparison.Ordinal)).ToArray();
        return holding.Length == 1 ? (holding[0], start, end, 0.85) : null;
    }

    /// <summary>Longest title or synonym of a value within the text; null when two values are named, or the only one is denied.</summary>
    private static SlotValue? Choice(SlotDefinition slot, string text, bool asked)
    {
        SlotValue? best = null;
        var ambiguous = false;
        foreach (var value in slot.Values)
        {
            foreach (var words in ((string[])[value.Value, value.Title.Zh, value.Title.En, .. value.Synonyms.Zh, .. value.Synonyms.En]).Select(word => NormalizedText.From(word).Text))
            {
                var at = Find(text, words, asked);
                if (at < 0)
                    continue;
                ambiguous |= best is { } other && other.Value != value.Value && (at >= other.End || other.Start >= at + words.Length);
                if (best is null || words.Length > best.Value.End - best.Value.Start)
                    best = new SlotValue(value.Value, at, at + words.Length, asked ? 0.95 : 0.85, true);
            }
        }

        if (best is null && asked && slot.Values.Select((value, i) => new QuestionOption(value.Value, value.Title.Zh, value.Title.En)).ToArray() is { } options &&
            Option(options, text) is { } picked)
        {
            return new SlotValue(picked.Option.Value, picked.Start, picked.End, picked.Score, true);
        }

        return ambiguous && !asked ? null : best;
    }

    private static int Find(string text, string words, bool asked)
    {
        // A single character or a very short Latin word ("me") means something only as the answer itself.
        var weak = words.Length < 2 || (words.Length < 4 && char.IsAsciiLetter(words[0]));
        if (words.Length == 0 || (weak && !asked))
            return -1;
        for (var at = text.IndexOf(words, StringComparison.Ordinal); at >= 0; at = text.IndexOf(words, at + 1, StringComparison.Ordinal))
        {
            var end = at + words.Length;
            var cutsWord = char.IsAsciiLetterOrDigit(words[0]) && at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]);
            cutsWord |= char.IsAsciiLetterOrDigit(words[^1]) && end < text.Length && char.IsAsciiLetterOrDigit(text[end]);
            if (!cutsWord && !Denied().IsMatch(text[Math.Max(0, at - 8)..at]))
                return at;
        }

        return -1;
    }

    private static SlotValue? YesOrNo(string text) => AnswerCues.Read(text) switch
    {
        Answer.Yes => new SlotValue("true", 0, text.Length, 0.95, true),
        Answer.No => new SlotValue("false", 0, text.Length, 0.95, true),
        _ => null,
    };

    private static SlotValue? OfType(SlotType type, IReadOnlyList<Found> found)
    {
        SlotValue? best = null;
        foreach (var entity in found)
        {
            // Of two values the last one is what the customer settled on.
            if (entity.Type == type && (best is null || entity.Score >= best.Value.Score))
                best = new SlotValue(entity.Value, entity.Start, entity.End, entity.Score, true);
        }

        return best;
    }

    private static SlotValue? Patterned(SlotDefinition slot, NormalizedText text, IReadOnlyList<Found> found)
    {
        if (slot.Pattern is { } pattern)
        {
            // Runs of letters, digits and hyphens; the last try leaves out spaces between them.
            foreach (var run in LatinRun().EnumerateMatches(text.Text))
            {
                var value = text.Slice(run.Index, run.Index + run.Length).ToUpperInvariant();
                var spaceless = value.Replace(" ", "", StringComparison.Ordinal);
                if (pattern.IsMatch(value) || pattern.IsMatch(spaceless))
                    return new SlotValue(pattern.IsMatch(value) ? value : spaceless, run.Index, run.Index + run.Length, 0.95, true);
            }

            return null;
        }

        if (!slot.Name.Contains("mail", StringComparison.Ordinal))
            return null;
        foreach (var entity in found)
        {
            if (entity.Type == SlotType.Text)
                return new SlotValue(entity.Value, entity.Start, entity.End, entity.Score, true);
        }

        return null;
    }

    /// <summary>Order numbers, phones and dates blanked out: their digits make no address.</summary>
    private static string WithoutOthers(string text, IReadOnlyList<Found> found)
    {
        var rest = text.ToCharArray();
        foreach (var entity in found.Where(entity => entity.Type is SlotType.OrderId or SlotType.Phone or SlotType.Date or SlotType.Amount))
            rest.AsSpan(entity.Start, entity.Length).Fill(' ');
        return new string(rest);
    }

    private static SlotValue? Whole(NormalizedText text, int maxLength)
    {
        Strip(text.Text, out var start, out var end);
        if (end <= start)
            return null;
        var value = text.Slice(start, end);
        return value.Length == 0 ? null : new SlotValue(value.Length > maxLength ? value[..maxLength] : value, start, end, 0.6, false);
    }

    private static string Strip(string text, out int start, out int end)
    {
        start = 0;
        end = text.Length;
        if (text.Length <= 60)
        {
            if (TalkCues.LeadIn().Match(text) is { Success: true } before && before.Length < text.Length)
                start = before.Length;
            if (TalkCues.LeadOut().Match(text, start) is { Success: true } after && after.Index > start)
                end = after.Index;
        }

        return text[start..end];
    }

    private static bool Same(string words, string text) => words.Length > 0 && NormalizedText.From(words).Text == text;

    private static int? PlaceOf(Match place, int count)
    {
        var word = place.Groups[1].Value;
        int? number = word switch
        {
            "last" or "最后" or "最后一" or "后面" or "末" => count,
            "first" or "前面" => 1,
            "one" => 1,
            "second" or "two" => 2,
            "third" or "three" => 3,
            "fourth" or "four" => 4,
            "fifth" or "five" => 5,
            _ => ChineseNumerals.Parse(word) is { } value && value is >= 1 and <= 50 ? (int)value : null,
        };
        return number >= 1 && number <= count ? number - 1 : null;
    }

    [GeneratedRegex(@"^(?:就|选|要|是|我要|我选|the |number |no\.? |option |pick |#|[ ,])*(?:第)?([0-9]{1,2}|[一二两三四五六七八九十]|最后一?|前面|后面|first|second|third|fourth|fifth|last|one|two|three|four|five)(?:个|单|款|笔|条|项|号|one|order|option|的|那个|那单|吧|就行|谢谢|please|[ ,.!。])*$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"(?:尾号|末尾|后四位|结尾|ending(?: in| with)?|ends (?:in|with)|last (?:four|digits))(?:是|为| is| are)? ?([0-9]{2,8})|^([0-9]{3,8})(?:那个|的|那单)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Tail();

    [GeneratedRegex("[a-z0-9](?:[a-z0-9 -]{0,62}[a-z0-9])?", RegexOptions.CultureInvariant)]
    private static partial Regex LatinRun();

    [GeneratedRegex(@"(?:不是|不要|不想|别|并非|没有|不|not |n't |no )(?:.{0,2})$|退$", RegexOptions.CultureInvariant)]
    private static partial Regex Denied();

    [GeneratedRegex(@"[0-9路街道号区县市省镇村栋室]|\b(?:street|st|road|rd|avenue|ave|lane)\b", RegexOptions.CultureInvariant)]
    private static partial Regex HasPlace();
}
