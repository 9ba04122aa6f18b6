using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Mesh.AppHost.Running;

/// <summary>One line on the console when a resource changes, and the addresses once everything is healthy.</summary>
internal sealed class Announcer(DistributedApplicationModel model, ResourceNotificationService notifications, IConfiguration configuration, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var start = time.GetTimestamp();
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        var services = model.Resources.OfType<ProjectResource>().Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var announced = false;
        await foreach (var e in notifications.WatchAsync(stoppingToken))
        {
            var name = e.Resource.Name;
            if (!services.Contains(name) || StateOf(e.Snapshot) is not { } state || shown.GetValueOrDefault(name) == state) continue;
            shown[name] = state;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(start).TotalSeconds,6:0.0} s  {name,-10} {state}"));
            if (announced || shown.Count < services.Count || shown.Values.Any(s => s != "healthy")) continue;
            announced = true;
            Console.WriteLine(ReadyBlock(time.GetElapsedTime(start)));
        }
    }

    private static string? StateOf(CustomResourceSnapshot snapshot) => snapshot.State?.Text switch
    {
        null or "" => null,
        "Running" => snapshot.HealthStatus switch
        {
            Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy => "healthy",
            // Alive but slower or with less than all it can do: customers are answered.
            Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded => "degraded",
            _ => "running, not ready yet",
        },
        var state when KnownResourceStates.TerminalStates.Contains(state) && snapshot.ExitCode is { } code => $"ended with exit code {code}",
        var state => state.ToLowerInvariant(),
    };

    private string ReadyBlock(TimeSpan elapsed)
    {
        var gateway = model.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway");
        var web = gateway.GetEndpoint("http").Url;
        var dashboard = (configuration["ASPNETCORE_URLS"] ?? "").Split(';')[0].TrimEnd('/');
        var token = configuration["AppHost:BrowserToken"];
        var login = dashboard.Length == 0 ? "off" : token is null ? dashboard : $"{dashboard}/login?t={token}";
        return string.Create(CultureInfo.InvariantCulture, $"""

              Mesh is ready ({elapsed.TotalSeconds:0} s)
                Web chat    {web}
                gRPC        {gateway.GetEndpoint("grpc").Url}  (API key: mesh-development-key)
                Dashboard   {login}
                Ask         dotnet run --project tools/Mesh.Cli -- ask --customer 13800000001 "我的订单 SO2026110001 到哪了"
                Stop        Ctrl+C

            """);
    }
}
