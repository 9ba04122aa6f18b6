using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Mesh.AppHost.Running;

/// <summary>Names a port that is taken before anything starts; otherwise a service would fail later, with less to go by.</summary>
internal sealed class PortCheck(DistributedApplicationModel model, IConfiguration configuration) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var taken = FixedPorts().Where(p => !IsFree(p.Port)).Select(p => $"  {p.Port} for {p.Use}").ToList();
        if (taken.Count > 0)
        {
            Console.Error.WriteLine($"These ports are taken by other programs, so nothing was started:{Environment.NewLine}{string.Join(Environment.NewLine, taken)}");
            // Nothing runs yet that would have to be stopped in order; an exception would bury the list under its stack.
            Environment.Exit(1);
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<(int Port, string Use)> FixedPorts()
    {
        foreach (var (key, use) in new[]
        {
            ("ASPNETCORE_URLS", "the dashboard"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "the dashboard's telemetry"),
            ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "the dashboard's resources"),
        })
            foreach (var url in (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
                if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Port > 0) yield return (address.Port, use);
        if (configuration.GetValue<bool>("DcpPublisher:RandomizePorts")) yield break;
        foreach (var resource in model.Resources)
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
                if (endpoint is { Port: { } port, IsProxied: true }) yield return (port, $"{resource.Name} ({endpoint.Name})");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
