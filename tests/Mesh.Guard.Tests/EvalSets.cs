using System.Text.Json;

namespace Mesh.Guard.Tests;

/// <summary>The public evaluation sets beside the repository, if they are there.</summary>
internal static class EvalSets
{
    private static readonly string? Folder = Find();

    /// <summary>Rows of a set's development half; skips the test where the set is missing.</summary>
    public static IReadOnlyList<JsonElement> Rows(string set, string file = "dev.jsonl")
    {
        var path = Folder is null ? null : Path.Combine(Folder, set, file);
        if (path is null || !File.Exists(path))
            Assert.Skip($"the evaluation set '{set}' is not beside the repository (../shared/eval)");
        return [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    public static string Text(this JsonElement row, string name = "text") => row.GetProperty(name).GetString() ?? "";

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MESH_ASSETS") is { Length: > 0 } assets && Directory.Exists(Path.Combine(assets, "..", "eval")))
            return Path.Combine(assets, "..", "eval");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var eval = Path.Combine(folder.FullName, "shared", "eval");
            if (Directory.Exists(eval))
                return eval;
        }

        return null;
    }
}
