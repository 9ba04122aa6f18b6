using Grpc.Reflection;
using Mesh.Dialog.V1;
using Mesh.Gateway.Edge;
using Mesh.Gateway.Health;
using Mesh.Gateway.Limits;
using Mesh.Gateway.Web;
using Mesh.Retrieval.V1;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway;

/// <summary>What the Gateway is made of.</summary>
internal static partial class GatewaySetup
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.Services.AddMeshOptions<GatewayOptions>(GatewayOptions.Section);
        builder.Services.AddHealthChecks().AddCheck<DialogReachable>("dialog", HealthStatus.Degraded);
        builder.Services.AddSingleton<RateLimits>();

        builder.AddMeshClient<DialogService.DialogServiceClient>("dialog");
        builder.AddMeshClient<Grpc.Health.V1.Health.HealthClient>("dialog");
        builder.AddMeshClient<RetrievalService.RetrievalServiceClient>("retrieval");

        builder.Services.AddSingleton<ApiKeys>();
        builder.Services.AddSingleton<EdgeGuard>();
        builder.Services.AddSingleton<GrpcForwarder>();
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(_ => new ReflectionServiceImpl(EdgeMethods.Services));

        builder.Services.AddDataProtection()
            .SetApplicationName("Mesh.Gateway")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(builder.GetDataDirectory(), "gateway-keys")));
        builder.Services.AddSingleton<SecurityHeaders>();
        builder.Services.AddSingleton<VisitorSessions>();
        builder.Services.AddSingleton<CustomerTokens>();
        builder.Services.AddSingleton<VisitorConversations>();
        builder.Services.AddSingleton<ChatApi>();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A call centre whose line is cut must not keep its streams.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        });
    }

    public static void MapGateway(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        if (options.SampleSignIn.Enabled) LogSampleSignIn(app.Logger);

        var securityHeaders = app.Services.GetRequiredService<SecurityHeaders>();
        var guard = app.Services.GetRequiredService<EdgeGuard>();
        app.Use(next => context => securityHeaders.InvokeAsync(context, next));
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });

        app.MapDefaultEndpoints();
        foreach (var method in EdgeMethods.ByPath.Values)
            app.MapPost(method.Path, (HttpContext context, GrpcForwarder forwarder) => forwarder.HandleAsync(context));
        if (options.Edge.Reflection) app.MapGrpcService<ReflectionServiceImpl>();
        app.MapGet("/chat", () => Results.File("index.html", "text/html; charset=utf-8"));
        ChatApi.Map(app, options.Web);
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Sample sign-in is on: any visitor can be any sample customer. Never on a mesh with real customers")]
    private static partial void LogSampleSignIn(ILogger log);
}
