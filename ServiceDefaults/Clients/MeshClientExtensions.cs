using Grpc.Core;
using Mesh.ServiceDefaults.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Microsoft.Extensions.Hosting;

public static class MeshClientExtensions
{
    /// <summary>
    /// A client of another service of the mesh: found by name, with the internal credential, the caller, and the deadline and cancellation of the call being served.
    /// Unary calls whose connection could not be made (nothing was sent) are tried again; token streams never are.
    /// </summary>
    /// <param name="service">Name in AppHost: "guard".</param>
    public static IHttpClientBuilder AddMeshClient<TClient>(this IHostApplicationBuilder builder, string service) where TClient : ClientBase<TClient>
    {
        var unary = UnaryMethods<TClient>();
        var client = builder.Services
            .AddGrpcClient<TClient>(o => o.Address = new Uri($"http://_grpc.{service}"))
            .AddInterceptor<ClientInterceptor>()
            .EnableCallContextPropagation(o => o.SuppressContextNotFoundErrors = true);
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            // A service that is restarting refuses at once; one that hangs must not take the whole turn's time.
            ConnectTimeout = TimeSpan.FromSeconds(2),
        });
        client.AddResilienceHandler("mesh", pipeline => pipeline
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(NothingWasSent(args.Outcome.Exception) && IsUnary(args.Context)),
            })
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(2),
                ShouldHandle = args => ValueTask.FromResult(NothingWasSent(args.Outcome.Exception)),
            }));
        return client;

        bool IsUnary(ResilienceContext context) =>
            context.GetRequestMessage()?.RequestUri is { } uri && unary.Contains(uri.AbsolutePath);
    }

    private static bool NothingWasSent(Exception? exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    private static HashSet<string> UnaryMethods<TClient>()
    {
        var descriptor = (Google.Protobuf.Reflection.ServiceDescriptor)typeof(TClient).DeclaringType!.GetProperty("Descriptor")!.GetValue(null)!;
        return descriptor.Methods.Where(m => !m.IsClientStreaming && !m.IsServerStreaming)
            .Select(m => $"/{descriptor.FullName}/{m.Name}").ToHashSet(StringComparer.Ordinal);
    }
}
