using System.Diagnostics;
using System.Text.Json;
using Mesh.Dialog.Understanding.Intents;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Tests.Understanding;

/// <summary>The same classifier, words only, on data that nobody here wrote. Sampled, so that it stays fast.</summary>
public sealed class PublicDataTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("dialogflow_zh_support_smalltalk", "label", 20, 0.70)]
    [InlineData("smp2019_ecdt_nlu", "domain", 40, 0.80)]
    [InlineData("banking77", "label", 14, 0.78)]
    [InlineData("clinc150", "label", 8, 0.78)]
    public void Classify_PublicIntents_ReachesFloor(string name, string labelField, int perLabel, double floor)
    {
        var rows = Read(name, labelField).Where(row => row.Label != "oos").GroupBy(row => row.Label).Where(group => group.Count() >= 5)
            .SelectMany(group => group.Take(perLabel * 2)).ToArray();
        var training = new List<IntentExample>();
        var test = new List<(string Text, string Label)>();
        foreach (var group in rows.GroupBy(row => row.Label))
        {
            foreach (var (row, i) in group.Select((row, i) => (row, i)))
            {
                if (i % 4 == 3)
                    test.Add(row);
                else
                    training.Add(new IntentExample(NormalizedText.From(row.Text).Text, row.Label, null));
            }
        }

        var watch = Stopwatch.StartNew();
        var classifier = IntentClassifier.Train(training);
        var trained = watch.Elapsed;
        watch.Restart();
        var answers = test.Select(row => (Best: classifier.Classify(NormalizedText.From(row.Text).Text, null)[0], row.Label)).ToArray();
        var perText = watch.Elapsed / test.Count;
        var accuracy = answers.Average(answer => answer.Best.Label == answer.Label ? 1.0 : 0);
        output.WriteLine(
            $"{name}: {classifier.Labels.Count} labels, {training.Count} training, {test.Count} test: accuracy {accuracy:F3}, cross-validated {classifier.CrossValidatedAccuracy:F3}, " +
            $"ECE {Calibration.Error(answers.Select(answer => (answer.Best.Probability, answer.Best.Label == answer.Label))):F3}, temperature {classifier.Temperature:F2}, " +
            $"trained in {trained.TotalSeconds:F2} s, {perText.TotalMilliseconds:F3} ms a text");
        Assert.True(accuracy >= floor, $"accuracy {accuracy:F3} is below {floor}");
    }

    [Fact]
    public void Classify_ClincOutOfScope_IsLessSureThanInScope()
    {
        var rows = Read("clinc150", "label");
        var training = new List<IntentExample>();
        var inScope = new List<string>();
        foreach (var group in rows.Where(row => row.Label != "oos").GroupBy(row => row.Label))
        {
            foreach (var (row, i) in group.Take(16).Select((row, i) => (row, i)))
            {
                if (i % 4 == 3)
                    inScope.Add(row.Text);
                else
                    training.Add(new IntentExample(NormalizedText.From(row.Text).Text, row.Label, null));
            }
        }

        var classifier = IntentClassifier.Train(training);
        double Sure(string text) => classifier.Classify(NormalizedText.From(text).Text, null)[0].Probability;
        var known = inScope.Select(Sure).ToArray();
        var unknown = Read("clinc150_oos", "label").Select(row => Sure(row.Text)).ToArray();
        // Probability that a known text is surer than an unknown one.
        var auc = known.Average(k => unknown.Average(u => k > u ? 1.0 : k == u ? 0.5 : 0));
        var threshold = known.Order().ElementAt(known.Length / 10);
        output.WriteLine($"clinc150 out of scope: AUROC {auc:F3}; at 10 % false alarm (p < {threshold:F2}) recall {unknown.Average(u => u < threshold ? 1.0 : 0):F3}");
        Assert.True(auc >= 0.85, $"AUROC {auc:F3}");
    }

    private static List<(string Text, string Label)> Read(string name, string labelField)
    {
        var path = Evaluation.SharedFile(Path.Combine("eval", name, "dev.jsonl"));
        if (path is null)
            Assert.Skip($"the evaluation set {name} is not on this machine");
        return [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (row.GetProperty("text").GetString() ?? "", row.GetProperty(labelField).GetString() ?? ""))];
    }
}
