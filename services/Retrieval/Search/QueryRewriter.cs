using System.Text.RegularExpressions;
using Mesh.Embedding.V1;

namespace Mesh.Retrieval.Search;

/// <summary>
/// A follow-up such as "那b产品呢" or "what about shoes" says only what differs from the question before. It is searched for with the content words of the last
/// complete question added; codes with digits are left behind when the follow-up names its own.
/// </summary>
internal sealed partial class QueryRewriter(EmbeddingService.EmbeddingServiceClient embedding)
{
    /// <summary>The lexical analysis, whatever encoder is the default: it alone knows words.</summary>
    private const string LexicalModel = "hashed-ngram-512";
    private const int FewWords = 3;
    private const int MaxCharacters = 1_000;

    /// <param name="history">Earlier messages of the customer, oldest first.</param>
    public async Task<string> RewriteAsync(string query, IReadOnlyList<string> history, CancellationToken cancellationToken)
    {
        if (history.Count == 0)
            return query;
        var words = await ContentWordsAsync(query, cancellationToken);
        if (!IsElliptic(query, words.Count))
            return query;
        for (var i = history.Count - 1; i >= 0; i--)
        {
            var before = await ContentWordsAsync(history[i], cancellationToken);
            if (before.Count == 0 || (i > 0 && IsElliptic(history[i], before.Count)))
                continue;
            var namesOwnCode = words.Exists(HasDigit);
            var taken = before.Where(word => !words.Contains(word, StringComparer.OrdinalIgnoreCase) && !(namesOwnCode && HasDigit(word)));
            var rewritten = $"{query} {string.Join(' ', taken)}";
            return rewritten.Length <= MaxCharacters ? rewritten : rewritten[..MaxCharacters];
        }
        return query;
    }

    internal static bool IsElliptic(string text, int contentWords) => contentWords <= FewWords && (contentWords == 0 || FollowUp().IsMatch(text.Trim()));

    private async Task<List<string>> ContentWordsAsync(string text, CancellationToken cancellationToken)
    {
        var response = await embedding.TokenizeAsync(new TokenizeRequest { Text = text, Model = LexicalModel }, cancellationToken: cancellationToken);
        var words = new List<string>();
        var end = 0;
        // The analysis lists a compound's parts before it; the widest token at each place is the word.
        foreach (var token in response.Tokens.Where(token => token.Content).OrderBy(token => token.Start).ThenByDescending(token => token.End))
        {
            if (token.Start < end)
                continue;
            words.Add(text[token.Start..token.End]);
            end = token.End;
        }
        return words;
    }

    private static bool HasDigit(string word) => word.AsSpan().ContainsAnyInRange('0', '9');

    [GeneratedRegex(@"^(那|那么|还有|以及|换成|如果是|要是|and\b|what about|how about|and what|same for|or\b)|呢\s*[?？。]*$", RegexOptions.IgnoreCase)]
    private static partial Regex FollowUp();
}
