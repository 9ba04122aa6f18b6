using Google.Protobuf.Reflection;
using Google.Rpc;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Clients;
using Mesh.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

public static class ServiceDefaultsExtensions
{
    /// <summary>Largest gRPC message that a service accepts, 4 MiB. Larger things are streamed.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>What every service of the mesh shares: telemetry, health, discovery, and the gRPC server with its error table and credential.</summary>
    /// <param name="internalCallersOnly">Whether gRPC calls must carry the mesh's internal credential. Only services that speak somebody else's protocol say no.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, bool internalCallersOnly = true) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());

        if (internalCallersOnly) builder.Services.AddMeshOptions<InternalCredentialOptions>(InternalCredentialOptions.Section);
        builder.Services.AddSingleton<InternalCredential>();
        builder.Services.AddSingleton<CallerAccessor>();
        builder.Services.AddSingleton<ClientInterceptor>();
        builder.Services.AddGrpc(o =>
        {
            o.MaxReceiveMessageSize = MaxMessageBytes;
            o.MaxSendMessageSize = MaxMessageBytes;
            if (internalCallersOnly) o.Interceptors.Add<ServerInterceptor>();
        });
        builder.Services.AddGrpcHealthChecks();
        return builder;
    }

    /// <summary>HTTP /health (ready) and /alive (live), and grpc.health.v1, in every environment.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthResponse.WriteAsync });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live"), ResponseWriter = HealthResponse.WriteAsync });
        app.MapGrpcHealthChecksService();
        return app;
    }

    /// <summary>Types of google.rpc.Status details, for readers that turn them into JSON.</summary>
    public static TypeRegistry ErrorDetailTypes { get; } = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);

    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // Each client call at Information otherwise.
        builder.Logging.AddFilter("Polly", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddOpenTelemetry(o =>
        {
            o.IncludeFormattedMessage = true;
            o.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(m => m.AddMeter("Mesh.*").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .WithTracing(t => t.AddSource("Mesh.*")
                .AddAspNetCoreInstrumentation(o => o.Filter = context =>
                    !context.Request.Path.StartsWithSegments("/health") && !context.Request.Path.StartsWithSegments("/alive")
                    && !context.Request.Path.StartsWithSegments("/grpc.health.v1.Health"))
                // Each gRPC call is one span under its caller's; without it the HTTP span below has no parent.
                .AddGrpcClientInstrumentation()
                .AddHttpClientInstrumentation());
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            builder.Services.AddOpenTelemetry().UseOtlpExporter();
    }
}
