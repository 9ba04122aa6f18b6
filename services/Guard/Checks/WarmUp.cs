using Mesh.Guard.Profiles;
using Mesh.Guard.Pseudonyms;
using Mesh.Guard.V1;
using Mesh.ServiceDefaults.Callers;

namespace Mesh.Guard.Checks;

/// <summary>Makes a broken rule file or key stop the start, and the first customer wait for nothing: runs one check of each stage.</summary>
internal sealed class WarmUp(TenantProfiles profiles, PseudonymKey key, Checker checker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(key);
        foreach (var stage in (Stage[])[Stage.Input, Stage.Retrieval, Stage.Output])
            checker.Check(Caller.DefaultTenant, new CheckRequest { Stage = stage, Text = "我叫李雷，电话13800000001，地址北京市朝阳区建国路88号2单元501室，订单7天没到，+44 20 7946 0958。" });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
