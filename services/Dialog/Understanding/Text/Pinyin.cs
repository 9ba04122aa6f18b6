using System.Collections.Frozen;
using AnyAscii;

namespace Mesh.Dialog.Understanding.Text;

/// <summary>
/// Sounds of Chinese characters, toneless and one reading each: a mistyped homophone (转人公), the traditional form (轉人工) and the pinyin itself
/// ("zhuanrengong") all sound like the word that was meant.
/// </summary>
internal static class Pinyin
{
    private const char First = '\u4e00';
    private const char Last = '\u9fff';
    private const int LongestSyllable = 6;

    private static readonly string[] Sounds = ReadSounds();
    private static readonly FrozenSet<string> Syllables = Sounds.Where(sound => sound.Length > 0).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SyllableLookup = Syllables.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Lower-case syllable, or empty for anything but a Chinese character.</summary>
    public static string Of(char c) => c is >= First and <= Last ? Sounds[c - First] : "";

    /// <summary>Splits a word of Latin letters into syllables, as few as possible; empty when it is not pinyin.</summary>
    public static IReadOnlyList<string> Split(ReadOnlySpan<char> word)
    {
        if (word.Length is 0 or > 48)
            return [];

        // best[i]: length of the last syllable of a split of word[..i], 0 if there is none; fewer syllables win.
        Span<int> last = stackalloc int[word.Length + 1];
        Span<int> count = stackalloc int[word.Length + 1];
        for (var end = 1; end <= word.Length; end++)
        {
            for (var length = Math.Min(LongestSyllable, end); length > 0; length--)
            {
                var start = end - length;
                if ((start > 0 && last[start] == 0) || !SyllableLookup.Contains(word[start..end]))
                    continue;
                if (last[end] == 0 || count[start] + 1 < count[end])
                {
                    last[end] = length;
                    count[end] = count[start] + 1;
                }
            }
        }

        if (last[^1] == 0)
            return [];
        var syllables = new string[count[^1]];
        for (int end = word.Length, i = syllables.Length - 1; end > 0; end -= last[end], i--)
            syllables[i] = word[(end - last[end])..end].ToString();
        return syllables;
    }

    private static string[] ReadSounds()
    {
        var sounds = new string[Last - First + 1];
        for (var c = First; c <= Last; c++)
        {
            var sound = c.ToString().Transliterate();
            sounds[c - First] = sound.All(char.IsAsciiLetter) ? sound.ToLowerInvariant() : "";
        }

        return sounds;
    }
}
