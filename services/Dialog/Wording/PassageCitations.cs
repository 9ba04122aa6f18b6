using Mesh.Common.V1;
using Mesh.Retrieval.V1;

namespace Mesh.Dialog.Wording;

internal static class PassageCitations
{
    private const int MaxExcerpt = 2_000;
    private const int MaxTitle = 300;

    /// <summary>A citation of words that stand in the passage; of the whole passage when they do not stand in it as they are.</summary>
    public static Citation Cite(this Passage passage, int index, string excerpt, string snapshotId)
    {
        var at = passage.Text.IndexOf(excerpt, StringComparison.Ordinal);
        if (at < 0)
            (excerpt, at) = (passage.Text, 0);
        if (excerpt.Length > MaxExcerpt)
            excerpt = excerpt[..MaxExcerpt];
        var start = (passage.Span?.Start ?? 0) + at;
        // A list of questions has a file's name; the customer knows the question.
        var title = passage.Question.Length > 0 ? passage.Question : passage.Title;
        var citation = new Citation
        {
            Index = index,
            DocumentId = passage.DocumentId,
            Title = title.Length > MaxTitle ? title[..MaxTitle] : title,
            Revision = passage.Revision,
            ChunkId = passage.ChunkId,
            ChunkHash = passage.ChunkHash,
            // Indexed text can differ from the document's (joined lines, table headers): the passage's own span then.
            Span = passage.Span is { } span && span.End - span.Start == passage.Text.Length ? new TextSpan { Start = start, End = start + excerpt.Length } : passage.Span,
            Excerpt = excerpt,
            SnapshotId = snapshotId,
        };
        citation.HeadingPath.Add(passage.HeadingPath);
        return citation;
    }
}
