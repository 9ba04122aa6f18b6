using System.ComponentModel.DataAnnotations;

namespace Mesh.Guard;

/// <summary>Section "Guard".</summary>
internal sealed class GuardOptions : IValidatableObject
{
    public const string Section = "Guard";

    /// <summary>Path of guard.yaml; empty: the built-in rules alone.</summary>
    public string RulesFile { get; set; } = "";

    /// <summary>Longest text of one check, in characters. Default 65,536, as the contract says.</summary>
    [Range(256, 1_048_576)]
    public int MaxTextChars { get; set; } = 65_536;

    /// <summary>All texts of one request together, in characters. Default 1,048,576.</summary>
    [Range(65_536, 4_194_304)]
    public int MaxRequestChars { get; set; } = 1_048_576;

    /// <summary>A secret of at least 32 random characters from which pseudonyms are made and their values encrypted; empty: one is created in the data directory.</summary>
    public string PseudonymKey { get; set; } = "";

    /// <summary>Minutes by which the zone in which answers tell times is ahead of UTC, in which tool results may give them. Default 480 (China).</summary>
    [Range(-720, 840)]
    public int UtcOffsetMinutes { get; set; } = 480;

    /// <summary>Words (or Chinese characters) in a row that an answer may share with a confidential text. Default 12.</summary>
    [Range(6, 64)]
    public int MaxSharedWords { get; set; } = 12;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RulesFile.Length > 0 && !File.Exists(RulesFile))
            yield return new ValidationResult($"{nameof(RulesFile)} names a file that is not there: {RulesFile}", [nameof(RulesFile)]);
        if (PseudonymKey.Length is > 0 and < 32)
            yield return new ValidationResult($"{nameof(PseudonymKey)} must have at least 32 characters", [nameof(PseudonymKey)]);
    }
}
