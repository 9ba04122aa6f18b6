using Grpc.Core;
using Mesh.Retrieval.V1;

namespace Mesh.Gateway.Tests.Fakes;

public sealed class FakeRetrieval : RetrievalService.RetrievalServiceBase
{
    /// <summary>Bytes of content that the latest ingestion brought.</summary>
    public long Ingested { get; private set; }

    public override async Task<IngestResponse> Ingest(IAsyncStreamReader<IngestRequest> requestStream, ServerCallContext context)
    {
        Ingested = 0;
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken)) Ingested += part.Content.Length;
        return new IngestResponse { Activated = true };
    }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) =>
        Task.FromResult(new SearchResponse { SnapshotId = "s-1" });

    public override Task<GetPassageResponse> GetPassage(GetPassageRequest request, ServerCallContext context)
    {
        if (request.ChunkId != "returns/seven-days.md#2" && request.ChunkId != "returns/postage.md#1") throw new RpcException(new Status(StatusCode.NotFound, "no such passage"));
        return Task.FromResult(new GetPassageResponse
        {
            SnapshotId = "s-1",
            Before = "## 总则\n\n本政策适用于在本店购买的全部商品，特殊商品另有约定的除外。\n\n",
            After = "\n\n## 不适用的商品\n\n- 定制商品\n- 鲜活易腐商品\n- 已拆封的音像制品与软件\n",
            Passage = new Passage
            {
                ChunkId = request.ChunkId,
                DocumentId = "returns/seven-days.md",
                Title = "七天无理由退货",
                HeadingPath = { "退换货", "适用范围" },
                Revision = "2026-09-12",
                Text = "## 适用范围\n\n签收之日起七天内，多数商品支持无理由退货。商品、配件和包装应当完好，不影响二次销售。",
            },
        });
    }
}
