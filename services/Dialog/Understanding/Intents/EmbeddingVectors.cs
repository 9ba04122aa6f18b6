using Grpc.Core;
using Mesh.Embedding.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Understanding.Intents;

/// <summary>Vectors of one revision of the encoder: others are not comparable with them.</summary>
internal sealed record TextVectors(string Revision, IReadOnlyList<TextVector> Vectors);

/// <summary>Vectors of the embedding service; leaves it alone for a while after it failed, so that messages do not wait for it one by one.</summary>
internal sealed partial class EmbeddingVectors(
    EmbeddingService.EmbeddingServiceClient client, IOptions<UnderstandingOptions> options, TimeProvider time, ILogger<EmbeddingVectors> logger)
{
    private const int BatchSize = 128;
    private const int MaxTextLength = 1_000;
    private static readonly TimeSpan TrainingTimeout = TimeSpan.FromSeconds(60);

    private long _silentUntil;

    /// <summary>Null when the service cannot be reached in time, or was not a moment ago.</summary>
    /// <param name="training">Many texts, before any customer waits.</param>
    public async Task<TextVectors?> EmbedAsync(IReadOnlyList<string> texts, bool training, CancellationToken cancellationToken)
    {
        if (!options.Value.UseEmbedding || time.GetUtcNow().UtcTicks < Interlocked.Read(ref _silentUntil))
            return null;
        var vectors = new List<TextVector>(texts.Count);
        var revision = "";
        foreach (var batch in texts.Chunk(BatchSize))
        {
            var request = new EmbedRequest { Kind = TextKind.Query, Dense = true, Sparse = true };
            request.Texts.AddRange(batch.Select(Readable));
            var wait = training ? TrainingTimeout : TimeSpan.FromMilliseconds(options.Value.EmbeddingTimeoutMilliseconds);
            try
            {
                var response = await client.EmbedAsync(request, deadline: time.GetUtcNow().Add(wait).UtcDateTime, cancellationToken: cancellationToken);
                if (response.Embeddings.Count != batch.Length || (revision.Length > 0 && revision != response.Revision))
                    return null;
                revision = response.Revision;
                vectors.AddRange(response.Embeddings.Select(embedding => new TextVector(
                    [.. embedding.Dense], [.. embedding.Sparse.Indices.Zip(embedding.Sparse.Values)])));
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                Interlocked.Exchange(ref _silentUntil, time.GetUtcNow().AddSeconds(options.Value.EmbeddingRetrySeconds).UtcTicks);
                LogUnavailable(exception.StatusCode, options.Value.EmbeddingRetrySeconds);
                return null;
            }
        }

        return new TextVectors(revision, vectors);
    }

    /// <summary>Without the marks of masked values, which no encoder knows; never empty.</summary>
    private static string Readable(string text)
    {
        var plain = string.Concat(text.Where(c => c is < '\uE000' or > '\uF8FF')).Trim();
        return plain.Length == 0 ? "." : plain.Length > MaxTextLength ? plain[..MaxTextLength] : plain;
    }

    [LoggerMessage(4201, LogLevel.Warning, "The embedding service answered {Status}; intents are read from words alone for {Seconds} s")]
    private partial void LogUnavailable(StatusCode status, int seconds);
}
