using Grpc.Core;
using Mesh.Datasets.Log;
using Mesh.Datasets.Stats;
using Mesh.Datasets.V1;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Datasets;

internal sealed class DatasetsGrpcService(StatsStore stats, LogStatus status) : DatasetsService.DatasetsServiceBase
{
    public override async Task<V1.Stats> GetStats(GetStatsRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        caller.Demand("datasets");
        var result = await stats.ReadAsync(caller.Has(Caller.InternalScope) ? null : caller.TenantId, context.CancellationToken);
        (result.Tailing, result.Reason) = status.Current;
        return result;
    }

    public override Task<Dataset> Build(BuildRequest request, ServerCallContext context) =>
        throw new PreconditionException("DATASETS_OFF", "this version reads and counts the conversation log; it does not build datasets");

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context) => Task.FromResult(new ListResponse());

    public override Task Export(ExportRequest request, IServerStreamWriter<ExportResponse> responseStream, ServerCallContext context) =>
        throw new NotFoundException("dataset", request.Id);
}
