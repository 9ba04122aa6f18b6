using Mesh.Retrieval.Snapshots;

namespace Mesh.Retrieval.Search;

/// <summary>A passage that was found, with where it comes from.</summary>
internal sealed record FoundPassage(Candidate Candidate, ChunkRow Chunk, DocumentRow Document);

/// <summary>How long a stage took and how many candidates left it.</summary>
internal readonly record struct StageTime(string Stage, TimeSpan Duration, int Candidates);

internal sealed record SearchAnswer(
    string SnapshotId, IReadOnlyList<FoundPassage> Passages, AnswerFeatures Features, double Answerability, double Threshold, string Searched, IReadOnlyList<StageTime> Stages)
{
    public bool Answerable => Passages.Count > 0 && Answerability >= Threshold;
}

/// <param name="Language">Preferred; empty for the question's own.</param>
internal sealed record SearchQuestion(string Query, int Limit, string SnapshotId, string Language, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> History);
