using Microsoft.Extensions.DependencyInjection;

namespace Mesh.AppHost.Running;

internal static class RunningMeshExtensions
{
    /// <summary>What a mesh that runs on this machine needs beyond the diagram: free ports, a word when it is ready, and services that come back.</summary>
    public static void AddRunningMesh(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode) return;
        builder.Services.AddHostedService<PortCheck>();
        builder.Services.AddHostedService<Announcer>();
        builder.Services.AddHostedService<Restarter>();
    }
}
