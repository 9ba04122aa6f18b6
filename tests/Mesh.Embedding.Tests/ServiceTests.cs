using Google.Protobuf.Collections;
using Grpc.Core;
using Mesh.Embedding.V1;

namespace Mesh.Embedding.Tests;

public sealed class ServiceTests(EncoderFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<EmbedResponse> EmbedAsync(params string[] texts) =>
        await fixture.Client.EmbedAsync(new EmbedRequest { Texts = { texts }, Dense = true, Sparse = true }, EncoderFixture.Headers, cancellationToken: Cancellation);

    private static double Dot(RepeatedField<float> a, RepeatedField<float> b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    [Fact]
    public async Task Embed_SimilarSpellings_AreNearerThanOthers()
    {
        var response = await EmbedAsync("怎样申请退货退款", "如何申请退货退款", "营业时间是几点", "wireless headphone", "wireles headphones");

        var vectors = response.Embeddings.Select(embedding => embedding.Dense).ToArray();
        Assert.All(vectors, vector => Assert.Equal(1, Dot(vector, vector), 4));
        Assert.True(Dot(vectors[0], vectors[1]) > 0.6);
        Assert.True(Dot(vectors[0], vectors[2]) < 0.3);
        Assert.True(Dot(vectors[3], vectors[4]) > 0.5);
        Assert.Equal(512, response.Dimension);
        Assert.Equal("hashed-ngram-512", response.Model);
    }

    [Fact]
    public async Task Embed_NothingKnown_IsAllZero()
    {
        var response = await EmbedAsync("", "……！");

        Assert.All(response.Embeddings, embedding =>
        {
            Assert.All(embedding.Dense, value => Assert.Equal(0, value));
            Assert.Empty(embedding.Sparse.Indices);
        });
    }

    [Fact]
    public async Task Embed_SameTextAlone_IsTheSameAsInABatch()
    {
        string[] texts = ["运费谁出", "Who pays for shipping?", "发票抬头写错了能改吗"];
        var together = await EmbedAsync(texts);

        for (var i = 0; i < texts.Length; i++)
            Assert.Equal(together.Embeddings[i], (await EmbedAsync(texts[i])).Embeddings[0]);
    }

    [Fact]
    public async Task Embed_OutsideTheLimits_NamesTheField()
    {
        var none = await Assert.ThrowsAsync<RpcException>(() => EmbedAsync());
        var many = await Assert.ThrowsAsync<RpcException>(() => EmbedAsync([.. Enumerable.Repeat("a", 257)]));
        var longer = await Assert.ThrowsAsync<RpcException>(() => EmbedAsync("ok", new string('长', 8193)));

        Assert.All([none, many, longer], error => Assert.Equal(StatusCode.InvalidArgument, error.StatusCode));
        Assert.Contains("texts[1]", longer.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_UnknownModel_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await fixture.Client.EmbedAsync(
            new EmbedRequest { Texts = { "a" }, Dense = true, Model = "bge-m9" }, EncoderFixture.Headers, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Rerank_NoCrossEncoder_SaysSo()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await fixture.Client.RerankAsync(
            new RerankRequest { Query = "a", Passages = { "b" } }, EncoderFixture.Headers, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("cross-encoder", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_NoClassifier_SaysSo()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await fixture.Client.ClassifyAsync(
            new ClassifyRequest { Texts = { "a" } }, EncoderFixture.Headers, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
    }

    [Fact]
    public async Task Tokenize_MixedText_GivesPlacesAndContent()
    {
        const string text = "我的 SO2026110001 shipped 了吗";
        var response = await fixture.Client.TokenizeAsync(new TokenizeRequest { Text = text }, EncoderFixture.Headers, cancellationToken: Cancellation);

        var order = Assert.Single(response.Tokens, token => token.Text == "so2026110001");
        Assert.Equal("SO2026110001", text[order.Start..order.End]);
        Assert.True(order.Content);
        Assert.Contains(response.Tokens, token => token is { Text: "的", Content: false });
        var counted = await fixture.Client.CountTokensAsync(new CountTokensRequest { Texts = { text } }, EncoderFixture.Headers, cancellationToken: Cancellation);
        Assert.Equal(response.Tokens.Count, Assert.Single(counted.Tokens));
    }

    [Fact]
    public async Task GetModelInfo_Default_DescribesItHonestly()
    {
        var info = await fixture.Client.GetModelInfoAsync(new GetModelInfoRequest(), EncoderFixture.Headers, cancellationToken: Cancellation);

        Assert.Equal("hashed-ngram-512", info.Model);
        Assert.Contains("no learned meaning", info.Description, StringComparison.Ordinal);
        Assert.False(info.Rerank);
        Assert.Equal((await EmbedAsync("a")).Revision, info.Revision);
    }

    [Fact]
    public async Task AnyCall_WithoutTheInternalCredential_IsRefused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await fixture.Client.GetModelInfoAsync(new GetModelInfoRequest(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task ConfiguredEncoder_Unreadable_IsUnhealthyAndRefusesInsteadOfSwapping()
    {
        await using var broken = new EncoderFixture(new() { ["Embedding:Onnx:Directory"] = Path.Combine(AppContext.BaseDirectory, "no-such-folder") });
        await broken.InitializeAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await broken.Client.EmbedAsync(
            new EmbedRequest { Texts = { "a" }, Dense = true }, EncoderFixture.Headers, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        var health = await broken.CheckHealthAsync(Cancellation);
        Assert.Contains("cannot be read", health.Entries["encoder"].Description, StringComparison.Ordinal);
    }
}
