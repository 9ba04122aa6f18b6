using System.Diagnostics;
using System.Net;
using Mesh.Gateway.Limits;
using Mesh.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Gateway.Edge;

/// <summary>Carries a call that was let in to the service that answers it, frame by frame in both directions, and gives every failure on the way a gRPC status.</summary>
internal sealed partial class GrpcForwarder : IDisposable
{
    // A stream in which nobody says anything for this long is ended. Dead connections are noticed by pings long before.
    private static readonly TimeSpan QuietStream = TimeSpan.FromDays(1);

    // The service behind has the same deadline and should be the one to say that it has passed.
    private static readonly TimeSpan DeadlineGrace = TimeSpan.FromMilliseconds(500);

    private static readonly ForwarderRequestConfig Http2 = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = QuietStream,
    };

    private readonly IHttpForwarder _forwarder;
    private readonly RateLimits _limits;
    private readonly EdgeOptions _options;
    private readonly CancellationToken _stopping;
    private readonly TimeProvider _time;
    private readonly ILogger<GrpcForwarder> _log;
    private readonly HttpMessageInvoker _client;

    public GrpcForwarder(
        IHttpForwarder forwarder, IServiceDiscoveryHttpMessageHandlerFactory discovery, RateLimits limits, IOptions<GatewayOptions> options, IHostApplicationLifetime lifetime,
        TimeProvider time, ILogger<GrpcForwarder> log)
    {
        _forwarder = forwarder;
        _limits = limits;
        _options = options.Value.Edge;
        _stopping = lifetime.ApplicationStopping;
        _time = time;
        _log = log;
        _client = new HttpMessageInvoker(discovery.CreateHandler(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Replicas that come and go are seen when connections are made anew.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        }));
    }

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Features.Get<EdgeCall>() is not { Method: { } method, Key: var key })
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        var timeout = Deadline(context.Request.Headers, method);
        using var deadline = timeout is { } limit ? new CancellationTokenSource(limit + DeadlineGrace, _time) : new CancellationTokenSource();
        // A call that has no end of its own ends with this process; the others are given the time to finish.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, method.Bounded ? CancellationToken.None : _stopping);

        var body = new FramedRequestBody(context.Request.Body, _options.MaxMessageBytes, method.CountsMessages ? () => _limits.ChargeKey(key.Name, key.Tenant) : null);
        context.Request.Body = body;
        context.Features.Set<IHttpResetFeature>(new EndsWithTrailers());

        var error = await _forwarder.SendAsync(context, $"http://_grpc.{method.Service}", _client, Http2, GrpcTransformer.Instance, end.Token);
        var badAnswer = context.Features.Get<NotGrpc>();
        if ((error == ForwarderError.None && badAnswer is null) || context.RequestAborted.IsCancellationRequested) return;

        Exception failure =
            body.Refusal is { } refusal ? refusal :
            deadline.IsCancellationRequested ? new TimeoutException() :
            new DependencyUnavailableException(method.Service, TimeSpan.FromSeconds(1));
        var status = ErrorTable.ToStatus(failure, deadlinePassed: deadline.IsCancellationRequested);
        LogFailed(method.Path, method.Service, error, badAnswer?.StatusCode ?? 0, status.Code);
        GrpcFailure.Answer(context, status);
    }

    /// <summary>Decides the call's deadline and writes it where the next hop reads it.</summary>
    private TimeSpan? Deadline(IHeaderDictionary headers, EdgeMethod method)
    {
        var asked = GrpcTimeout.Parse(headers[GrpcTimeout.Header]);
        if (!method.Bounded) return asked;
        var timeout = asked ?? _options.DefaultDeadline;
        if (timeout > _options.MaxDeadline) timeout = _options.MaxDeadline;
        headers[GrpcTimeout.Header] = GrpcTimeout.Format(timeout);
        return timeout;
    }

    public void Dispose() => _client.Dispose();

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Method} to {Service} failed: {Error}, HTTP {HttpStatus}; answered with code {Code}")]
    private partial void LogFailed(string method, string service, ForwarderError error, int httpStatus, int code);

    /// <summary>What answered was not a gRPC server: a proxy's error page, or a service that is starting.</summary>
    private sealed record NotGrpc(int StatusCode);

    /// <summary>Where the forwarder would cut a stream that breaks half-way, which clients see as an internal error: leaves it open, to be ended with a status.</summary>
    private sealed class EndsWithTrailers : IHttpResetFeature
    {
        public void Reset(int errorCode) { }
    }

    private sealed class GrpcTransformer : HttpTransformer
    {
        public static readonly GrpcTransformer Instance = new();

        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = null;
        }

        public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            if (proxyResponse is null) return false;
            var type = proxyResponse.Content.Headers.ContentType?.MediaType;
            if (proxyResponse.StatusCode == HttpStatusCode.OK && type?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
                return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
            httpContext.Features.Set(new NotGrpc((int)proxyResponse.StatusCode));
            return false;
        }
    }
}
