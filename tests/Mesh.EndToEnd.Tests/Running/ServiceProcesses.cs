using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.EndToEnd.Tests.Running;

/// <summary>The processes behind the services, to be ended the hard way.</summary>
public sealed class ServiceProcesses(DistributedApplication app)
{
    public static readonly IReadOnlyList<string> Names = ["shop-api", "vectors", "guard", "embedding", "retrieval", "tools", "dialog", "datasets", "gateway"];

    private static readonly TimeSpan Back = TimeSpan.FromMinutes(3);

    /// <summary>kill -9.</summary>
    /// <returns>Ends when the service is healthy again in a new process.</returns>
    public async Task<Task> KillAsync(string service, CancellationToken cancellationToken)
    {
        var resource = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == service);
        var ended = await PidAsync(resource, _ => true, cancellationToken);
        using (var process = Process.GetProcessById(ServiceOf(ended)))
            process.Kill();
        return ReturnAsync(resource, ended, cancellationToken);
    }

    /// <summary>What a service wrote last.</summary>
    public static async Task<string> LastLinesAsync(DistributedApplication app, string service)
    {
        var lines = new List<string>();
        var id = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == service);
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(id))
            lines.AddRange(batch.Select(line => line.Content));
        return string.Join('\n', lines.TakeLast(40));
    }

    private async Task ReturnAsync(IResource resource, int ended, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Back);
        await PidAsync(resource, pid => pid != ended, limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, limit.Token);
    }

    private async Task<int> PidAsync(IResource resource, Func<int, bool> wanted, CancellationToken cancellationToken)
    {
        await foreach (var change in app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (change.Resource == resource && change.Snapshot.State?.Text == KnownResourceStates.Running
                && change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
                && Convert.ToInt32(value, CultureInfo.InvariantCulture) is var pid && wanted(pid))
                return pid;
        }

        throw new InvalidOperationException($"{resource.Name} has no process");
    }

    /// <summary>Aspire starts a project through <c>dotnet run</c>; the service is that one's child.</summary>
    private static int ServiceOf(int launcher)
    {
        var child = File.ReadAllText($"/proc/{launcher}/task/{launcher}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return child.Length == 0 ? launcher : int.Parse(child[0], CultureInfo.InvariantCulture);
    }
}
