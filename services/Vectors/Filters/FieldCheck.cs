using System.Globalization;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Filters;

/// <summary>Qdrant's rules for a condition on one value of a payload.</summary>
internal static class FieldCheck
{
    /// <summary>A condition on an array holds if it holds for any element.</summary>
    public static IEnumerable<Value> Elements(Value value) => value.KindCase == Value.KindOneofCase.ListValue ? value.ListValue.Values : [value];

    /// <summary>Missing, null and the empty array are empty; an array with a null in it is not.</summary>
    public static bool IsEmpty(IReadOnlyCollection<Value> values) => values.All(value => value.KindCase switch
    {
        Value.KindOneofCase.NullValue or Value.KindOneofCase.None => true,
        Value.KindOneofCase.ListValue => value.ListValue.Values.Count == 0,
        _ => false,
    });

    /// <summary>Null, or an array with a null in it.</summary>
    public static bool IsNull(IReadOnlyCollection<Value> values) => values.Any(value => Elements(value).Any(IsNull));

    /// <summary>
    /// The number of values: of an array its length, of null and of a missing field 0, else 1. Any of several counts may be within the bounds.
    /// </summary>
    public static bool HasCount(IReadOnlyCollection<Value> values, Predicate<ulong> bounds) =>
        values.Count == 0 ? bounds(0) : values.Any(value => bounds(value.KindCase switch
        {
            Value.KindOneofCase.ListValue => (ulong)value.ListValue.Values.Count,
            Value.KindOneofCase.NullValue or Value.KindOneofCase.None => 0,
            _ => 1,
        }));

    public static double? Number(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.IntegerValue => value.IntegerValue,
        Value.KindOneofCase.DoubleValue => value.DoubleValue,
        _ => null,
    };

    /// <summary>RFC 3339, a date alone, or date and time apart by a blank; UTC when no zone is given.</summary>
    public static DateTimeOffset? Instant(Value value) =>
        value.KindCase == Value.KindOneofCase.StringValue
        && DateTimeOffset.TryParseExact(value.StringValue, InstantFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    /// <summary>Words as Qdrant splits them without a text index: runs of letters and digits, in lower case.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (inWord && start < 0) start = i;
            if (inWord || start < 0) continue;
            yield return text[start..i].ToLowerInvariant();
            start = -1;
        }
    }

    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd",
    ];

    private static bool IsNull(Value value) => value.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None;
}
