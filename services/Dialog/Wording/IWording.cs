using Mesh.Common.V1;
using Mesh.Retrieval.V1;

namespace Mesh.Dialog.Wording;

/// <summary>Puts what was found into words. What it says, it says from the passages, and cites them.</summary>
internal interface IWording
{
    /// <summary>Null when nothing in the passages can be said in answer.</summary>
    Task<WordedAnswer?> AnswerAsync(WordingRequest request, CancellationToken cancellationToken);
}

/// <param name="Language">"zh" or "en": the customer's.</param>
/// <param name="Passages">Best first.</param>
internal sealed record WordingRequest(string Question, string Language, string SnapshotId, IReadOnlyList<Passage> Passages);

/// <param name="Text">With marks such as "[1]" that the citations' indices explain.</param>
/// <param name="Wording">As in <c>BotMessage.wording</c>.</param>
internal sealed record WordedAnswer(string Text, IReadOnlyList<Citation> Citations, string Wording);
