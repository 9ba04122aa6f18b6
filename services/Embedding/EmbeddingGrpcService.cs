using System.Threading.RateLimiting;
using Google.Protobuf.Collections;
using Grpc.Core;
using Mesh.Embedding.Dense;
using Mesh.Embedding.V1;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Embedding;

/// <summary>The contract's limits, admission, and the way from a request to the encoders and back.</summary>
internal sealed class EmbeddingGrpcService(Encoders encoders, IOptions<EmbeddingOptions> options) : EmbeddingService.EmbeddingServiceBase, IDisposable
{
    private const int MaxTexts = 256;
    private const int MaxEmbedCharacters = 8_192;
    private const int MaxTokenizeCharacters = 65_536;
    private readonly ConcurrencyLimiter _admission = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxConcurrentCalls == 0 ? Environment.ProcessorCount : options.Value.MaxConcurrentCalls,
        QueueLimit = options.Value.MaxWaitingCalls,
    });

    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        RequireTexts(request.Texts, "texts", MaxEmbedCharacters);
        if (!request.Dense && !request.Sparse)
            throw new InvalidRequestException("dense", "dense, sparse or both must be asked for");
        var encoder = encoders.Dense(request.Model);
        var analyzer = encoders.Analyzer;
        var query = request.Kind == TextKind.Query;
        return await AdmitAsync(() =>
        {
            var texts = new AnalyzedText[request.Texts.Count];
            for (var i = 0; i < texts.Length; i++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                texts[i] = new AnalyzedText(request.Texts[i], analyzer.Analyze(request.Texts[i]));
            }
            var dense = request.Dense ? encoder.Encode(texts, query, context.CancellationToken) : null;
            var response = new EmbedResponse { Model = encoder.Name, Revision = encoders.RevisionOf(encoder), Dimension = encoder.Dimension };
            for (var i = 0; i < texts.Length; i++)
                response.Embeddings.Add(ToEmbedding(texts[i], dense?[i]));
            return response;

            TextEmbedding ToEmbedding(AnalyzedText text, DenseEmbedding? vector)
            {
                var embedding = new TextEmbedding { Tokens = vector?.Tokens ?? encoder.CountTokens(text), Truncated = vector?.Truncated ?? false };
                if (vector is { } made)
                    embedding.Dense.AddRange(made.Vector);
                if (request.Sparse)
                {
                    var sparse = encoders.Sparse.Encode(text.Terms, query);
                    embedding.Sparse = new SparseVector();
                    embedding.Sparse.Indices.AddRange(sparse.Indices);
                    embedding.Sparse.Values.AddRange(sparse.Values);
                }
                return embedding;
            }
        }, context.CancellationToken);
    }

    public override Task<TokenizeResponse> Tokenize(TokenizeRequest request, ServerCallContext context)
    {
        Require.Length(request.Text, "text", 0, MaxTokenizeCharacters);
        var encoder = encoders.Dense(request.Model);
        var analyzer = encoders.Analyzer;
        return AdmitAsync(() =>
        {
            var response = new TokenizeResponse();
            response.Tokens.AddRange(encoder.Tokenize(new AnalyzedText(request.Text, analyzer.Analyze(request.Text)))
                .Select(token => new Token { Id = token.Id, Text = token.Text, Start = token.Start, End = token.End, Content = token.Content }));
            return response;
        }, context.CancellationToken);
    }

    public override Task<CountTokensResponse> CountTokens(CountTokensRequest request, ServerCallContext context)
    {
        RequireTexts(request.Texts, "texts", MaxTokenizeCharacters);
        var encoder = encoders.Dense(request.Model);
        var analyzer = encoders.Analyzer;
        return AdmitAsync(() =>
        {
            var response = new CountTokensResponse();
            response.Tokens.AddRange(request.Texts.Select(text => encoder.CountTokens(new AnalyzedText(text, analyzer.Analyze(text)))));
            return response;
        }, context.CancellationToken);
    }

    public override Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context)
    {
        var encoder = encoders.Dense(request.Model);
        return Task.FromResult(new GetModelInfoResponse
        {
            Model = encoder.Name,
            Revision = encoders.RevisionOf(encoder),
            Dimension = encoder.Dimension,
            MaxTokens = encoder.MaxTokens,
            Description = encoder.Description,
        });
    }

    public override Task<RerankResponse> Rerank(RerankRequest request, ServerCallContext context)
    {
        Require.Length(request.Query, "query", 1, MaxEmbedCharacters);
        RequireTexts(request.Passages, "passages", MaxEmbedCharacters);
        throw new PreconditionException("NO_CROSS_ENCODER", "no cross-encoder is configured in this installation; search results keep the order of their fusion");
    }

    public override Task<ClassifyResponse> Classify(ClassifyRequest request, ServerCallContext context)
    {
        RequireTexts(request.Texts, "texts", MaxEmbedCharacters);
        throw new PreconditionException("NO_CLASSIFIER", "no text classifier is configured in this installation");
    }

    public void Dispose() => _admission.Dispose();

    private static void RequireTexts(RepeatedField<string> texts, string field, int maxCharacters)
    {
        if (texts.Count is 0 or > MaxTexts)
            throw new InvalidRequestException(field, $"has {texts.Count} texts, allowed is 1 to {MaxTexts}");
        for (var i = 0; i < texts.Count; i++)
            Require.Length(texts[i], $"{field}[{i}]", 0, maxCharacters);
    }

    /// <summary>Computation is synchronous and takes a core: as many at once as there are cores, a bounded number waiting, the rest refused.</summary>
    private async Task<T> AdmitAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        using var lease = await _admission.AcquireAsync(1, cancellationToken);
        return lease.IsAcquired ? compute() : throw new OverloadedException("too many texts are waiting to be embedded", TimeSpan.FromSeconds(1));
    }
}
