using System.ComponentModel.DataAnnotations;

namespace Mesh.Embedding.Sparse;

/// <summary>Section <c>Embedding:Sparse</c>: BM25's parameters. A change makes a new revision, so that documents are embedded anew.</summary>
public sealed class SparseOptions
{
    /// <summary>Saturation of a term's frequency; no unit.</summary>
    [Range(0.0, 10.0)]
    public double K1 { get; set; } = 1.2;

    /// <summary>How much a text's length counts: 0 not at all, 1 fully.</summary>
    [Range(0.0, 1.0)]
    public double B { get; set; } = 0.75;

    /// <summary>Length of an average passage, in terms. The encoder sees one text at a time, so this is stated and not measured.</summary>
    [Range(1.0, 100_000.0)]
    public double AverageLength { get; set; } = 200;

    /// <summary>Weight of a character bigram that is no word, beside a word's 1.</summary>
    [Range(0.0, 1.0)]
    public double BigramWeight { get; set; } = 0.4;
}
