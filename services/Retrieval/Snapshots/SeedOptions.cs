using System.ComponentModel.DataAnnotations;
using Mesh.ServiceDefaults.Callers;

namespace Mesh.Retrieval.Snapshots;

/// <summary>Section <c>Retrieval:Seed</c>: a folder that is ingested at the start when it is new or has changed. Off while <see cref="Directory"/> is empty.</summary>
public sealed class SeedOptions
{
    public string Directory { get; set; } = "";

    [Required]
    public string Tenant { get; set; } = Caller.DefaultTenant;

    /// <summary>
    /// File of questions with the documents that answer them, one JSON object a line (<c>question</c>, <c>documents</c>). With it a snapshot is activated only when
    /// <see cref="MinimumRecall"/> is reached. Relative to <see cref="Directory"/>; empty: no such check.
    /// </summary>
    public string Questions { get; set; } = "";

    /// <summary>Share of the questions that find a right document among the first five passages.</summary>
    [Range(0.0, 1.0)]
    public double MinimumRecall { get; set; } = 0.8;
}
