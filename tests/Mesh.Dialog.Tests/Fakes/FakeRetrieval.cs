using Grpc.Core;
using Mesh.Common.V1;
using Mesh.Retrieval.V1;

namespace Mesh.Dialog.Tests.Fakes;

internal sealed class FakeRetrieval : RetrievalService.RetrievalServiceClient
{
    public Mood Mood { get; set; }
    public SearchResponse Response { get; set; } = new() { SnapshotId = "s1" };
    public List<SearchRequest> Requests { get; } = [];

    public static Passage Passage(string text, string language = "zh", string id = "returns.md#1") => new()
    {
        ChunkId = id,
        DocumentId = id.Split('#')[0],
        Title = "退换货政策",
        Revision = "r1",
        Text = text,
        Kind = Retrieval.V1.Passage.Types.Kind.Text,
        Language = language,
        Span = new TextSpan { Start = 100, End = 100 + text.Length },
        ChunkHash = "abc",
        Score = 1,
    };

    public void Answers(params Passage[] passages)
    {
        Response = new SearchResponse { SnapshotId = "s1", Answerable = true, Answerability = 0.9 };
        Response.Passages.Add(passages);
    }

    public override AsyncUnaryCall<SearchResponse> SearchAsync(SearchRequest request, CallOptions options) => Calls.Answer(async token =>
    {
        Requests.Add(request);
        return Mood switch
        {
            Mood.Down => await Calls.Down<SearchResponse>(),
            Mood.Hangs => await Calls.Hang<SearchResponse>(token),
            _ => Response,
        };
    }, options);
}
