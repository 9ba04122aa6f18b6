using System.Text.Json;
using Mesh.Embedding.Dense;

namespace Mesh.Embedding.Tests;

/// <summary>The real multilingual-e5-small against its golden tokens and vectors; skipped where the asset is not on the machine.</summary>
public sealed class OnnxGoldenTests
{
    private static readonly string Folder = Path.Combine(AssetsFolder(), "multilingual-e5-small");

    private static OnnxOptions Options(Pooling pooling = Pooling.Auto) =>
        new() { Directory = Folder, ModelFile = "model_int4.onnx", Name = "multilingual-e5-small", Pooling = pooling, QueryPrefix = "query: ", PassagePrefix = "passage: " };

    private static string AssetsFolder()
    {
        if (Environment.GetEnvironmentVariable("MESH_ASSETS") is { Length: > 0 } configured)
            return configured;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                foreach (var up in (string[])["../shared/assets", "../../shared/assets"])
                    if (Directory.Exists(Path.Combine(folder.FullName, up)))
                        return Path.Combine(folder.FullName, up);
        return "";
    }

    private static List<JsonElement> Rows(string file)
    {
        var path = Path.Combine(Folder, file);
        if (!File.Exists(path))
            Assert.Skip("multilingual-e5-small is not on this machine (set MESH_ASSETS)");
        return [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    [Fact]
    public void Encode_GoldenTexts_GivesTheGoldenTokens()
    {
        var rows = Rows("tokenizer_golden.jsonl");
        var tokenizer = OnnxTokenizer.Open(Folder);

        foreach (var row in rows)
        {
            int[] ids = [tokenizer.First, .. tokenizer.Encode(row.GetProperty("text").GetString()!).Select(token => token.Id), tokenizer.Last];
            Assert.Equal(row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), ids);
        }
        Assert.Equal(121, rows.Count);
    }

    [Theory]
    [InlineData(Pooling.Auto)]
    [InlineData(Pooling.Mean)]
    public void Encode_GoldenTexts_GivesTheGoldenVectors(Pooling pooling)
    {
        var rows = Rows("embedding_golden.jsonl");
        using var encoder = new OnnxEncoder(Options(pooling));
        foreach (var query in (bool[])[true, false])
        {
            var mine = rows.Where(row => row.GetProperty("prefix").GetString() == (query ? "query: " : "passage: ")).ToList();
            Assert.NotEmpty(mine);
            var made = encoder.Encode([.. mine.Select(row => new AnalyzedText(row.GetProperty("text").GetString()!, []))], query, TestContext.Current.CancellationToken);
            foreach (var (row, embedding) in mine.Zip(made))
            {
                var golden = row.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle());
                Assert.True(golden.Zip(embedding.Vector, (a, b) => (double)a * b).Sum() > 0.99999);
            }
        }
    }

    [Fact]
    public void Encode_Cancelled_Stops()
    {
        Rows("tokenizer_golden.jsonl");
        using var encoder = new OnnxEncoder(Options());
        Assert.Throws<OperationCanceledException>(() => encoder.Encode([new AnalyzedText("退货", [])], true, new CancellationToken(true)));
    }
}
