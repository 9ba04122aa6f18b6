using System.ComponentModel.DataAnnotations;

namespace Mesh.Datasets.Log;

/// <summary>How the conversation log is read. Section "Datasets:Log".</summary>
public sealed class LogOptions
{
    public const string Section = "Datasets:Log";

    /// <summary>Events stored in one transaction at most; default 256.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 256;

    /// <summary>Wait before the log is opened again after it broke off, in milliseconds; doubles up to 16 times this. Default 500.</summary>
    [Range(10, 60_000)]
    public int RetryDelayMs { get; set; } = 500;
}
