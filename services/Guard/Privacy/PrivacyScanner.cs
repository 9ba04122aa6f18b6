using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Finds personal data in a text: every scanner over one normalised view, then one winner for each place.</summary>
internal sealed class PrivacyScanner(TimeProvider time)
{
    private readonly NumberScanner _numbers = new(time);
    private readonly CodeScanner _codes = new(time);

    /// <summary>Findings in order, not overlapping, spans in the original text.</summary>
    /// <param name="text">The text in its normalised forms.</param>
    /// <param name="identifiers">Ranges of the plain view that are the company's own identifiers (order numbers) and nobody's data.</param>
    public IReadOnlyList<PersonalData> Scan(NormalizedText text, IReadOnlyList<TextRange> identifiers)
    {
        var plain = text.Plain.Text;
        var candidates = new List<Candidate>();
        _numbers.Scan(plain, candidates);
        _codes.Scan(plain, candidates);
        ChineseNames.Scan(plain, candidates);
        EnglishNames.Scan(plain, candidates);
        ChineseAddress.Scan(plain, candidates);
        EnglishAddress.Scan(plain, candidates);
        if (candidates.Count == 0)
            return [];
        for (var i = candidates.Count - 1; i >= 0; i--)
        {
            if (candidates[i].Category is PersonalDataCategories.MobilePhone or PersonalDataCategories.Address)
                ChineseNames.Beside(plain, candidates[i].Range, candidates);
        }

        candidates.RemoveAll(c => Overlaps(identifiers, c.Range) || plain.AsSpan(c.Range.Start, c.Range.Length).Contains(NormalizedText.Mask));

        // Surer first, then longer: an identity card wins over the bank card that its digits also make.
        candidates.Sort((a, b) => a.Range.Start != b.Range.Start ? a.Range.Start.CompareTo(b.Range.Start) : Rank(b).CompareTo(Rank(a)));
        var chosen = new List<Candidate>();
        foreach (var candidate in candidates)
        {
            if (chosen.Count == 0 || !chosen[^1].Range.Overlaps(candidate.Range))
                chosen.Add(candidate);
            else if (Rank(candidate) > Rank(chosen[^1]))
                chosen[^1] = candidate;
        }

        var result = new List<PersonalData>(chosen.Count);
        foreach (var c in chosen)
        {
            var span = text.FromPlain(c.Range.Start, c.Range.End);
            result.Add(new PersonalData(c.Category, span, c.Score, c.Canonical));
        }

        return result;
    }

    private static double Rank(Candidate c) => c.Score + (Math.Min(c.Range.Length, 60) / 200.0);

    private static bool Overlaps(IReadOnlyList<TextRange> sorted, TextRange range)
    {
        var (low, high) = (0, sorted.Count - 1);
        while (low <= high)
        {
            var mid = (low + high) / 2;
            if (sorted[mid].Overlaps(range))
                return true;
            if (sorted[mid].End <= range.Start)
                low = mid + 1;
            else
                high = mid - 1;
        }

        return false;
    }
}
