using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Persons' names in English text after words that introduce one.</summary>
internal static class EnglishNames
{
    private static readonly string[] Introductions =
    [
        "my name is", "my name's", "my full name is", "name is", "name:", "full name:", "first name:", "last name:", "surname:", "customer:", "recipient:", "recipient is", "contact:",
        "contact person:", "ship to", "shipped to", "addressed to", "i am called", "signed by", "cardholder:", "account holder:", "attn:", "attention:", "dear", "regards,", "sincerely,", "cheers,", "best,", "thanks,",
    ];

    private static readonly string[] Titles = ["mr.", "mr", "mrs.", "mrs", "ms.", "ms", "miss", "dr.", "dr", "prof.", "professor", "sir", "madam", "mister"];

    private static readonly HashSet<string> NotNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "I", "Sir", "Madam", "Team", "Customer", "Support", "Service", "All", "The", "A", "An", "My", "Your", "It", "This", "That", "Not", "On", "In", "At", "Customers", "Manager", "Order", "Hi", "Hello",
        "Please", "Street", "Road", "And", "Or", "But", "For", "You", "We", "He", "She", "They", "Is", "Was", "To", "From", "Re", "Dr", "Mr", "Mrs", "Ms", "Chatgpt", "Ai", "Assistant", "Friend", "Friends",
        "Everyone", "Colleague", "Colleagues", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March", "April", "June", "July", "August", "September",
        "October", "November", "December", "China", "English", "Chinese", "Amazon", "Google", "Apple", "Can", "Could", "Would", "What", "When", "Where", "Why", "How", "If", "So", "Subject", "What's",
    };

    public static void Scan(string text, List<Candidate> found)
    {
        foreach (var cue in Introductions)
            After(text, cue, 0.85, found);
        foreach (var title in Titles)
            After(text, title, 0.75, found);
    }

    /// <summary>Up to <paramref name="max"/> capitalised words from <paramref name="start"/> on, or null.</summary>
    public static TextRange? Capitalised(string text, int start, int max)
    {
        var end = start;
        var at = start;
        for (var words = 0; words < max; words++)
        {
            var word = at;
            while (at < text.Length && (char.IsLetter(text[at]) && !CharFolding.IsHan(text[at]) || (text[at] is '\'' or '-' && at > word)))
                at++;
            if (at == word || !char.IsUpper(text[word]) || NotNames.Contains(text[word..at]))
                break;
            // An initial ("D.") belongs to the name, its dot too.
            if (at - word == 1 && at < text.Length && text[at] == '.')
                at++;
            else if (at - word == 1)
                break;
            end = at;
            if (at >= text.Length || text[at] != ' ')
                break;
            at++;
        }

        return end - start >= 2 ? new TextRange(start, end) : null;
    }

    private static void After(string text, string cue, double score, List<Candidate> found)
    {
        for (var at = text.IndexOf(cue, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(cue, at + cue.Length, StringComparison.OrdinalIgnoreCase))
        {
            if (at > 0 && char.IsLetterOrDigit(text[at - 1]))
                continue;
            var start = at + cue.Length;
            var gap = start;
            while (gap < text.Length && text[gap] is ' ' or '\n' && gap - start < 3)
                gap++;
            if (gap == start && char.IsLetter(cue[^1]))
                continue;
            if (Capitalised(text, gap, 4) is { } name)
                found.Add(new Candidate(PersonalDataCategories.Name, name, score, text[name.Start..name.End]));
        }
    }
}
