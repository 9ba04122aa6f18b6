using System.Text.RegularExpressions;

namespace Mesh.Retrieval.Search;

/// <summary>
/// A follow-up such as "那b产品呢" or "what about shoes" says only what differs from the question before. It is searched for with the content words of the last
/// complete question added. When the follow-up names a code with digits, such as a model, the one before is left behind with the words around it.
/// </summary>
internal sealed partial class QueryRewriter(QueryWords words)
{
    private const int FewWords = 3;
    private const int MaxCharacters = 1_000;

    /// <param name="history">Earlier messages of the customer, oldest first.</param>
    public async Task<string> RewriteAsync(string query, IReadOnlyList<string> history, CancellationToken cancellationToken)
    {
        if (history.Count == 0)
            return query;
        var own = await words.OfAsync(query, cancellationToken);
        if (!IsElliptic(query, own.Count))
            return query;
        for (var i = history.Count - 1; i >= 0; i--)
        {
            var before = await words.OfAsync(history[i], cancellationToken);
            if (before.Count == 0 || (i > 0 && IsElliptic(history[i], before.Count)))
                continue;
            if (own.Exists(word => word.HasDigit))
                before = WithoutMentions(history[i], before);
            var taken = before.Where(word => !own.Exists(mine => mine.Term == word.Term));
            var rewritten = $"{query} {string.Join(' ', taken.Select(word => word.Text))}";
            return rewritten.Length <= MaxCharacters ? rewritten : rewritten[..MaxCharacters];
        }
        return query;
    }

    /// <summary>Without codes and the words written together with them: of "X20扫地机器人的保修期" only "保修期" is left. Where that leaves nothing, without the codes.</summary>
    private static List<QueryWord> WithoutMentions(string text, List<QueryWord> words)
    {
        var left = new List<QueryWord>();
        for (int first = 0, next; first < words.Count; first = next)
        {
            for (next = first + 1; next < words.Count && string.IsNullOrWhiteSpace(text[words[next - 1].End..words[next].Start]);)
                next++;
            var run = words[first..next];
            if (!run.Exists(word => word.HasDigit))
                left.AddRange(run);
        }
        return left.Count > 0 ? left : words.FindAll(word => !word.HasDigit);
    }

    internal static bool IsElliptic(string text, int contentWords) => contentWords <= FewWords && (contentWords == 0 || FollowUp().IsMatch(text.Trim()));

    [GeneratedRegex(@"^(那|那么|还有|以及|换成|如果是|要是|and\b|what about|how about|and what|same for|or\b)|呢\s*[?？。]*$", RegexOptions.IgnoreCase)]
    private static partial Regex FollowUp();
}
