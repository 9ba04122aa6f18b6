using Mesh.Datasets.Log;
using Mesh.Datasets.Stats;
using Mesh.Dialog.V1;

namespace Mesh.Datasets;

internal static class DatasetsExtensions
{
    public static void AddDatasets(this IHostApplicationBuilder builder)
    {
        builder.AddMeshDatabase("datasets", StatsStore.Migrations);
        builder.AddMeshClient<DialogService.DialogServiceClient>("dialog");
        builder.Services.AddMeshOptions<LogOptions>(LogOptions.Section);
        builder.Services.AddSingleton<StatsStore>();
        builder.Services.AddSingleton<LogStatus>();
        builder.Services.AddHostedService<LogTailer>();
        builder.Services.AddHealthChecks().AddCheck<LogHealthCheck>("log");
    }
}
