using System.Diagnostics;
using Mesh.Tools.Api;
using Mesh.Tools.Catalog;
using Mesh.Tools.Effects;
using Mesh.Tools.Http;
using Mesh.Tools.Invocation;
using Microsoft.Security.AntiSSRF;
using OpenTelemetry.Instrumentation.Http;

namespace Mesh.Tools;

internal static class ToolsServices
{
    public static void AddTools(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMeshOptions<ToolsOptions>(ToolsOptions.Section);
        builder.AddMeshDatabase("tools", EffectStore.Migrations);
        services.AddSingleton<EffectStore>().AddHostedService<EffectPurge>();
        services.AddSingleton<ToolCatalog>().AddHostedService(s => s.GetRequiredService<ToolCatalog>());
        services.AddSingleton<ToolTelemetry>().AddSingleton<ToolCaller>().AddSingleton<ToolInvoker>();
        services.AddHealthChecks().AddCheck<ToolCatalog>("tools");
        AddClients(services);
    }

    public static void MapTools(this WebApplication app) => app.MapGrpcService<ToolsGrpcService>();

    private static void AddClients(IServiceCollection services)
    {
        // The loggers of HttpClient would write addresses, which hold arguments. Time is bounded by the callers.
        services.AddHttpClient(BusinessSystem.Client, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .RemoveAllLoggers();
        services.AddHttpClient(BusinessSystem.PublicClient, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
            {
                var handler = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest).GetHandler();
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.ConnectTimeout = TimeSpan.FromSeconds(2);
                return handler;
            })
            .RemoveAllLoggers();
        services.Configure<HttpClientTraceInstrumentationOptions>(options =>
        {
            options.EnrichWithHttpRequestMessage = HideArguments;
            options.EnrichWithHttpResponseMessage = (activity, response) => HideArguments(activity, response.RequestMessage);
        });
    }

    private static void HideArguments(Activity activity, HttpRequestMessage? request)
    {
        if (request is null || !request.Options.TryGetValue(HttpOperation.Template, out var template))
            return;
        activity.SetTag("url.full", $"{request.RequestUri!.GetLeftPart(UriPartial.Authority)}{template}");
        activity.SetTag("url.template", template);
    }
}
