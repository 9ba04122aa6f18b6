using System.Text;
using UtfUnknown;

namespace Mesh.Retrieval.Documents;

/// <summary>Bytes to text where the encoding is not stated: byte order mark, then strict UTF-8, then a guess by statistics.</summary>
internal static class TextDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <exception cref="DocumentRefusedException">Not text, or in no encoding that can be told.</exception>
    public static string Decode(byte[] bytes, out string encoding)
    {
        if (ByteOrderMark(bytes) is { } marked)
        {
            encoding = marked.WebName;
            return marked.GetString(bytes.AsSpan(marked.Preamble.Length));
        }
        if (bytes.AsSpan().Contains((byte)0))
            throw new DocumentRefusedException("it holds zero bytes and is no text file");
        try
        {
            encoding = "utf-8";
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            var detected = CharsetDetector.DetectFromBytes(bytes).Detected
                ?? throw new DocumentRefusedException("its text encoding cannot be told");
            // GB2312 and GBK are subsets of GB18030; detectors name the smallest one that they saw.
            var name = detected.EncodingName.StartsWith("gb", StringComparison.OrdinalIgnoreCase) || detected.EncodingName.StartsWith("hz-gb", StringComparison.OrdinalIgnoreCase)
                ? "gb18030" : detected.EncodingName;
            var found = name == "gb18030" ? Encoding.GetEncoding(name) : detected.Encoding ?? throw new DocumentRefusedException($"its text encoding {name} is not known here");
            encoding = found.WebName;
            var text = found.GetString(bytes);
            return text.Count(c => c == '\uFFFD') * 200 > text.Length
                ? throw new DocumentRefusedException($"its text is not valid {encoding}, the likeliest encoding")
                : text;
        }
    }

    private static Encoding? ByteOrderMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(true),
        [0xFF, 0xFE, 0, 0, ..] => new UTF32Encoding(false, true),
        [0xFF, 0xFE, ..] => new UnicodeEncoding(false, true),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(true, true),
        _ => null,
    };
}
