using System.Text.Json;

namespace Mesh.Retrieval.Snapshots;

/// <summary>A question as customers type it, with the documents that answer it; none where the knowledge base has no answer.</summary>
internal sealed record GoldenQuestion(string Question, string Language, IReadOnlyList<string> Documents)
{
    /// <summary>One JSON object a line: <c>question</c>, <c>language</c>, <c>document</c> or null, and <c>also</c> with other documents.</summary>
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
                var documents = new List<string>();
                if (root.GetProperty("document") is { ValueKind: JsonValueKind.String } document)
                    documents.Add(document.GetString()!);
                if (root.TryGetProperty("also", out var also))
                    documents.AddRange(also.EnumerateArray().Select(other => other.GetProperty("document").GetString()!));
                result.Add(new GoldenQuestion(root.GetProperty("question").GetString()!, root.TryGetProperty("language", out var language) ? language.GetString()! : "", documents));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new InvalidDataException($"line {result.Count + 1} of the golden questions is no question", error);
            }
        }
        return result;
    }
}
