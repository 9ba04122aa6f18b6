using System.Diagnostics;
using Grpc.Core;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.Understanding.Intents;
using Mesh.Dialog.Understanding.Text;
using Mesh.Embedding.V1;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Dialog.Tests.Understanding;

public sealed class IntentModelTests(ITestOutputHelper output)
{
    private static readonly UnderstandingInput Input = new() { Text = "我的快递走到哪里了", Catalogue = Shop.Catalogue, Today = new DateOnly(2026, 11, 25) };

    [Fact]
    public void Train_ShopExamples_IsFastAndKnowsItsOwn()
    {
        var watch = Stopwatch.StartNew();
        var models = Shop.NewModels();
        models.Familiarity(Shop.Catalogue, "我要退货");
        output.WriteLine($"trained on the shop's sentences in {watch.Elapsed.TotalSeconds:F2} s");

        Assert.Equal(1, models.Familiarity(Shop.Catalogue, "我要退货"), 2);
        Assert.True(models.Familiarity(Shop.Catalogue, "lkjhg") < 0.1);
    }

    [Fact]
    public void Train_SameExamples_GivesSameProbabilities()
    {
        IntentExample[] examples = [new("我要退货", "a", null), new("退货", "a", null), new("查快递", "b", null), new("快递到哪了", "b", null), new("你好", "c", null)];

        var first = IntentClassifier.Train(examples).Classify("我想退货", null);
        var second = IntentClassifier.Train(examples).Classify("我想退货", null);

        Assert.Equal(first, second);
        Assert.Equal("a", first[0].Label);
        Assert.Equal(1, first.Sum(score => score.Probability), 4);
    }

    [Fact]
    public void Train_OneLabel_IsRefused() => Assert.Throws<ArgumentException>(() => IntentClassifier.Train([new("a", "x", null)]));

    [Fact]
    public async Task Understand_EmbeddingServiceDown_WorksByWordsAndSaysSo()
    {
        var client = new FakeEmbedding { Down = true };
        var time = new FakeTimeProvider();
        var understanding = new LocalUnderstanding(Shop.NewModels(Vectors(client, time)));

        var first = await understanding.UnderstandAsync(Input, TestContext.Current.CancellationToken);
        await understanding.UnderstandAsync(Input, TestContext.Current.CancellationToken);

        Assert.Equal("embedding", first.Degraded);
        Assert.Equal("track_order", first.Commands[0].Name);
        // The second message did not wait for it again.
        Assert.Equal(1, client.Calls);

        time.Advance(TimeSpan.FromSeconds(11));
        await understanding.UnderstandAsync(Input, TestContext.Current.CancellationToken);
        Assert.Equal(2, client.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Understand_EmbeddingServiceUp_AsksItOnlyWhereItsVectorsHelp(bool helpful)
    {
        var client = new FakeEmbedding { Knows = helpful ? Meanings() : [] };
        var models = Shop.NewModels(Vectors(client, new FakeTimeProvider()));
        await models.PrepareAsync(Shop.Catalogue, TestContext.Current.CancellationToken);
        var before = client.Calls;

        var result = await new LocalUnderstanding(models).UnderstandAsync(Input, TestContext.Current.CancellationToken);

        Assert.Equal("", result.Degraded);
        Assert.Equal("track_order", result.Commands[0].Name);
        Assert.Equal(helpful ? 1 : 0, client.Calls - before);
    }

    /// <summary>A number for each flow's sentences: vectors that tell all of them apart.</summary>
    private static Dictionary<string, int> Meanings() => Shop.Catalogue.Flows.Values.OrderBy(flow => flow.Name, StringComparer.Ordinal)
        .SelectMany((flow, i) => flow.Examples.Zh.Concat(flow.Examples.En).Select(sentence => (Text: NormalizedText.From(sentence).Text, Flow: i))).DistinctBy(pair => pair.Text).ToDictionary(pair => pair.Text, pair => pair.Flow);

    private static EmbeddingVectors Vectors(EmbeddingService.EmbeddingServiceClient client, TimeProvider time) =>
        new(client, Options.Create(new UnderstandingOptions()), time, NullLogger<EmbeddingVectors>.Instance);

    /// <summary>The embedding service at the process's border: one direction for each meaning that it knows.</summary>
    private sealed class FakeEmbedding : EmbeddingService.EmbeddingServiceClient
    {
        public bool Down { get; set; }

        public int Calls { get; private set; }

        /// <summary>Texts whose meaning it knows; all others look the same to it.</summary>
        public Dictionary<string, int> Knows { get; init; } = [];

        public override AsyncUnaryCall<EmbedResponse> EmbedAsync(EmbedRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            var response = Down ? Task.FromException<EmbedResponse>(new RpcException(new Status(StatusCode.Unavailable, "down"))) : Task.FromResult(Embed(request));
            return new AsyncUnaryCall<EmbedResponse>(response, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        private EmbedResponse Embed(EmbedRequest request)
        {
            var response = new EmbedResponse { Model = "fake", Revision = "1", Dimension = 32 };
            foreach (var text in request.Texts)
            {
                var dense = new float[32];
                dense[Knows.TryGetValue(text, out var meaning) ? meaning : 31] = 1;
                response.Embeddings.Add(new TextEmbedding { Dense = { dense }, Sparse = new Mesh.Embedding.V1.SparseVector { Indices = { 7 }, Values = { 1f } } });
            }

            return response;
        }
    }
}
