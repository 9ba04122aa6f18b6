using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

internal enum ClaimKind
{
    Number,
    Amount,
    Percent,
    Date,
    Time,
    Url,
    /// <summary>Seven digits or more: phones, references.</summary>
    Digits,
    /// <summary>138****0001.</summary>
    Masked,
    /// <summary>Letters and digits: SF1234567890.</summary>
    Code,
}

/// <summary>Something an answer states that must stand in what it rests on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Range">In the plain view.</param>
/// <param name="Text">Normalised: digits, lower-case URL or code.</param>
/// <param name="Value">Number as written; minutes of the day for a time; yyyymmdd for a date, with yyyy 0 where no year is said.</param>
/// <param name="Unit">The number's unit, or null.</param>
internal readonly record struct Claim(ClaimKind Kind, TextRange Range, string Text, decimal Value, Unit? Unit)
{
    /// <summary>The verdict's category.</summary>
    public string Category => Kind switch
    {
        ClaimKind.Number => "number",
        ClaimKind.Amount => "amount",
        ClaimKind.Percent => "percent",
        ClaimKind.Date => "date",
        ClaimKind.Time => "time",
        ClaimKind.Url => "url",
        ClaimKind.Digits or ClaimKind.Masked => "long_number",
        _ => "code",
    };
}
