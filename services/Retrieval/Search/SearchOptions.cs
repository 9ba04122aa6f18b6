using System.ComponentModel.DataAnnotations;

namespace Mesh.Retrieval.Search;

/// <summary>Section <c>Retrieval:Search</c>.</summary>
public sealed class SearchOptions
{
    /// <summary>Passages taken from each side before fusion.</summary>
    [Range(5, 1_000)]
    public int Candidates { get; set; } = 60;

    /// <summary>
    /// Share of the dense score in the fused one, 0 to 1. Unset: 0.3 for the hashed n-grams and 0.6 for a learned encoder, which measured best (see FusionEvaluation).
    /// </summary>
    [Range(0.0, 1.0)]
    public double? DenseWeight { get; set; }

    /// <summary>Factor on the score of a passage in another language than the question's.</summary>
    [Range(0.0, 1.0)]
    public double OtherLanguageFactor { get; set; } = 0.8;

    /// <summary>Answerability from which an answer is worth giving. Unset: the fitted threshold (see <see cref="Answerability"/>).</summary>
    [Range(0.0, 1.0)]
    public double? AnswerableThreshold { get; set; }
}
