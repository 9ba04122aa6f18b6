using System.Globalization;
using System.Text;
using Mesh.Common.V1;

namespace Mesh.Dialog.Understanding.Text;

/// <summary>
/// A customer's text in the one form that rules and classifier read: half-width, lower case, without invisible characters, with long repetitions cut,
/// and with a map back to the customer's own characters.
/// </summary>
internal sealed class NormalizedText
{
    private readonly int[] _starts;
    private readonly int[] _ends;

    private NormalizedText(string original, string text, int[] starts, int[] ends)
    {
        Original = original;
        Text = text;
        _starts = starts;
        _ends = ends;
    }

    public string Original { get; }

    /// <summary>Normalised text. Not longer than the original except for emoji that mean yes or no, which become words.</summary>
    public string Text { get; }

    /// <summary>Where the characters [start, end) of <see cref="Text"/> stand in <see cref="Original"/>, in UTF-16 code units.</summary>
    public TextSpan Span(int start, int end) =>
        start >= end ? new TextSpan { Start = OriginalStart(start), End = OriginalStart(start) } : new TextSpan { Start = _starts[start], End = _ends[end - 1] };

    /// <summary>The customer's own characters for [start, end) of <see cref="Text"/>, without surrounding white space.</summary>
    public string Slice(int start, int end)
    {
        var span = Span(start, end);
        return Original[span.Start..span.End].Trim();
    }

    public static NormalizedText From(string original)
    {
        var builder = new Builder(original.Length);
        for (var i = 0; i < original.Length;)
        {
            // A lone surrogate is decoded as U+FFFD, which is neither letter nor digit, and becomes a space.
            Rune.DecodeFromUtf16(original.AsSpan(i), out var rune, out var length);
            Append(builder, rune, original.AsSpan(i, length), i, i + length);
            i += length;
        }

        return builder.Build(original);
    }

    public static bool IsHan(char c) => c is >= '\u4e00' and <= '\u9fff' or >= '\u3400' and <= '\u4dbf' or '〇';

    private int OriginalStart(int index) => index < _starts.Length ? _starts[index] : Original.Length;

    private static void Append(Builder builder, Rune rune, ReadOnlySpan<char> unit, int start, int end)
    {
        var word = Meaning(rune.Value);
        if (word is not null)
        {
            builder.Add(' ', start, start);
            foreach (var c in word)
                builder.Add(c, start, end);
            builder.Add(' ', end, end);
            return;
        }

        if (!rune.IsBmp)
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherLetter)
            {
                builder.Add(unit[0], start, end);
                builder.Add(unit[1], start, end);
            }
            else if (rune.Value is >= 0x1D7CE and <= 0x1D7FF)
            {
                builder.Add((char)('0' + ((rune.Value - 0x1D7CE) % 10)), start, end);
            }
            else if (!IsInvisible(rune))
            {
                builder.Add(' ', start, end);
            }

            return;
        }

        var ch = (char)rune.Value;
        if (ch is >= '\uff01' and <= '\uff5e')
            ch = (char)(ch - 0xfee0);
        else if (ch is >= '①' and <= '⑨')
            ch = (char)(ch - '①' + '1');
        ch = ch switch
        {
            '‘' or '’' or '`' => '\'',
            '“' or '”' => '"',
            '￥' => '¥',
            '–' or '—' or '−' => '-',
            '、' => ',',
            _ => ch,
        };
        if (IsInvisible(rune))
            return;
        if (char.IsWhiteSpace(ch) || char.IsControl(ch) || ch == '\ufffd' || char.GetUnicodeCategory(ch) is UnicodeCategory.OtherSymbol)
            ch = ' ';
        builder.Add(char.ToLowerInvariant(ch), start, end);
    }

    /// <summary>Emoji with which customers answer.</summary>
    private static string? Meaning(int codePoint) => codePoint switch
    {
        0x1F44D or 0x1F44C or 0x2705 or 0x2714 or 0x1F197 => "ok",
        0x1F44E or 0x274C or 0x2716 or 0x1F645 => "no",
        _ => null,
    };

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ||
        rune.Value is >= 0xFE00 and <= 0xFE0F or >= 0x1F3FB and <= 0x1F3FF;

    private sealed class Builder(int capacity)
    {
        private readonly StringBuilder _text = new(capacity);
        private readonly List<int> _starts = new(capacity);
        private readonly List<int> _ends = new(capacity);

        public void Add(char c, int start, int end)
        {
            if (c == ' ' && (_text.Length == 0 || _text[^1] == ' '))
                return;

            // 哈哈哈哈 and "sooooo" say no more than two of them; digits are never cut, they may be a number.
            if (!IsDigit(c) && c != ' ' && _text.Length > 0 && _text[^1] == c && (!char.IsLetter(c) || (_text.Length > 1 && _text[^2] == c)))
            {
                _ends[^1] = end;
                return;
            }

            _text.Append(c);
            _starts.Add(start);
            _ends.Add(end);
        }

        private static bool IsDigit(char c) => char.IsAsciiDigit(c) || "零〇一二三四五六七八九幺".Contains(c, StringComparison.Ordinal);

        public NormalizedText Build(string original)
        {
            if (_text.Length > 0 && _text[^1] == ' ')
                RemoveAt(_text.Length - 1);
            for (var i = _text.Length - 2; i > 0; i--)
            {
                if (_text[i] == ' ' && IsSpelledOut(i))
                    RemoveAt(i);
            }

            return new NormalizedText(original, _text.ToString(), [.. _starts], [.. _ends]);
        }

        /// <summary>A space within 转 人 工 is no pause; one between longer pieces is.</summary>
        private bool IsSpelledOut(int space)
        {
            if (!IsHan(_text[space - 1]) || !IsHan(_text[space + 1]))
                return false;
            var shortBefore = space == 1 || _text[space - 2] == ' ';
            var shortAfter = space + 2 >= _text.Length || _text[space + 2] == ' ';
            return shortBefore || shortAfter;
        }

        private void RemoveAt(int index)
        {
            _text.Remove(index, 1);
            _starts.RemoveAt(index);
            _ends.RemoveAt(index);
        }
    }
}
