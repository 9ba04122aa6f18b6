using System.Collections.Frozen;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Persons' names in English text after words that introduce one.</summary>
internal static class EnglishNames
{
    private static readonly string[] Introductions =
    [
        "my name is", "my name's", "my full name is", "customer name is", "recipient name is", "receiver name is", "name:", "full name:", "first name:", "last name:", "surname:", "customer:", "recipient:", "recipient is", "contact:",
        "contact person:", "ship to", "shipped to", "addressed to", "i am called", "signed by", "cardholder:", "account holder:", "attn:", "attention:", "dear",
    ];

    /// <summary>Ends of letters: the name stands on the next line.</summary>
    private static readonly string[] SignOffs = ["regards,", "sincerely,", "cheers,", "best,", "best wishes,", "thanks,", "thank you,"];

    // "Dear PowderPeak Customer Service": a firm's people, nobody's name.
    private static readonly string[] Roles = ["support", "team", "customer", "service", "sales", "help", "shop", "store"];

    private static readonly string[] Titles = ["mr.", "mr", "mrs.", "mrs", "ms.", "ms", "miss", "dr.", "dr", "prof.", "professor", "sir", "madam", "mister"];

    private static readonly HashSet<string> NotNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "I", "Sir", "Madam", "Team", "Customer", "Support", "Service", "All", "The", "A", "An", "My", "Your", "It", "This", "That", "Not", "On", "In", "At", "Customers", "Manager", "Order", "Hi", "Hello",
        "Please", "Street", "Road", "And", "Or", "But", "For", "You", "We", "He", "She", "They", "Is", "Was", "To", "From", "Re", "Dr", "Mr", "Mrs", "Ms", "Chatgpt", "Ai", "Assistant", "Friend", "Friends",
        "Everyone", "Colleague", "Colleagues", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March", "April", "June", "July", "August", "September",
        "October", "November", "December", "China", "English", "Chinese", "Amazon", "Google", "Apple", "Can", "Could", "Would", "What", "When", "Where", "Why", "How", "If", "So", "Subject", "What's",
    };

    /// <summary>Common given names that are hardly ever anything else; with a second capitalised word they are a person's name.</summary>
    private static readonly FrozenSet<string> GivenNames =
        ("Aaron Abigail Adam Adrian Agnes Ahmed Alan Albert Alejandro Alexander Alexandra Alexis Alfred Alice Alicia Alison Amanda Amelia Amy Ana Andrea Andreas Andrew Angela Anita Ann Anna Anne Annie Anthony Antonio Arthur "
            + "Ashley Barbara Beatrice Benjamin Bernard Betty Beverly Bonnie Bradley Brandon Brenda Brian Bruce Bryan Carl Carla Carlos Carol Caroline Carolyn Catherine Cecilia Charles Charlotte Cheryl Christian Christina Christine "
            + "Christopher Cindy Claire Clara Claudia Craig Crystal Cynthia Daniel Daniela Danielle David Deborah Debra Denise Dennis Derek Diana Diane Diego Dominic Donald Donna Dorothy Douglas Dylan Edith Edward Edwin Eileen "
            + "Elaine Eleanor Elena Elisabeth Elizabeth Ella Ellen Emily Emma Eric Erica Erik Erin Esther Ethan Eugene Eva Evelyn Fatima Felix Fernando Fiona Florence Frances Francesca Francis Francisco Frank Franklin Frederick "
            + "Gabriel Gabriela Gary George Gerald Geraldine Gloria Gordon Gregory Hannah Harold Harry Heather Hector Helen Helena Henry Herbert Howard Hugo Ian Ingrid Irene Isaac Isabel Isabella Ivan Jacob Jacqueline James Jamie "
            + "Janet Janice Jason Jean Jeffrey Jennifer Jeremy Jerome Jessica Jessie Joan Joanna Joanne Joel Johan John Jonathan Jorge Jose Joseph Joshua Joyce Juan Judith Judy Julia Julian Julie Justin Karen Karl Katherine "
            + "Kathleen Kathryn Katie Keith Kelly Kenneth Kevin Kimberly Kristen Kyle Larry Laura Lauren Lawrence Leonard Leslie Liam Linda Lisa Lorraine Louis Louise Lucas Lucia Lucy Luis Luke Manuel Marco Margaret Maria Mariana "
            + "Marie Marilyn Mario Martha Martin Mary Matthew Maurice Megan Melanie Melissa Michael Michelle Miguel Mohamed Mohammed Monica Nancy Natalie Natasha Nathan Nicholas Nicole Noah Nora Norman Oliver Olivia Oscar Pamela "
            + "Patricia Patrick Paul Paula Pedro Peter Philip Phillip Rachel Ralph Raymond Rebecca Ricardo Richard Robert Roberto Roger Ronald Rosemary Roy Russell Ruth Ryan Samantha Samuel Sandra Sarah Scott Sean Sebastian Sergio "
            + "Sharon Sheila Shirley Simon Sofia Sophia Sophie Stefan Stella Stephanie Stephen Steven Stuart Susan Sylvia Tamara Teresa Theodore Theresa Thomas Tiffany Timothy Tina Tracy Valerie Vanessa Veronica Victor Vincent "
            + "Vivian Walter Wayne Wendy William Yvonne Zachary Zoe").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // What makes two capitalised words a place, a firm or a product.
    private static readonly FrozenSet<string> NotFamilyNames =
        "Street St Avenue Ave Road Rd Drive Lane Court Square Park Hospital University College School Airport Bridge Church Inc Ltd Llc Corp Co Company Group Bank Store Shop Day Edition Collection Series Version Pro Max Plus Investments Holdings Partners Consulting Solutions Systems Lodge Bypass"
            .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void Scan(string text, List<Candidate> found)
    {
        foreach (var cue in Introductions)
            After(text, cue, 0.85, found);
        foreach (var title in Titles)
            After(text, title, 0.75, found);
        foreach (var signOff in SignOffs)
            After(text, signOff + "\n", 0.75, found);
        Given(text, found);
    }

    private static void Given(string text, List<Candidate> found)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterUpper(text[i]) || (i > 0 && char.IsLetterOrDigit(text[i - 1])))
                continue;
            var end = i + 1;
            while (end < text.Length && char.IsAsciiLetterLower(text[end]))
                end++;
            if (end + 1 < text.Length && text[end] == ' ' && !text.AsSpan(0, i).EndsWith("San ", StringComparison.Ordinal) && GivenNames.Contains(text[i..end]) && Capitalised(text, i, 3) is { } name && name.End > end
                && !NotFamilyNames.Contains(text[(text.LastIndexOf(' ', name.End - 1) + 1)..name.End]))
            {
                found.Add(new Candidate(PersonalDataCategories.Name, name, 0.7, text[name.Start..name.End]));
                end = name.End;
            }

            i = end - 1;
        }
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
            if (at == word || !char.IsUpper(text[word]) || NotNames.Contains(text[word..at]) || text.AsSpan(word).StartsWith("I'", StringComparison.Ordinal))
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
            if (Capitalised(text, gap, 4) is { } name && !Array.Exists(Roles, r => text.AsSpan(name.End).StartsWith(" " + r, StringComparison.OrdinalIgnoreCase)))
                found.Add(new Candidate(PersonalDataCategories.Name, name, score, text[name.Start..name.End]));
        }
    }
}
