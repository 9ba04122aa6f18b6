using System.Diagnostics;
using System.Globalization;
using Mesh.Retrieval.Search;
using Mesh.Retrieval.Snapshots;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Retrieval.Tests;

/// <summary>The sample shop's documents through the whole service, and its golden questions over them.</summary>
public sealed class ShopEvaluation(Services services, ITestOutputHelper output)
{
    [Fact]
    public async Task Seed_ShopDocuments_GoLiveInTimeAndAnswerTheGoldenQuestions()
    {
        var folder = Path.Combine(SharedFolder.RepositoryRoot()!, "samples", "shop", "knowledge");
        var started = Stopwatch.GetTimestamp();
        await using var host = await RetrievalHost.StartAsync(services, new()
        {
            ["Retrieval:Seed:Directory"] = folder,
            ["Retrieval:Seed:Tenant"] = "shop",
        });
        await host.Service<Seeder>().ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var health = await host.HealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Entries["knowledge"].Status);
        output.WriteLine($"{health.Entries["knowledge"].Description}, live after {elapsed.TotalSeconds:F1} s");

        var questions = GoldenQuestion.Read(Path.Combine(folder, "questions.jsonl"));
        var searcher = host.Service<Searcher>();
        double first = 0, five = 0, answerable = 0;
        var times = new List<double>();
        var lines = new List<string>();
        foreach (var question in questions)
        {
            var begun = Stopwatch.GetTimestamp();
            var answer = await host.AskAsync("shop", question.Question);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            var at = answer.Passages.ToList().FindIndex(passage => question.Documents.Contains(passage.Chunk.DocumentId));
            if (question.Documents.Count > 0)
            {
                answerable++;
                first += at == 0 ? 1 : 0;
                five += at >= 0 ? 1 : 0;
            }
            var f = answer.Features;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(question.Documents.Count > 0 ? 1 : 0)}\t{at}\t{f.Coverage:F4}\t{f.CoverageOfBest:F4}\t{f.Unknown:F4}\t{f.Dense:F4}\t{f.Margin:F4}\t{answer.Answerability:F3}\t{question.Language}\t{question.Question}\t{(answer.Passages.Count > 0 ? answer.Passages[0].Chunk.DocumentId : "")}\t{string.Join(",", question.Documents)}"));
        }
        if (Environment.GetEnvironmentVariable("MESH_EVAL_OUT") is { Length: > 0 } file)
            await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);
        times.Sort();
        output.WriteLine($"recall@1 {first / answerable:F3}, recall@5 {five / answerable:F3} of {answerable}; search p50 {times[times.Count / 2]:F1} ms, p99 {times[(int)(times.Count * 0.99)]:F1} ms");
    }
}
