using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Mesh.Dialog.Tests.Understanding;

/// <summary>Lines of one file of held-out utterances, with what they are to be understood as.</summary>
internal sealed class Utterances
{
    public sealed class Group
    {
        public Context? Context { get; set; }
        public List<string> Expect { get; set; } = [];
        public List<string> Texts { get; set; } = [];
    }

    public sealed class Context
    {
        public string? Flow { get; set; }
        public string? Asked { get; set; }
        public string? Question { get; set; }
        public List<string> Options { get; set; } = [];
        public List<string> Stack { get; set; } = [];
        public Dictionary<string, string> Filled { get; set; } = [];
        public string? Previous { get; set; }
    }

    public static IEnumerable<(UnderstandingInput Input, IReadOnlyList<string> Expected)> Read(string path, FlowCatalogue catalogue)
    {
        var groups = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<List<Group>>(File.ReadAllText(path));
        return groups.SelectMany(group => group.Texts.Select(text => (InputOf(text, group.Context ?? new Context(), catalogue), (IReadOnlyList<string>)group.Expect)));
    }

    /// <summary>Whether commands are those expected: the same wishes in the same order, the same slots in any order.</summary>
    public static bool Matches(IReadOnlyList<string> expected, IReadOnlyList<Command> actual)
    {
        var wishes = expected.Where(key => !IsSlot(key));
        var slots = expected.Where(IsSlot).Order(StringComparer.Ordinal).ToArray();
        var keys = actual.Select(Key).ToArray();
        var given = keys.Where(IsSlot).Order(StringComparer.Ordinal).ToArray();
        return wishes.SequenceEqual(keys.Where(key => !IsSlot(key))) && slots.Length == given.Length &&
            slots.Zip(given).All(pair => pair.First == pair.Second || (!pair.First.Contains('=', StringComparison.Ordinal) && pair.Second.StartsWith(pair.First + "=", StringComparison.Ordinal)));
    }

    public static string Key(Command command) => command.Type switch
    {
        Command.Types.Type.SetSlot => $"set_slot {command.Name}={command.Value}",
        Command.Types.Type.CorrectSlot => $"correct_slot {command.Name}={command.Value}",
        Command.Types.Type.StartFlow => $"start_flow {command.Name}",
        Command.Types.Type.CancelFlow => $"cancel_flow {command.Name}",
        Command.Types.Type.ChitChat => $"chit_chat {command.Name}",
        Command.Types.Type.Clarify => $"clarify {string.Join('|', command.Options)}",
        Command.Types.Type.AskKnowledge => "ask_knowledge",
        Command.Types.Type.HandOver => "hand_over",
        Command.Types.Type.Affirm => "affirm",
        Command.Types.Type.Deny => "deny",
        Command.Types.Type.Repeat => "repeat",
        Command.Types.Type.ResumeFlow => $"resume_flow {command.Value}",
        _ => "cannot_handle",
    };

    private static bool IsSlot(string key) => key.StartsWith("set_slot", StringComparison.Ordinal) || key.StartsWith("correct_slot", StringComparison.Ordinal);

    private static UnderstandingInput InputOf(string text, Context context, FlowCatalogue catalogue) => new()
    {
        Text = text,
        Catalogue = catalogue,
        OpenFlow = context.Flow,
        AskedSlot = context.Asked,
        FlowStack = context.Stack.Count > 0 ? context.Stack : context.Flow is null ? [] : [context.Flow],
        FilledSlots = context.Filled,
        RecentCustomerTexts = context.Previous is null ? [] : [context.Previous],
        Today = new DateOnly(2026, 11, 25),
        Question = context.Question is null
            ? OpenQuestion.None
            : new OpenQuestion(
                Enum.Parse<QuestionKind>(context.Question.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
                [.. context.Options.Select(option => new QuestionOption(option, Title(option, catalogue), Title(option, catalogue)))]),
    };

    private static string Title(string option, FlowCatalogue catalogue) => catalogue.Flows.TryGetValue(option, out var flow) ? flow.Title.Zh : option;
}
