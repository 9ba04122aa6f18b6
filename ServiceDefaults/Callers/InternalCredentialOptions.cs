using System.ComponentModel.DataAnnotations;

namespace Mesh.ServiceDefaults.Callers;

/// <summary>What the services of one mesh prove to each other. Section "Mesh:Internal".</summary>
public sealed class InternalCredentialOptions
{
    public const string Section = "Mesh:Internal";

    /// <summary>Shared secret, 32 to 256 characters. AppHost makes one; elsewhere it comes from a secret store. There is no default: without it nobody is let in.</summary>
    [Required, StringLength(256, MinimumLength = 32)]
    public string Key { get; set; } = "";
}
