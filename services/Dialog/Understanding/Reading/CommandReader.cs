using System.Buffers;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Entities;
using Mesh.Dialog.Understanding.Intents;
using Mesh.Dialog.Understanding.Text;
using Mesh.Dialog.V1;
using Type = Mesh.Dialog.V1.Command.Types.Type;

namespace Mesh.Dialog.Understanding.Reading;

/// <summary>What the classifier says of the whole text, of each clause, and of the customer's previous text.</summary>
/// <param name="Familiarity">Share of the whole text's words and characters that any example has.</param>
internal sealed record Judgements(
    IReadOnlyList<IntentScore> Whole, IReadOnlyList<IReadOnlyList<IntentScore>> Clauses, IReadOnlyList<IntentScore>? Previous, double Familiarity);

/// <summary>Turns what was found in a text into commands, by what the conversation is waiting for. Pure: the same input gives the same commands.</summary>
internal sealed partial class CommandReader(UnderstandingInput input, NormalizedText text, IReadOnlyList<Found> found, IReadOnlyList<Clause> clauses, Judgements judgements)
{
    /// <summary>Below it a wish is not acted upon without asking back.</summary>
    private const double Sure = 0.5;

    /// <summary>What interrupts a flow that waits for an answer must be clearer.</summary>
    private const double SureAgainstQuestion = 0.6;

    /// <summary>A clause that starts a second wish without a joining word.</summary>
    private const double SureAlone = 0.7;

    /// <summary>Least probability that the whole text gives to what one clause says.</summary>
    private const double Supported = 0.12;

    private const int MaxCommands = 8;

    private static readonly SearchValues<char> Hesitations = SearchValues.Create("不别没先等但过");

    private readonly List<Command> _commands = [];
    private readonly List<Found> _used = [];
    private readonly FlowDefinition? _open = input.OpenFlow is { } name && input.Catalogue.Flows.TryGetValue(name, out var flow) ? flow : null;
    private readonly SlotDefinition? _asked = input.AskedSlot is { } slot && input.Catalogue.Slots.TryGetValue(slot, out var definition) ? definition : null;

    private readonly IReadOnlyList<IntentScore> _whole = Possible(judgements.Whole, text.Text, input);
    private readonly IReadOnlyList<IntentScore>[] _clauses =
        [.. clauses.Select((clause, i) => Possible(judgements.Clauses[i], text.Text[clause.Start..clause.End], input))];

    private string Text => text.Text;

    public IReadOnlyList<Command> Read()
    {
        if (!Text.Any(char.IsLetterOrDigit))
            return [Make(Type.CannotHandle, score: 0.9)];

        ReadAnswer();
        if (_commands.Count == 0 || !IsWholeAnswer())
            ReadWishes();
        if (_commands.Count == 0)
            _commands.Add(Fallback());
        return _commands.Count > MaxCommands ? _commands[..MaxCommands] : _commands;
    }

    /// <summary>Without the classes that cannot be meant here: nothing is cancelled where nothing is going on, and nobody asks for a person without naming one, and yes or no is short.</summary>
    private static IReadOnlyList<IntentScore> Possible(IReadOnlyList<IntentScore> scores, string text, UnderstandingInput input)
    {
        var nothingOpen = input.OpenFlow is null && input.Question.Kind is QuestionKind.None;
        var nobody = !HandOverCues.NamesPerson(text);
        var wordy = text.Count(NormalizedText.IsHan) > 9 || text.Count(c => c == ' ') > 4;
        var kept = scores.Where(score => score.Label switch
        {
            Labels.Cancel => !nothingOpen,
            Labels.HandOver => !nobody,
            Labels.Affirm or Labels.Deny or Labels.Repeat => !wordy,
            _ => true,
        }).ToArray();
        if (kept.Length == scores.Count)
            return scores;
        var sum = kept.Sum(score => score.Probability);

        // Where little else is left, the rest is no better known than before.
        return sum > 0.2 ? [.. kept.Select(score => score with { Probability = score.Probability / sum })] : kept;
    }

    private void StartFlow(string name, double score, int start, int end)
    {
        Add(Type.StartFlow, name, score: score, at: (start, end));
        if (!input.Catalogue.Flows.TryGetValue(name, out var flow))
            return;
        var slots = flow.CollectedSlots.Distinct(StringComparer.Ordinal).Where(input.Catalogue.Slots.ContainsKey).Select(slot => input.Catalogue.Slots[slot]).ToArray();
        foreach (var slot in slots)
        {
            // Two slots of one type: which of them a value belongs to cannot be told.
            if (slot.Type is SlotType.Number or SlotType.Boolean || (slot.Type is not SlotType.Choice and not SlotType.Text && slots.Count(other => other.Type == slot.Type) > 1))
                continue;
            if (SlotReader.Read(slot, text, found, asked: false) is { } value && !_used.Exists(entity => entity.Start == value.Start && entity.Type == slot.Type))
                SetSlot(slot, value);
        }
    }

    private void SetSlot(SlotDefinition slot, SlotValue value)
    {
        Use(value, slot.Type);
        Add(Type.SetSlot, slot.Name, value.Value, value.Score, (value.Start, value.End));
    }

    private void Use(SlotValue value, SlotType type = SlotType.Text) => _used.Add(new Found(type, value.Value, value.Start, value.End, value.Score));

    private void Add(Type type, string name = "", string value = "", double score = 1, (int Start, int End)? at = null) => _commands.Add(Make(type, name, value, score, at));

    private Command Make(Type type, string name = "", string value = "", double score = 1, (int Start, int End)? at = null)
    {
        var command = new Command { Type = type, Name = name, Value = value, Score = Math.Clamp(Math.Round(score, 3), 0, 1) };
        if (at is { } span && span.End > span.Start)
            command.Spans.Add(text.Span(span.Start, span.End));
        return command;
    }
}
