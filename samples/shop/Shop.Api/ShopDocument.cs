using Mesh.Samples.Shop.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Mesh.Samples.Shop.Api;

/// <summary>Completes the OpenAPI document with what the code's comments cannot say.</summary>
internal static class ShopDocument
{
    // Parameters that many operations share, or whose name in the API is not their name in the code.
    private static readonly Dictionary<string, string> Parameters = new()
    {
        [CustomerHeader.Name] = "The customer's phone number.",
        ["Idempotency-Key"] = "A key of the caller's choice, 8 to 200 characters: the same key and body are answered as the first time, without a second effect.",
        ["Accept-Language"] = "zh (default) or en: the language of names and messages.",
        ["order_number"] = "The order's number, for example SO2026110001.",
        ["max_price_yuan"] = "Only articles up to this price, in yuan.",
        ["in_stock"] = "Only articles that can be ordered now.",
    };

    public static Task Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "云杉优选 Shop API", Version = "1.0", Description = "Orders, parcels, returns, invoices, coupons and articles of a sample shop." };
        // The address is the deployment's business; the document is the same everywhere.
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyHandler.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyHandler.Header },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(ApiKeyHandler.SchemeName, document)] = [] }];
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            foreach (var parameter in operation.Parameters ?? [])
                parameter.Description = Parameters.GetValueOrDefault(parameter.Name!, parameter.Description ?? "");
            // The body's schema describes it; the framework puts a header's comment here.
            operation.RequestBody?.Description = null;
        }

        return Task.CompletedTask;
    }
}
