using System.Buffers;

namespace Mesh.Retrieval.Documents;

/// <summary>Chinese or English, by script alone: the two languages that the mesh answers in.</summary>
internal static class LanguageGuess
{
    /// <returns>"zh", "en", or empty where the text has neither script.</returns>
    public static string Of(ReadOnlySpan<char> text)
    {
        var han = 0;
        var latin = 0;
        foreach (var c in text)
        {
            if (c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF'))
                han++;
            else if (char.IsAsciiLetter(c))
                latin++;
        }
        // A Chinese character says about as much as three Latin letters.
        return han == 0 && latin == 0 ? "" : han * 3 >= latin ? "zh" : "en";
    }

    /// <summary>Of two language tags, whether their primary parts are the same: "zh-CN" and "zh".</summary>
    public static bool Same(string a, string b) => Primary(a).Equals(Primary(b), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Primary(string tag) => tag.AsSpan(0, tag.AsSpan().IndexOfAny(Separators) is var at and >= 0 ? at : tag.Length);

    private static readonly SearchValues<char> Separators = SearchValues.Create("-_");
}
