using Mesh.Guard.Checks;
using Mesh.Guard.Output;
using Mesh.Guard.Privacy;
using Mesh.Guard.Profiles;
using Mesh.Guard.Pseudonyms;

using Microsoft.Extensions.Options;

namespace Mesh.Guard;

internal static class GuardServiceExtensions
{
    /// <summary>Everything Guard is made of. Rules and the pseudonym key are read before the service accepts calls.</summary>
    public static IHostApplicationBuilder AddGuard(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var dataDirectory = builder.GetDataDirectory();
        services.AddMeshOptions<GuardOptions>(GuardOptions.Section);
        builder.AddMeshDatabase(PseudonymStore.Database, PseudonymStore.Migrations);
        services.AddSingleton(s => TenantProfiles.Load(s.GetRequiredService<IOptions<GuardOptions>>().Value));
        services.AddSingleton(s => PseudonymKey.Load(s.GetRequiredService<IOptions<GuardOptions>>().Value.PseudonymKey, dataDirectory));
        services.AddSingleton<PrivacyScanner>();
        services.AddSingleton(s => new AnswerScanner(s.GetRequiredService<PrivacyScanner>(), s.GetRequiredService<IOptions<GuardOptions>>().Value));
        services.AddSingleton<Checker>();
        services.AddSingleton<PseudonymStore>();
        services.AddSingleton<Pseudonymizer>();
        services.AddSingleton<GuardMetrics>();
        services.AddHostedService<WarmUp>();
        return builder;
    }
}
