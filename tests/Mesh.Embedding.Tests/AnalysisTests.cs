using CsCheck;
using Mesh.Embedding.Sparse;
using Mesh.Embedding.Text;

namespace Mesh.Embedding.Tests;

public sealed class AnalysisTests(EncoderFixture fixture)
{
    private string[] Words(string text) =>
        [.. fixture.Encoders.Analyzer.Analyze(text).Where(term => term.Kind == TermKind.Word).Select(term => term.Text)];

    [Fact]
    public void Analyze_ChineseSentence_GivesWordsAndAllBigrams()
    {
        var terms = fixture.Encoders.Analyzer.Analyze("七天无理由退货");

        Assert.Contains(terms, term => term is { Text: "退货", Kind: TermKind.Word });
        var pairs = terms.Where(term => term.Text.Length == 2).Select(term => term.Start).ToHashSet();
        Assert.Superset(Enumerable.Range(0, 6).ToHashSet(), pairs);
    }

    [Theory]
    [InlineData("Returns are refunded", "return", "refund")]
    [InlineData("returning a refund", "return", "refund")]
    [InlineData("The customer's RETURNED refunds", "return", "refund")]
    public void Analyze_EnglishForms_ShareTheirStem(string text, params string[] stems) => Assert.Subset(Words(text).ToHashSet(), stems.ToHashSet());

    [Theory]
    [InlineData("我的订单SO2026110001到哪了", "so2026110001")]
    [InlineData("型号 AB-1200X 支持吗", "ab-1200x")]
    [InlineData("ＳＯ２０２６１１０００１ 查一下", "so2026110001")]
    public void Analyze_CodeWithDigits_IsKeptWhole(string text, string code) => Assert.Contains(code, Words(text));

    [Fact]
    public void Analyze_StopWords_AreMarked()
    {
        var terms = fixture.Encoders.Analyzer.Analyze("请问怎么开发票");

        Assert.DoesNotContain(terms, term => term is { Text: "怎么", Kind: TermKind.Word });
        Assert.Contains(terms, term => term is { Text: "发票", Kind: TermKind.Word });
    }

    [Fact]
    public void Analyze_AnyText_TermsLieInsideIt() => Gen.String[Gen.Char["退货发票订单のカ ab'-_./19Ａ１\u00A0\uD83D\uDE00\n<>🙂"], 0, 60].Sample(text =>
    {
        foreach (var term in fixture.Encoders.Analyzer.Analyze(text))
        {
            Assert.InRange(term.Start, 0, text.Length);
            Assert.InRange(term.End, term.Start + 1, text.Length);
            if (term.Kind == TermKind.Bigram)
                Assert.Equal(term.Text, text[term.Start..term.End]);
        }
    });

    [Fact]
    public void Encode_AnyText_IndicesRiseAndValuesArePositive() => Gen.String[Gen.Char["退货发票订单 abcde19"], 0, 80].Sample(text =>
    {
        var terms = fixture.Encoders.Analyzer.Analyze(text);
        foreach (var query in (bool[])[true, false])
        {
            var sparse = fixture.Encoders.Sparse.Encode(terms, query);
            Assert.Equal(sparse.Indices.Length, sparse.Values.Length);
            Assert.Equal(sparse.Indices.Distinct().Order(), sparse.Indices);
            Assert.All(sparse.Values, value => Assert.True(value > 0));
        }
    });

    [Fact]
    public void Encode_PassageWeight_IsBm25()
    {
        var encoder = new Bm25SparseEncoder(new SparseOptions { K1 = 1.2, B = 0.75, AverageLength = 4 });
        var sparse = encoder.Encode([new("x", 0, 1, TermKind.Word), new("x", 2, 3, TermKind.Word), new("y", 4, 5, TermKind.Word), new("the", 6, 9, TermKind.Stop)], query: false);

        var norm = 1.2 * (0.25 + 0.75 * 3 / 4);
        var weights = sparse.Indices.Zip(sparse.Values).ToDictionary();
        Assert.Equal(2 * 2.2 / (2 + norm), weights[Bm25SparseEncoder.TermId("x")], 5);
        Assert.Equal(2.2 / (1 + norm), weights[Bm25SparseEncoder.TermId("y")], 5);
    }

    [Fact]
    public void TermId_KnownTerm_StaysTheSameForEver() => Assert.Equal(1475682720u, Bm25SparseEncoder.TermId("退货"));
}
