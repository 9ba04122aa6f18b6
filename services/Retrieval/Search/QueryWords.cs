using Mesh.Embedding.V1;

namespace Mesh.Retrieval.Search;

/// <summary>A word of a question that carries a topic.</summary>
/// <param name="Term">Its term hash, as sparse vectors have it.</param>
internal readonly record struct QueryWord(string Text, uint Term, int Start, int End)
{
    public bool HasDigit => Text.AsSpan().ContainsAnyInRange('0', '9');
}

/// <summary>Content words by the lexical analysis, whatever encoder is the default: it alone knows words.</summary>
internal sealed class QueryWords(EmbeddingService.EmbeddingServiceClient embedding)
{
    private const string LexicalModel = "hashed-ngram-512";

    /// <summary>In the order of the text; of a compound and its parts the compound alone.</summary>
    public async Task<List<QueryWord>> OfAsync(string text, CancellationToken cancellationToken)
    {
        var response = await embedding.TokenizeAsync(new TokenizeRequest { Text = text, Model = LexicalModel }, cancellationToken: cancellationToken);
        var words = new List<QueryWord>();
        foreach (var token in response.Tokens.Where(token => token.Content).OrderBy(token => token.Start).ThenByDescending(token => token.End))
            if (words.Count == 0 || token.Start >= words[^1].End)
                words.Add(new QueryWord(text[token.Start..token.End], unchecked((uint)token.Id), token.Start, token.End));
        return words;
    }
}
