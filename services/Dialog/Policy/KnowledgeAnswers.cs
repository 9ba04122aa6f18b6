using Grpc.Core;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;
using Mesh.Dialog.Wording;
using Mesh.Guard.V1;
using Mesh.Retrieval.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Policy;

/// <summary>Answers a question from the knowledge base, or says that it cannot.</summary>
internal sealed partial class KnowledgeAnswers(RetrievalService.RetrievalServiceClient retrieval, IWording wording, IOptions<DialogOptions> options, ILogger<KnowledgeAnswers> log)
{
    private const int MaxQuery = 1_000;

    public async Task AnswerAsync(Turn turn, string query)
    {
        if (await SearchAsync(turn, query) is not { } found)
        {
            turn.Degrade("retrieval");
            await turn.OfferPersonAsync(turn.Purse.Remaining > TimeSpan.Zero ? Texts.KnowledgeDown : Texts.OutOfTime);
            return;
        }

        await turn.RecordAsync(new ConversationEvent { PassagesFound = Found(query, found) });
        if (!found.Answerable || found.Passages.Count == 0 || await WordAsync(turn, query, found) is not { } answer)
        {
            await turn.OfferPersonAsync(Texts.NoAnswer);
            return;
        }

        var offset = turn.Citations.Count;
        var text = answer.Text;
        foreach (var citation in answer.Citations.Reverse())
        {
            // Marks of a second answer in one turn go on counting.
            text = offset == 0 ? text : text.Replace($"[{citation.Index}]", $"[{citation.Index + offset}]", StringComparison.Ordinal);
            citation.Index += offset;
        }

        turn.Say(text, answer.Wording);
        turn.Citations.AddRange(answer.Citations);
        turn.Evidence.AddRange(found.Passages.Select(passage => new Evidence
        {
            Kind = Evidence.Types.Kind.Passage,
            Text = passage.Kind == Passage.Types.Kind.Faq ? $"{passage.Text}\n{passage.Answer}" : passage.Text,
            Id = passage.ChunkId,
        }));
    }

    private async Task<SearchResponse?> SearchAsync(Turn turn, string query)
    {
        var request = new SearchRequest { Query = query.Length > MaxQuery ? query[..MaxQuery] : query, Limit = 5, Language = turn.Language };
        request.History.Add(turn.State.CustomerMessages.SkipLast(1).TakeLast(4).Select(message => message.Text));
        if (turn.Purse.Remaining < TimeSpan.FromMilliseconds(options.Value.SkipRerankBelowMilliseconds))
        {
            request.SkipRerank = true;
            turn.Degrade("rerank");
        }

        try
        {
            return await turn.StageAsync("retrieve", options.Value.Budgets.Retrieve, token => retrieval.SearchAsync(request, cancellationToken: token).ResponseAsync);
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            LogUnavailable(exception.GetType().Name, (exception as RpcException)?.StatusCode ?? StatusCode.DeadlineExceeded);
            return null;
        }
    }

    private async Task<WordedAnswer?> WordAsync(Turn turn, string query, SearchResponse found)
    {
        var request = new WordingRequest(query, turn.Language, found.SnapshotId, found.Passages);
        try
        {
            return await turn.StageAsync("word", options.Value.Budgets.Word, token => wording.AnswerAsync(request, token));
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            turn.Degrade("generation");
            return ExtractiveWording.Verbatim(found.Passages[0], found.SnapshotId);
        }
    }

    private static PassagesFound Found(string query, SearchResponse found)
    {
        var happened = new PassagesFound { Query = query, SnapshotId = found.SnapshotId, Answerable = found.Answerable };
        happened.Passages.Add(found.Passages.Select(passage => new PassageRef
        {
            ChunkId = passage.ChunkId,
            DocumentId = passage.DocumentId,
            Title = passage.Title,
            Score = passage.Score,
        }));
        return happened;
    }

    [LoggerMessage(EventId = 130, Level = LogLevel.Warning, Message = "Retrieval did not answer: {Failure} {Status}")]
    private partial void LogUnavailable(string failure, StatusCode status);
}
