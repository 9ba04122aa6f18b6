using System.Data.Common;
using System.Text;
using System.Text.RegularExpressions;

using Mesh.Guard.Privacy;

namespace Mesh.Guard.Pseudonyms;

/// <summary>A value of a text and the pseudonym that stands for it.</summary>
internal readonly record struct Replacement(PersonalData Data, string Pseudonym);

/// <summary>
/// Turns personal data into pseudonyms and back. A pseudonym is the category's name and the first letters of a keyed hash of tenant, scope,
/// category and value, so the same value gets the same one, and nobody without the key can tell which value it is. Another way of writing the
/// same value has a number behind: [手机号_3F9A7K] and [手机号_3F9A7K-2] are one phone, written in two ways, and each comes back as it was.
/// </summary>
internal sealed class Pseudonymizer(PseudonymKey key, PseudonymStore store)
{
    /// <summary>Letters of a pseudonym: 30 bits; more where two values of a scope would share them.</summary>
    private const int ShortestToken = 6;

    private const int LongestToken = 26;

    // Crockford's base 32: no letter is mistaken for another.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly Regex Token = new(@"\[[^\[\]_\n]{1,12}_[0-9A-HJKMNP-TV-Z]{6,26}(?:-[0-9]{1,6})?\]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Where pseudonyms stand in a text already, so that they are left alone.</summary>
    public static IReadOnlyList<Text.TextRange> Existing(string text)
    {
        var found = new List<Text.TextRange>();
        foreach (var match in Token.EnumerateMatches(text))
            found.Add(new Text.TextRange(match.Index, match.Index + match.Length));
        return found;
    }

    /// <summary>The pseudonyms of the findings of several texts, one list a text, all made in one transaction.</summary>
    public Task<IReadOnlyList<IReadOnlyList<Replacement>>> AssignAsync(
        string tenant, string scope, IReadOnlyList<(string Text, IReadOnlyList<PersonalData> Found, bool Chinese)> texts, CancellationToken cancellationToken) =>
        store.InTransactionAsync<IReadOnlyList<IReadOnlyList<Replacement>>>(
            async (connection, transaction) =>
            {
                var known = new Dictionary<(string, string), string>();
                var result = new List<IReadOnlyList<Replacement>>(texts.Count);
                foreach (var (text, found, chinese) in texts)
                {
                    var replacements = new List<Replacement>(found.Count);
                    foreach (var data in found)
                    {
                        var surface = text[data.Span.Start..data.Span.End];
                        if (!known.TryGetValue((data.Category, surface), out var token))
                            known[(data.Category, surface)] = token = await TokenAsync(connection, transaction, tenant, scope, data, surface, cancellationToken);
                        replacements.Add(new Replacement(data, $"[{PersonalDataCategories.Label(data.Category, chinese)}_{token}]"));
                    }

                    result.Add(replacements);
                }

                return result;
            },
            cancellationToken);

    /// <summary>The texts with their pseudonyms turned back, and the pseudonyms that are not known in this scope.</summary>
    public async Task<(IReadOnlyList<string> Texts, IReadOnlyList<string> Unknown)> RestoreAsync(string tenant, string scope, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var tokens = texts.SelectMany(Existing, (text, range) => text[range.Start..range.End]).Select(Split).Where(t => t.Category is not null).Select(t => t.Key!).ToHashSet();
        var values = await store.FindAsync(tenant, scope, tokens, cancellationToken);
        var unknown = new List<string>();
        var restored = texts.Select(text => Replace(text, Existing(text), pseudonym =>
        {
            var (category, token) = Split(pseudonym);
            if (category is null)
                return pseudonym;
            if (values.TryGetValue(token!, out var sealedValue))
                return key.Open(sealedValue, Context(tenant, scope, token!));
            if (!unknown.Contains(pseudonym))
                unknown.Add(pseudonym);
            return pseudonym;
        })).ToList();
        return (restored, unknown);
    }

    public Task<int> EraseAsync(string tenant, string scope, CancellationToken cancellationToken) => store.EraseAsync(tenant, scope, cancellationToken);

    /// <summary>The text with each range replaced.</summary>
    public static string Replace(string text, IReadOnlyList<Text.TextRange> ranges, Func<string, string> replacement)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var range in ranges)
        {
            result.Append(text, at, range.Start - at).Append(replacement(text[range.Start..range.End]));
            at = range.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private async Task<string> TokenAsync(
        DbConnection connection, DbTransaction transaction, string tenant, string scope, PersonalData data, string surface, CancellationToken cancellationToken)
    {
        var valueMac = Hash("value", tenant, scope, data.Category, data.Canonical);
        var surfaceMac = Hash("surface", tenant, scope, data.Category, surface);
        if (await PseudonymStore.FindSurfaceAsync(connection, transaction, tenant, scope, Convert.ToHexString(surfaceMac), cancellationToken) is { } known)
            return Bare(known);
        var earlier = await PseudonymStore.FindValueAsync(connection, transaction, tenant, scope, Convert.ToHexString(valueMac), cancellationToken);
        var letters = Letters(valueMac);
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var token = earlier.Count > 0
                ? $"{Bare(earlier[0])}-{earlier.Count + 1 + attempt}"
                : letters[..Math.Min(ShortestToken + attempt, LongestToken)];
            var stored = $"{data.Category}/{token}";
            if (await store.AddAsync(
                connection, transaction, tenant, scope, stored, Convert.ToHexString(valueMac), Convert.ToHexString(surfaceMac), key.Seal(surface, Context(tenant, scope, stored)), cancellationToken))
                return token;
            // Lost to another process that met the same value just now, or to another value with the same first letters.
            if (await PseudonymStore.FindSurfaceAsync(connection, transaction, tenant, scope, Convert.ToHexString(surfaceMac), cancellationToken) is { } now)
                return Bare(now);
        }

        throw new InvalidOperationException("no free pseudonym was found");
    }

    private byte[] Hash(params string[] parts) => key.Mac(string.Join('\0', parts));

    private static string Context(string tenant, string scope, string token) => $"{tenant}\0{scope}\0{token}";

    private static string Bare(string stored) => stored[(stored.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static (string? Category, string? Key) Split(string pseudonym)
    {
        var at = pseudonym.LastIndexOf('_');
        var category = PersonalDataCategories.FromLabel(pseudonym[1..at]);
        return (category, category is null ? null : $"{category}/{pseudonym[(at + 1)..^1]}");
    }

    private static string Letters(byte[] hash)
    {
        var result = new char[LongestToken];
        var (bits, buffer, at) = (0, 0, 0);
        for (var i = 0; i < result.Length; i++)
        {
            if (bits < 5)
            {
                buffer = (buffer << 8) | hash[at++];
                bits += 8;
            }

            bits -= 5;
            result[i] = Alphabet[(buffer >> bits) & 31];
        }

        return new string(result);
    }
}
