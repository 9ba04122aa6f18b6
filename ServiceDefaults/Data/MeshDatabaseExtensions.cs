using Mesh.ServiceDefaults.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

public static class MeshDatabaseExtensions
{
    /// <summary>
    /// The service's <see cref="MeshDatabase"/>: <c>ConnectionStrings:name</c>, or where there is none a SQLite file of that name in the data directory.
    /// Migrations run before the service accepts calls.
    /// </summary>
    public static IHostApplicationBuilder AddMeshDatabase(this IHostApplicationBuilder builder, string name, IReadOnlyList<string> migrations)
    {
        var connectionString = builder.Configuration.GetConnectionString(name)
            ?? $"Data Source={Path.Combine(builder.GetDataDirectory(), name + ".db")}";
        builder.Services.AddSingleton(_ => new MeshDatabase(connectionString));
        builder.Services.AddHostedService(services => new Migrator(services.GetRequiredService<MeshDatabase>(), name, migrations));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database");
        return builder;
    }

    /// <summary>Where the service keeps its files: <c>Mesh:DataDirectory</c>, by default ".mesh/data" below the content root.</summary>
    public static string GetDataDirectory(this IHostApplicationBuilder builder) =>
        Path.GetFullPath(builder.Configuration["Mesh:DataDirectory"] ?? Path.Combine(".mesh", "data"), builder.Environment.ContentRootPath);

    private sealed class Migrator(MeshDatabase database, string name, IReadOnlyList<string> migrations) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => database.MigrateAsync(name, migrations, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class DatabaseHealthCheck(MeshDatabase database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
