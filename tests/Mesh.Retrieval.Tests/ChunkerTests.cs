using System.Text;
using CsCheck;
using Mesh.Retrieval.Chunks;
using Mesh.Retrieval.Documents;

namespace Mesh.Retrieval.Tests;

public sealed class ChunkerTests
{
    private static readonly ChunkingOptions Small = new() { MaxUnits = 40 };

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char["退货七天无理由。！？；，、 abc.,!?\n\t"], 0, 200],
        Gen.String[Gen.Char["a"], 3_000, 9_000],
        Gen.Select(Gen.Int[0, 300], count => string.Concat(Enumerable.Repeat("🙂", count))),
        Gen.Const("Refunds take 1-3 working days. See www.example.com for more. 退款三天到账。"));

    private static readonly Gen<Action<DocumentBuilder>> Part = Gen.OneOf(
        Gen.Select(Gen.Int[1, 6], Gen.String[Gen.Char["标题ABC 12"], 0, 20], (level, text) => (Action<DocumentBuilder>)(builder => builder.AddHeading(level, text))),
        Text.Select(text => (Action<DocumentBuilder>)(builder => builder.AddParagraph(text))),
        Text.Array[0, 6].Select(items => (Action<DocumentBuilder>)(builder => builder.AddList(items))),
        Gen.Select(Text.Array[1, 4].Array[0, 30], Gen.Bool, (rows, header) => (Action<DocumentBuilder>)(builder => builder.AddTable(rows, header))),
        Gen.Select(Text, Text, (question, answer) => (Action<DocumentBuilder>)(builder => builder.AddFaq(question, answer))));

    private static readonly Gen<ExtractedDocument> Documents = Part.Array[0, 25].Select(parts =>
    {
        var builder = new DocumentBuilder(new DocumentLimits());
        foreach (var part in parts)
            part(builder);
        return builder.Build();
    });

    [Fact]
    public void Cut_AnyDocument_SpansPointToTheText() => Documents.Sample(document =>
    {
        foreach (var chunk in Chunker.Cut("d", document, Small))
        {
            var cited = document.Text[chunk.Span.Start..chunk.Span.End];
            Assert.EndsWith(cited, chunk.Text, StringComparison.Ordinal);
            if (chunk.Kind != ChunkKind.Table)
                Assert.Equal(cited, chunk.Text);
            Assert.InRange(chunk.Text.Length, 1, 4_000);
            Assert.False(char.IsWhiteSpace(cited[0]) || char.IsWhiteSpace(cited[^1]));
            Assert.False(char.IsLowSurrogate(cited[0]) || char.IsHighSurrogate(cited[^1]));
        }
    }, iter: 300);

    [Fact]
    public void Cut_AnyDocument_CoversAllOfItOnce() => Documents.Sample(document =>
    {
        var covered = new bool[document.Text.Length];
        foreach (var chunk in Chunker.Cut("d", document, Small))
            for (var i = chunk.Span.Start; i < chunk.Span.End; i++)
            {
                Assert.False(covered[i], "two chunks hold the same characters");
                covered[i] = true;
            }
        foreach (var heading in document.Blocks.Where(block => block.Kind == BlockKind.Heading))
            covered.AsSpan(heading.Span.Start, heading.Span.Length).Fill(true);
        for (var i = 0; i < covered.Length; i++)
            Assert.True(covered[i] || char.IsWhiteSpace(document.Text[i]), $"character {i} is in no chunk");
    }, iter: 300);

    [Fact]
    public void Cut_AnyDocument_GivesDistinctIdsEachTimeTheSame() => Documents.Sample(document =>
    {
        var ids = Chunker.Cut("d", document, Small).ConvertAll(chunk => chunk.Id);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids, Chunker.Cut("d", document, Small).ConvertAll(chunk => chunk.Id));
        Assert.Empty(ids.Intersect(Chunker.Cut("other", document, Small).Select(chunk => chunk.Id)));
    }, iter: 100);

    [Fact]
    public void Cut_RunningText_KeepsToTheSizeAndToSentences()
    {
        var builder = new DocumentBuilder(new DocumentLimits());
        var text = new StringBuilder();
        for (var i = 0; i < 60; i++)
            text.Append("退款在三个工作日内到账。The refund arrives soon. ");
        builder.AddParagraph(text.ToString());

        var chunks = Chunker.Cut("d", builder.Build(), Small);

        Assert.True(chunks.Count > 5);
        Assert.All(chunks, chunk => Assert.InRange(Sentences.Units(chunk.Text), 1, Small.MaxUnits));
        Assert.All(chunks, chunk => Assert.True(chunk.Text[^1] is '。' or '.'));
    }

    [Fact]
    public void Cut_LargeTable_RepeatsItsHeader()
    {
        var builder = new DocumentBuilder(new DocumentLimits());
        builder.AddHeading(1, "运费");
        builder.AddTable([["地区", "首重"], .. Enumerable.Range(1, 40).Select(i => (IReadOnlyList<string>)[$"地区第{i}号", $"{i} 元"])], hasHeader: true);

        var chunks = Chunker.Cut("d", builder.Build(), Small);

        Assert.True(chunks.Count > 3);
        Assert.All(chunks, chunk => Assert.StartsWith("地区 | 首重\n", chunk.Text, StringComparison.Ordinal));
        Assert.All(chunks, chunk => Assert.Equal(["运费"], chunk.HeadingPath));
        Assert.All(chunks, chunk => Assert.Equal(ChunkKind.Table, chunk.Kind));
    }

    [Fact]
    public void Cut_QuestionAndAnswer_StayTogetherAndKeepTheirIdWhenReordered()
    {
        static List<Chunk> Of(params string[] questions)
        {
            var builder = new DocumentBuilder(new DocumentLimits());
            foreach (var question in questions)
                builder.AddFaq(question, "签收后七天内可以申请。");
            return Chunker.Cut("faq.csv", builder.Build(), new ChunkingOptions());
        }

        var first = Of("怎么退货？", "怎么换货？");
        var second = Of("怎么换货？", "运费谁出？", "怎么退货？");

        Assert.Equal("怎么退货？\n签收后七天内可以申请。", first[0].Text);
        Assert.Equal(first[0].Id, second[2].Id);
        Assert.Equal(first[1].Id, second[0].Id);
    }

    [Fact]
    public void Cut_AnotherSectionChanges_IdsStay()
    {
        static List<Chunk> Of(string shipping)
        {
            var builder = new DocumentBuilder(new DocumentLimits());
            builder.AddHeading(1, "售后");
            builder.AddHeading(2, "配送");
            builder.AddParagraph(shipping);
            builder.AddHeading(2, "退货");
            builder.AddParagraph("七天无理由。");
            return Chunker.Cut("d", builder.Build(), new ChunkingOptions());
        }

        var before = Of("当天发货。");
        var after = Of("次日发货，偏远地区除外。");

        Assert.Equal(before.Select(chunk => chunk.Id), after.Select(chunk => chunk.Id));
        Assert.NotEqual(before[0].Hash, after[0].Hash);
        Assert.Equal(before[1].Hash, after[1].Hash);
    }

    [Fact]
    public void Cut_TooManyChunks_IsRefused()
    {
        var builder = new DocumentBuilder(new DocumentLimits());
        for (var i = 0; i < 20; i++)
            builder.AddFaq($"问题{i}", "答案");
        var refused = Assert.Throws<DocumentRefusedException>(() => Chunker.Cut("d", builder.Build(), new ChunkingOptions { MaxChunks = 10 }));
        Assert.Contains("more than 10 chunks", refused.Message, StringComparison.Ordinal);
    }
}
