using System.Numerics.Tensors;
using System.Text.Json;
using Mesh.Embedding.Dense;
using Mesh.Embedding.Sparse;
using Mesh.Embedding.Text;
using Mesh.Retrieval.Search;

namespace Mesh.Retrieval.Tests;

/// <summary>
/// How well sparse, dense and fused search find the right passage on public development sets, computed exactly and without a store. The numbers that chose
/// <see cref="SearchOptions"/>' defaults come from here; run with <c>--filter-class "*FusionEvaluation" --show-live-output on</c>. Skipped where the sets are missing.
/// </summary>
[Trait("Category", "Evaluation")]
public sealed class FusionEvaluation(ITestOutputHelper output)
{
    private static readonly TextAnalyzer Analyzer = new();

    [Theory]
    [InlineData("faq_zh", 0.5)]
    [InlineData("xquad_zh", 0.75)]
    [InlineData("xquad_en", 0.8)]
    [InlineData("cmrc2018_dev", 0.8)]
    public void Fusion_DevelopmentSet_ReachesItsLevel(string set, double least)
    {
        var folder = SharedFolder.Find("eval", set) ?? Skip($"the set {set} is not on this machine");
        var corpus = Lines(Path.Combine(folder, "corpus.jsonl")).Select(row => (Id: row.GetProperty("pid").GetString()!, Text: row.GetProperty("title").GetString() + "\n" + row.GetProperty("text").GetString())).ToList();
        var queries = Lines(Path.Combine(folder, "dev.jsonl")).Select(row => (Text: row.GetProperty("query").GetString()!,
            Right: row.TryGetProperty("pids", out var several) ? several.EnumerateArray().Select(id => id.GetString()!).ToHashSet() : [row.GetProperty("pid").GetString()!])).ToList();
        if (queries.Count > 600)
            queries = [.. queries.Where((_, i) => i % (queries.Count / 400) == 0)];

        var passages = Analyze(corpus.Select(passage => passage.Text));
        var asked = Analyze(queries.Select(query => query.Text));
        var averageLength = passages.Average(text => text.Terms.Count(term => term.Kind != TermKind.Stop));
        var sparse = SparseScores(passages, asked, new SparseOptions(), corpus);
        Report("BM25, defaults", queries, i => sparse[i]);
        Report($"BM25, average length {averageLength:F0}", queries, SparseScores(passages, asked, new SparseOptions { AverageLength = averageLength }, corpus).ElementAt);
        foreach (var weight in (double[])[0, 0.3, 0.6])
            Report($"BM25, bigram weight {weight}", queries, SparseScores(passages, asked, new SparseOptions { BigramWeight = weight }, corpus).ElementAt);

        IDenseEncoder hashed = new HashedNgramEncoder();
        var best = Fused(hashed, passages, asked, corpus, queries, sparse);
        if (SharedFolder.Find("assets", "multilingual-e5-small") is { } e5Folder && set != "cmrc2018_dev" && Environment.GetEnvironmentVariable("MESH_EVAL_ONNX") == "1")
        {
            using var e5 = new OnnxEncoder(new OnnxOptions { Directory = e5Folder, ModelFile = "model_int4.onnx", QueryPrefix = "query: ", PassagePrefix = "passage: " });
            Fused(e5, passages, asked, corpus, queries, sparse);
        }
        Assert.True(best >= least, $"nDCG@10 is {best:F3}, expected at least {least}");
    }

    private double Fused(IDenseEncoder encoder, AnalyzedText[] passages, AnalyzedText[] asked, List<(string Id, string Text)> corpus,
        List<(string Text, HashSet<string> Right)> queries, List<Scored>[] sparse)
    {
        var dense = DenseScores(encoder, passages, asked, corpus);
        Report($"{encoder.Name}", queries, i => dense[i]);
        foreach (var constant in (int[])[2, 60])
            Report($"{encoder.Name} + BM25, RRF {constant}", queries, i => Top(ReciprocalRank(dense[i], sparse[i], constant)));
        var best = 0.0;
        foreach (var weight in (double[])[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
            best = Math.Max(best, Report($"{encoder.Name} + BM25, weighted {weight}", queries, i => Top(Fusion.Fuse(dense[i], sparse[i], weight))));
        return best;
    }

    /// <summary>What the store would do (Cormack, Clarke and Büttcher 2009), to compare with.</summary>
    private static List<Candidate> ReciprocalRank(List<Scored> dense, List<Scored> sparse, int constant) => Fusion.Sort(
        dense.Select((item, rank) => (item.ChunkId, rank)).Concat(sparse.Select((item, rank) => (item.ChunkId, rank)))
            .GroupBy(item => item.ChunkId, (id, items) => new Candidate(id, items.Sum(item => 1.0 / (constant + item.rank)), 0, 0)));

    private static List<Scored> Top(List<Candidate> candidates) => [.. candidates.Select(candidate => new Scored(candidate.ChunkId, candidate.Score))];

    private double Report(string name, List<(string Text, HashSet<string> Right)> queries, Func<int, List<Scored>> ranking)
    {
        double ndcg = 0, first = 0, five = 0;
        for (var i = 0; i < queries.Count; i++)
        {
            var right = queries[i].Right;
            var ids = ranking(i).Take(10).Select(item => item.ChunkId).ToList();
            var ideal = Enumerable.Range(0, Math.Min(10, right.Count)).Sum(rank => 1 / Math.Log2(rank + 2));
            ndcg += ids.Select((id, rank) => right.Contains(id) ? 1 / Math.Log2(rank + 2) : 0).Sum() / ideal;
            first += ids.Count > 0 && right.Contains(ids[0]) ? 1 : 0;
            five += ids.Take(5).Any(right.Contains) ? 1 : 0;
        }
        output.WriteLine($"{name,-48} nDCG@10 {ndcg / queries.Count:F3}  recall@1 {first / queries.Count:F3}  recall@5 {five / queries.Count:F3}");
        return ndcg / queries.Count;
    }

    private static List<Scored>[] SparseScores(AnalyzedText[] passages, AnalyzedText[] asked, SparseOptions options, List<(string Id, string Text)> corpus)
    {
        var encoder = new Bm25SparseEncoder(options);
        var postings = new Dictionary<uint, List<(int Passage, float Weight)>>();
        for (var i = 0; i < passages.Length; i++)
        {
            var sparse = encoder.Encode(passages[i].Terms, query: false);
            for (var k = 0; k < sparse.Indices.Length; k++)
            {
                if (!postings.TryGetValue(sparse.Indices[k], out var list))
                    postings[sparse.Indices[k]] = list = [];
                list.Add((i, sparse.Values[k]));
            }
        }
        return [.. asked.Select(text =>
        {
            var query = encoder.Encode(text.Terms, query: true);
            var scores = new Dictionary<int, double>();
            for (var k = 0; k < query.Indices.Length; k++)
            {
                if (!postings.TryGetValue(query.Indices[k], out var list))
                    continue;
                var idf = Math.Log(1 + (passages.Length - list.Count + 0.5) / (list.Count + 0.5));
                foreach (var (passage, weight) in list)
                    scores[passage] = scores.GetValueOrDefault(passage) + idf * weight * query.Values[k];
            }
            return scores.Where(score => score.Value > 0).OrderByDescending(score => score.Value).ThenBy(score => score.Key).Take(60).Select(score => new Scored(corpus[score.Key].Id, score.Value)).ToList();
        })];
    }

    private static List<Scored>[] DenseScores(IDenseEncoder encoder, AnalyzedText[] passages, AnalyzedText[] asked, List<(string Id, string Text)> corpus)
    {
        var rows = passages.Chunk(256).SelectMany(batch => encoder.Encode(batch, false, TestContext.Current.CancellationToken)).Select(embedding => embedding.Vector).ToArray();
        return [.. asked.Chunk(256).SelectMany(batch => encoder.Encode(batch, true, TestContext.Current.CancellationToken)).Select(query =>
            rows.Select((row, i) => new Scored(corpus[i].Id, TensorPrimitives.Dot<float>(row, query.Vector))).OrderByDescending(item => item.Score).Take(60).ToList())];
    }

    private static AnalyzedText[] Analyze(IEnumerable<string> texts) => [.. texts.Select(text => new AnalyzedText(text, Analyzer.Analyze(text)))];

    private static IEnumerable<JsonElement> Lines(string path) => File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);

    private static string Skip(string reason)
    {
        Assert.Skip(reason);
        return "";
    }
}
