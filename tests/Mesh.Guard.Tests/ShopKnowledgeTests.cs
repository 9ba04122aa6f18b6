using Mesh.Guard.V1;

using Action = Mesh.Guard.V1.Action;

namespace Mesh.Guard.Tests;

/// <summary>The sample shop's own documents: nothing in them may look like an attack, and what is quoted from them is grounded in them.</summary>
public sealed class ShopKnowledgeTests(ITestOutputHelper output)
{
    private static readonly string Knowledge = Path.Combine(Root(), "samples", "shop", "knowledge");

    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(Knowledge, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".md" or ".html" or ".csv").Select(f => Path.GetRelativePath(Knowledge, f)).Order()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Check_Document_IsNoAttackAndSupportsItsOwnParagraphs(string document)
    {
        var text = File.ReadAllText(Path.Combine(Knowledge, document));

        var retrieval = Guards.Checker.Check("default", new CheckRequest { Stage = Stage.Retrieval, Text = text[..Math.Min(text.Length, 65_536)] });
        Assert.True(retrieval.Action == Action.Allow, retrieval.ToString());

        foreach (var paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var request = new CheckRequest { Stage = Stage.Output, Text = paragraph };
            request.Evidence.Add(new Evidence { Kind = Evidence.Types.Kind.Passage, Text = text });
            var answer = Guards.Checker.Check("default", request);
            if (answer.Action != Action.Allow)
                output.WriteLine($"{paragraph}: {answer}");
            Assert.Equal(Action.Allow, answer.Action);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mesh.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the repository's root was not found");
        return folder.FullName;
    }
}
