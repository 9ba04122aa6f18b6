using System.Text.RegularExpressions;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Street addresses as they are written in English: number, name, kind of street, then unit, place and code.</summary>
internal static class EnglishAddress
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Street = new(
        @"\b[0-9]{1,6}[A-Za-z]? (?:[NSEW]\.? )?(?:[A-Z][A-Za-z'.-]{1,24} |[0-9]{1,3}(?:st|nd|rd|th) ){1,4}"
        + @"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Circle|Cir|Way|Place|Pl|Square|Sq|Terrace|Trail|Parkway|Pkwy|Highway|Hwy|Crescent|Close|Alley|Row)\b\.?"
        + @"(?:,? ?\n? ?(?:Apt|Apartment|Suite|Ste|Unit|Floor|Room|#)\.? ?#?[0-9A-Za-z-]{1,6})?"
        + @"(?:[,\n ]{1,3}[A-Z][A-Za-z.'-]{1,24}(?: [A-Z][A-Za-z.'-]{1,24}){0,2})?(?:[,\n ]{1,3}[A-Z]{2})?(?:[,\n ]{1,3}[0-9]{4,5}(?:-[0-9]{4})?)?",
        Linear);

    private static readonly Regex Unit = new(
        @"\b[0-9]{1,6},? (?:[\p{L}\p{M}0-9'.∆/-]{1,24} ){1,6}[\p{L}\p{M}0-9'.∆/-]{0,24},?\n? ?(?:Apt|Apartment|Suite|Ste|Unit)\b\.? ?#?[0-9A-Za-z-]{1,6}"
        + @"(?:[,\n ]{1,4}[\p{Lu}][\p{L}.'-]{1,24}(?: [\p{Lu}][\p{L}.'-]{1,24}){0,2})?(?:[,\n ]{1,4}[A-Z]{2}\b)?(?:[,\n ]{1,3}[0-9]{4,5}(?:-[0-9]{4})?\b)?",
        Linear);

    private static readonly Regex Box = new(
        @"\b(?:P\.? ?O\.? Box|PSC|Unit) [0-9]{1,6}(?:,? (?:P\.? ?O\.? )?Box [0-9]{1,6})?(?:[,\n ]{1,3}[A-Z][A-Za-z]{1,24}(?: [A-Z]{2})?)?(?:[,\n ]{1,3}[A-Z]{2} [0-9]{5})?", Linear);

    public static void Scan(string text, List<Candidate> found)
    {
        foreach (var regex in (ReadOnlySpan<Regex>)[Street, Unit, Box])
        {
            foreach (var match in regex.EnumerateMatches(text))
            {
                var value = text.AsSpan(match.Index, match.Length).TrimEnd(" ,\n").ToString();
                found.Add(new Candidate(PersonalDataCategories.StreetAddress, new TextRange(match.Index, match.Index + value.Length), 0.8, value));
            }
        }
    }
}
