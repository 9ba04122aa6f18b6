using System.ComponentModel.DataAnnotations;

namespace Mesh.Tools;

/// <summary>Settings of the Tools service, section "Tools".</summary>
public sealed class ToolsOptions
{
    public const string Section = "Tools";

    /// <summary>Path of tools.yaml, relative to the content root. No default.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>Credentials by the names that tools.yaml refers to. A tool whose secret is missing is listed as unavailable, with this reason.</summary>
    public Dictionary<string, string> Secrets { get; set; } = [];

    /// <summary>Addresses of sources that differ from those in tools.yaml, by the source's name. Their hosts are thereby allowed.</summary>
    public Dictionary<string, Uri> Addresses { get; set; } = [];

    /// <summary>
    /// Hosts that tools may call, besides those that tools.yaml allows. A host written in full may be a private address;
    /// one that matches only a "*.example.com" must be a public one.
    /// </summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Largest arguments of a call as JSON, in bytes. Default 64 KiB, which is also the contract's limit.</summary>
    [Range(1024, 64 * 1024)]
    public int MaxArgumentsBytes { get; set; } = 64 * 1024;

    /// <summary>Largest answer of a business system, in bytes. Default 256 KiB.</summary>
    [Range(1024, 4 * 1024 * 1024)]
    public int MaxResultBytes { get; set; } = 256 * 1024;

    /// <summary>How long a customer may think about a confirmation, in seconds. Default 600.</summary>
    [Range(10, 86_400)]
    public int ConfirmationSeconds { get; set; } = 600;

    /// <summary>How long effects and their results are kept, in days: within it a repeated idempotency key has no second effect. Default 30.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>How long before the caller's deadline a call is given up, in milliseconds, so that the caller still gets a result. Default 100.</summary>
    [Range(0, 5000)]
    public int DeadlineMarginMs { get; set; } = 100;

    /// <summary>How often an OpenAPI document that could not be fetched is tried again, in seconds. Default 10.</summary>
    [Range(1, 3600)]
    public int DocumentRetrySeconds { get; set; } = 10;
}
