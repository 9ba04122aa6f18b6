using Mesh.Samples.Shop.Api.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mesh.Samples.Shop.Api.Admin;

/// <summary>The answer to a reset.</summary>
/// <param name="Orders">Number of orders in the seeded data.</param>
public sealed record ResetAnswer(int Orders);

internal static class AdminEndpoints
{
    public static void Map(WebApplication app)
    {
        var admin = app.MapGroup("/admin").RequireAuthorization().ExcludeFromDescription();
        admin.MapPost("/reset", (ShopDatabase database) => new ResetAnswer(database.Reset()));
        if (app.Environment.IsDevelopment() || app.Environment.IsEnvironment("Testing"))
        {
            admin.MapPost("/faults", NoContent (Faults faults, FaultSwitch faultSwitch) =>
            {
                faultSwitch.Set(faults);
                return TypedResults.NoContent();
            });
        }
    }
}
