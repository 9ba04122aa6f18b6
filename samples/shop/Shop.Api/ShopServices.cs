using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mesh.Samples.Shop.Api.Admin;
using Mesh.Samples.Shop.Api.Coupons;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Invoices;
using Mesh.Samples.Shop.Api.Orders;
using Mesh.Samples.Shop.Api.Products;
using Mesh.Samples.Shop.Api.Returns;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Mesh.Samples.Shop.Api;

internal static class ShopServices
{
    public static void AddShop(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024);
        var services = builder.Services;
        services.AddOptions<ShopOptions>().BindConfiguration(ShopOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(ShopClock.FromSetting(builder.Configuration["Shop:Clock"]));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ShopOptions>>().Value;
            var path = options.Database ?? Path.Combine(builder.Configuration["Mesh:DataDirectory"] ?? Path.Combine(".mesh", "data"), "shop.db");
            return new ShopDatabase(Path.GetFullPath(path, builder.Environment.ContentRootPath), options.Seed);
        });
        services.AddSingleton<OrderStore>().AddSingleton<ReturnStore>().AddSingleton<InvoiceStore>();
        services.AddSingleton<Effects>().AddSingleton<FaultSwitch>();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
        services.AddValidation();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = ProblemAnswers.AddCode);
        services.AddExceptionHandler<ProblemAnswers>();
        // Only the core: AddAuthentication would bring data protection and its key files, which an API key does not need.
        services.AddAuthenticationCore(options => options.AddScheme<ApiKeyHandler>(ApiKeyHandler.SchemeName, null)).AddWebEncoders().AddTransient<ApiKeyHandler>();
        services.AddAuthorization();
        services.AddHealthChecks();
        AddTelemetry(builder);
        services.AddOpenApi(options => options.AddDocumentTransformer(ShopDocument.Complete));
    }

    public static void MapShop(this WebApplication app)
    {
        // Refusals are answers; only what was not foreseen is logged.
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = c => c.Exception is ShopProblemException or BadHttpRequestException });
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal), api => api.Use(next =>
        {
            var faults = app.Services.GetRequiredService<FaultSwitch>();
            return context => faults.InvokeAsync(context, next);
        }));
        var api = app.MapGroup("/v1").RequireAuthorization();
        OrderEndpoints.Map(api);
        ReturnEndpoints.Map(api);
        InvoiceEndpoints.Map(api);
        CouponEndpoints.Map(api);
        ProductEndpoints.Map(api);
        AdminEndpoints.Map(app);
        app.MapOpenApi();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");
        // Seeds before the first request is served.
        app.Services.GetRequiredService<ShopDatabase>();
    }

    // The shop stands for a system that the mesh does not own, so it knows nothing of the mesh's defaults; it takes part in their traces.
    private static void AddTelemetry(WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(m => m.AddAspNetCoreInstrumentation())
            .WithTracing(t => t.AddAspNetCoreInstrumentation(o => o.Filter = c => c.Request.Path != "/health" && c.Request.Path != "/alive"));
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
