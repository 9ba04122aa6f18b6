using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mesh.AppHost.Running;

internal static class RunningMeshExtensions
{
    /// <summary>What a mesh that runs on this machine needs beyond the diagram: free ports, a word when it is ready, and services that come back.</summary>
    public static void AddRunningMesh(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode) return;
        // Before the orchestrator, whose own start ends when the last resource has been started.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, PortCheck>());
        builder.Services.Insert(1, ServiceDescriptor.Singleton<IHostedService, Announcer>());
        builder.Services.Insert(2, ServiceDescriptor.Singleton<IHostedService, Restarter>());
    }
}
