using System.Net;
using Mesh.Tools.Catalog;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Mesh.Tools.Http;

/// <summary>What a business system answered.</summary>
/// <param name="Body">At most the size limit; null if it was larger.</param>
/// <param name="RetryAfter">How long the system wants to be left alone, if it said so.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, string? MediaType, byte[]? Body, TimeSpan? RetryAfter);

/// <summary>A business system: where it is, how it is called, and whether it is well. Its circuit breaker is shared by all its tools.</summary>
internal sealed class BusinessSystem
{
    /// <summary>The client for hosts that are allowed by name.</summary>
    public const string Client = "business-systems";

    /// <summary>The client for hosts that are allowed by a wildcard: it connects to public addresses only.</summary>
    public const string PublicClient = "public-business-systems";

    /// <summary>How long a failing system is left alone.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    private static readonly ResiliencePropertyKey<Call> CallKey = new("call");

    private readonly IHttpClientFactory clients;
    private readonly CircuitBreakerStateProvider circuit = new();
    private readonly ResiliencePipeline<HttpAnswer> pipeline;
    private readonly int maxResultBytes;
    private readonly TimeProvider time;
    private long openedAt;

    /// <param name="credential">Header and value; null if the system wants none.</param>
    /// <param name="unusable">Why no call can be made; null if calls can.</param>
    public BusinessSystem(
        string name, Uri address, bool publicOnly, (string Header, string Value)? credential, string? unusable, int maxResultBytes, IHttpClientFactory clients, TimeProvider time)
    {
        Name = name;
        Address = address;
        PublicOnly = publicOnly;
        Credential = credential;
        Unusable = unusable;
        this.maxResultBytes = maxResultBytes;
        this.clients = clients;
        this.time = time;
        pipeline = Pipeline();
    }

    public string Name { get; }
    public Uri Address { get; }
    public bool PublicOnly { get; }

    /// <summary>Why no call can be made, or null.</summary>
    public string? Unusable { get; }

    /// <summary>Whether calls would be refused now because the last ones failed.</summary>
    public bool CircuitOpen => circuit.CircuitState == CircuitState.Open && time.GetElapsedTime(Interlocked.Read(ref openedAt)) < BreakDuration;

    private (string Header, string Value)? Credential { get; }

    /// <summary>Sends a request, and again while that is safe and may help.</summary>
    /// <param name="request">Makes the request of one attempt.</param>
    /// <param name="limits">Bounds of the attempts.</param>
    /// <param name="repeatable">Whether the call may be sent again when its answer was lost.</param>
    /// <param name="attempts">Counts the requests that were sent, also when none succeeds.</param>
    /// <exception cref="HttpRequestException">The system could not be reached.</exception>
    /// <exception cref="BrokenCircuitException">The system failed too often lately; nothing was sent.</exception>
    /// <exception cref="TimeoutRejectedException">The last attempt took too long.</exception>
    public async Task<HttpAnswer> SendAsync(
        Func<HttpRequestMessage> request, CallLimits limits, bool repeatable, AttemptCount attempts, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CallKey, new(limits, repeatable));
        try
        {
            return await pipeline.ExecuteAsync(async c =>
            {
                attempts.Value++;
                return await SendOnceAsync(request(), c.CancellationToken);
            }, context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpAnswer> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var _ = request;
        if (Credential is var (header, value))
            request.Headers.Add(header, value);
        using var client = clients.CreateClient(PublicOnly ? PublicClient : Client);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await ReadAsync(response.Content, maxResultBytes, cancellationToken),
            response.Headers.RetryAfter?.Delta);
    }

    /// <summary>The content, or null if it is larger than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
            return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > limit)
                return null;
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    /// <summary>Whether the system failed, as opposed to said no: a repeat may help.</summary>
    public static bool IsFailure(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private ResiliencePipeline<HttpAnswer> Pipeline() => new ResiliencePipelineBuilder<HttpAnswer> { Name = $"tools-{Name}", TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<HttpAnswer>
        {
            MaxRetryAttempts = 10,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(2),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
            ShouldHandle = args => ValueTask.FromResult(
                args.Context.Properties.TryGetValue(CallKey, out var call) && call.Repeatable && args.AttemptNumber < call.Limits.Retries
                && args.Outcome.Exception is not BrokenCircuitException && Failed(args.Outcome)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpAnswer>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = BreakDuration,
            StateProvider = circuit,
            OnOpened = _ =>
            {
                Interlocked.Exchange(ref openedAt, time.GetTimestamp());
                return default;
            },
            ShouldHandle = args => ValueTask.FromResult(Failed(args.Outcome)),
        })
        .AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.TryGetValue(CallKey, out var call) ? call.Limits.AttemptTimeout : TimeSpan.FromSeconds(2)),
        })
        .Build();

    private static bool Failed(Outcome<HttpAnswer> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException or IOException || (outcome.Result is { } answer && IsFailure(answer.Status));

    private sealed record Call(CallLimits Limits, bool Repeatable);
}

/// <summary>How often a request was sent; also after a failure.</summary>
internal sealed class AttemptCount
{
    public int Value { get; set; }
}
