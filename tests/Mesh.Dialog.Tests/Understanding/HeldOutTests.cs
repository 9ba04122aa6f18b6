using System.Diagnostics;
using System.Text.Json;

namespace Mesh.Dialog.Tests.Understanding;

/// <summary>Lines that no example was made from, as customers write them.</summary>
public sealed class HeldOutTests(ITestOutputHelper output)
{
    private const double QuestionFloor = 0.8;

    [Theory]
    [InlineData("utterances.yaml", 0.93)]
    [InlineData("utterances-blind.yaml", 0.80)]
    public async Task Understand_HeldOutUtterances_ReachFloor(string file, double floor)
    {
        var lines = Utterances.Read(Path.Combine(AppContext.BaseDirectory, "Understanding", file), Shop.Catalogue).ToArray();
        var results = new List<(IReadOnlyList<string> Expected, IReadOnlyList<string> Actual, double Score, bool Right)>();
        // The first message pays for training.
        await Shop.Understanding.UnderstandAsync(lines[0].Input, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        foreach (var (input, expected) in lines)
        {
            var commands = (await Shop.Understanding.UnderstandAsync(input, TestContext.Current.CancellationToken)).Commands;
            var right = Utterances.Matches(expected, commands);
            results.Add((expected, [.. commands.Select(Utterances.Key)], commands[0].Score, right));
            if (!right)
                output.WriteLine($"  {input.Text}  expected {string.Join(", ", expected)}  got {string.Join(", ", commands.Select(command => $"{Utterances.Key(command)} {command.Score:F2}"))}");
        }

        var perLine = watch.Elapsed / lines.Length;
        var accuracy = results.Average(result => result.Right ? 1.0 : 0);
        output.WriteLine($"{lines.Length} lines: accuracy {accuracy:F3}, first command {results.Average(r => First(r.Expected) == First(r.Actual) ? 1.0 : 0):F3}, {perLine.TotalMilliseconds:F2} ms a line");
        output.WriteLine($"calibration: ECE {Calibration.Error(results.Select(result => (result.Score, First(result.Expected) == First(result.Actual)))):F3} of the first command");
        foreach (var kind in results.SelectMany(result => result.Expected.Concat(result.Actual)).Select(Kind).Distinct().Order(StringComparer.Ordinal))
        {
            var wanted = results.Sum(result => result.Expected.Count(key => Kind(key) == kind));
            var given = results.Sum(result => result.Actual.Count(key => Kind(key) == kind));
            var both = results.Sum(result => Math.Min(result.Expected.Count(key => Kind(key) == kind), result.Actual.Count(key => Kind(key) == kind)));
            output.WriteLine($"{kind,-30} precision {(given == 0 ? 0 : (double)both / given):F3}  recall {(wanted == 0 ? 0 : (double)both / wanted):F3}  ({wanted})");
        }

        var outside = results.Where(result => result.Expected[0] == "cannot_handle").ToArray();
        var inside = results.Where(result => result.Expected[0] != "cannot_handle").ToArray();
        output.WriteLine(
            $"out of scope: recall {outside.Average(result => result.Actual[0] == "cannot_handle" ? 1.0 : 0):F3}, false alarm {inside.Average(result => result.Actual[0] == "cannot_handle" ? 1.0 : 0):F3}");
        Assert.True(accuracy >= floor, $"accuracy {accuracy:F3} is below {floor}");
    }

    /// <summary>The golden questions of the knowledge base, written for retrieval by others: each is one, and none starts a flow.</summary>
    [Fact]
    public async Task Understand_QuestionsOfTheKnowledgeBase_AreQuestions()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "questions.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.TryGetProperty("document", out var document) && document.GetString() is { Length: > 0 }).Select(row => row.GetProperty("question").GetString()!).ToArray();
        var got = new List<string>();
        foreach (var line in lines)
        {
            var commands = (await Shop.Understanding.UnderstandAsync(new() { Text = line, Catalogue = Shop.Catalogue, Today = new DateOnly(2026, 11, 25) }, TestContext.Current.CancellationToken)).Commands;
            got.Add(Utterances.Key(commands[0]));
            if (got[^1] != "ask_knowledge")
                output.WriteLine($"  {line}  got {string.Join(", ", commands.Select(command => $"{Utterances.Key(command)} {command.Score:F2}"))}");
        }

        var recall = got.Average(key => key == "ask_knowledge" ? 1.0 : 0);
        output.WriteLine($"{lines.Length} questions: {recall:F3} asked of the knowledge base; {string.Join(", ", got.GroupBy(key => key).Select(group => $"{group.Key} {group.Count()}"))}");
        Assert.True(recall >= QuestionFloor, $"recall {recall:F3} is below {QuestionFloor}");
    }

    private static string First(IReadOnlyList<string> keys) => Kind(keys[0]);

    /// <summary>Without the value of a slot.</summary>
    private static string Kind(string key) => key.Split('=')[0].Split('|')[0];
}
