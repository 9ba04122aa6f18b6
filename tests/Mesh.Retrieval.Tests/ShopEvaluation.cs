using System.Diagnostics;
using Mesh.Retrieval.Snapshots;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Retrieval.Tests;

/// <summary>The sample shop's documents through the whole service, with its golden questions over them.</summary>
public sealed class ShopEvaluation(ShopEvaluation.SeededShop shop, ITestOutputHelper output) : IClassFixture<ShopEvaluation.SeededShop>
{
    private static readonly string Knowledge = Path.Combine(SharedFolder.RepositoryRoot()!, "samples", "shop", "knowledge");

    private RetrievalHost Host => shop.Host;

    [Fact]
    public async Task GoldenQuestions_ShopDocuments_ReachTheirLevels()
    {
        var host = Host;
        output.WriteLine(shop.Report);
        int first = 0, five = 0, passages = 0, accepted = 0, refused = 0;
        var times = new List<double>();
        var questions = GoldenQuestion.Read(Path.Combine(Knowledge, "questions.jsonl"));
        var answerable = questions.Count(question => question.Answers.Count > 0);
        foreach (var question in questions)
        {
            var begun = Stopwatch.GetTimestamp();
            var answer = await host.AskAsync("shop", question.Question);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (question.Answers.Count == 0)
            {
                refused += answer.Answerable ? 0 : 1;
                continue;
            }
            accepted += answer.Answerable ? 1 : 0;
            first += answer.Passages.Take(1).Any(passage => question.IsAnsweredBy(passage.Chunk)) ? 1 : 0;
            five += answer.Passages.Any(passage => question.IsAnsweredBy(passage.Chunk)) ? 1 : 0;
            passages += answer.Passages.Any(passage => question.IsAnsweredIn(passage.Chunk)) ? 1 : 0;
        }
        times.Sort();
        var unanswerable = questions.Count - answerable;
        output.WriteLine($"document recall@1 {(double)first / answerable:F3}, recall@5 {(double)five / answerable:F3}; passage recall@5 {(double)passages / answerable:F3}; {answerable} questions");
        output.WriteLine($"answerable: recall {(double)accepted / answerable:F3}, precision {(double)accepted / (accepted + unanswerable - refused):F3}, refused of the unanswerable {(double)refused / unanswerable:F3}");
        output.WriteLine($"search p50 {times[times.Count / 2]:F1} ms, p99 {times[(int)(times.Count * 0.99)]:F1} ms");
        Assert.True(five >= 0.8 * answerable);
        Assert.True(passages >= 0.65 * answerable);
        Assert.True(accepted >= 0.88 * answerable);
        Assert.True(refused >= 0.4 * unanswerable);

        foreach (var foreign in (string[])["今天天气怎么样", "who won the world cup", "给我讲讲量子力学", "tell me a joke about cats", "股票明天涨还是跌"])
            Assert.False((await host.AskAsync("shop", foreign)).Answerable, foreign);
    }

    [Fact]
    public async Task Search_DocumentInBothLanguages_PrefersTheQuestionsOwn()
    {
        var host = Host;

        Assert.Equal("zh", (await host.SearchAsync("shop", "退货运费谁承担")).Passages[0].Language);
        Assert.Equal("en", (await host.SearchAsync("shop", "who pays the return postage")).Passages[0].Language);
        var expired = await host.SearchAsync("shop", "618 活动规则 跨品类满减", 20);
        Assert.DoesNotContain(expired.Passages, passage => passage.DocumentId == "zh/promotions/618-2026-archived.md");
    }

    /// <summary>The service with the shop's folder as its seed, held to the golden questions before it goes live.</summary>
    public sealed class SeededShop(Services services) : IAsyncLifetime
    {
        internal RetrievalHost Host { get; private set; } = null!;

        public string Report { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            var started = Stopwatch.GetTimestamp();
            Host = await RetrievalHost.StartAsync(services, new()
            {
                ["Retrieval:Seed:Directory"] = Knowledge,
                ["Retrieval:Seed:Tenant"] = "shop",
                ["Retrieval:Seed:Questions"] = "questions.jsonl",
                ["Retrieval:Seed:MinimumRecall"] = "0.75",
            });
            await Host.Service<Seeder>().ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
            var health = await Host.HealthAsync();
            Assert.Equal(HealthStatus.Healthy, health.Entries["knowledge"].Status);
            Report = $"{health.Entries["knowledge"].Description}, live after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s";
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
