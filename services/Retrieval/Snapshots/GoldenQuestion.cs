using System.Text.Json;

namespace Mesh.Retrieval.Snapshots;

/// <summary>A question as customers type it, with the documents that answer it; none where the knowledge base has no answer.</summary>
/// <param name="Answers">Document ids with what the answering passage contains, white space aside.</param>
internal sealed record GoldenQuestion(string Question, string Language, IReadOnlyList<(string Document, string Contains)> Answers)
{
    public bool IsAnsweredBy(ChunkRow chunk) => Answers.Any(answer => answer.Document == chunk.DocumentId);

    /// <summary>Whether the very passage answers, and not only its document.</summary>
    public bool IsAnsweredIn(ChunkRow chunk) =>
        Answers.Any(answer => answer.Document == chunk.DocumentId && WithoutSpace(chunk.Text).Contains(WithoutSpace(answer.Contains), StringComparison.Ordinal));

    /// <summary>One JSON object a line: <c>question</c>, <c>language</c>, <c>document</c> or null, and <c>also</c> with other documents; each with <c>contains</c>.</summary>
    /// <exception cref="InvalidDataException">A line is no such object.</exception>
    public static List<GoldenQuestion> Read(string path)
    {
        var result = new List<GoldenQuestion>();
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var root = json.RootElement;
                var answers = new List<(string, string)>();
                if (root.GetProperty("document").ValueKind == JsonValueKind.String)
                    answers.Add(Answer(root));
                if (root.TryGetProperty("also", out var also))
                    answers.AddRange(also.EnumerateArray().Select(Answer));
                result.Add(new GoldenQuestion(root.GetProperty("question").GetString()!, root.TryGetProperty("language", out var language) ? language.GetString()! : "", answers));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new InvalidDataException($"line {result.Count + 1} of the golden questions is no question", error);
            }
        }
        return result;

        static (string, string) Answer(JsonElement element) =>
            (element.GetProperty("document").GetString()!, element.TryGetProperty("contains", out var contains) ? contains.GetString()! : "");
    }

    private static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
