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
internal sealed class CommandReader(UnderstandingInput input, NormalizedText text, IReadOnlyList<Found> found, IReadOnlyList<Clause> clauses, Judgements judgements)
{
    /// <summary>Below it a wish is not acted upon without asking back.</summary>
    private const double Sure = 0.5;

    /// <summary>What interrupts a flow that waits for an answer must be clearer.</summary>
    private const double SureAgainstQuestion = 0.6;

    /// <summary>A clause that starts a second wish without a joining word.</summary>
    private const double SureAlone = 0.7;

    /// <summary>Least probability that the whole text gives to what one clause says.</summary>
    private const double Supported = 0.05;

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

    // ---- answers to what the bot asked

    private void ReadAnswer()
    {
        switch (input.Question.Kind)
        {
            case QuestionKind.Confirmation:
                ReadConfirmation();
                return;
            case QuestionKind.Resume or QuestionKind.HandOver:
                var resume = input.Question.Kind is QuestionKind.Resume;
                if (resume && TalkCues.Drop().IsMatch(Text) || Says(Answer.No) || TalkCues.Cancel().IsMatch(Text))
                    Add(Type.Deny, score: 0.95, at: (0, Text.Length));
                else if (Says(Answer.Yes) || (resume && TalkCues.Resume().IsMatch(Text)))
                    Add(Type.Affirm, score: 0.95, at: (0, Text.Length));
                return;
            case QuestionKind.Flow:
                if (SlotReader.Option(input.Question.Options, Text) is { } chosen)
                    StartFlow(chosen.Option.Value, chosen.Score, chosen.Start, chosen.End);
                return;
            default:
                // 不对 单号是…, while something else was asked: first what was known is put right.
                if (TalkCues.Correction().IsMatch(Text))
                    ReadCorrections();
                if (_commands.Count == 0)
                    ReadAskedSlot();
                if (_commands.Count == 0)
                    ReadCorrections();
                return;
        }
    }

    private void ReadConfirmation()
    {
        var answer = AnswerCues.Read(Text, aboutCancelling: _open is not null && (_open.Title.Zh.Contains("取消", StringComparison.Ordinal) || _open.Title.En.Contains("cancel", StringComparison.OrdinalIgnoreCase)));
        ReadCorrections();
        if (_commands.Count > 0)
            return;
        if (answer is Answer.Yes || (answer is Answer.None && ConfirmsByRepeating()))
            Add(Type.Affirm, score: answer is Answer.Yes ? 0.97 : 0.85, at: (0, Text.Length));
        else if (answer is Answer.Unclear)
            Add(Type.CannotHandle, score: 0.8);
        else if (answer is Answer.No || TalkCues.Cancel().IsMatch(Text) || Best.Label is Labels.Deny or Labels.Cancel && Best.Probability >= 0.7)
            Add(Type.Deny, score: answer is Answer.No ? 0.97 : 0.85, at: (0, Text.Length));
    }

    /// <summary>"好的 帮我取消吧", when that is what was asked: a clear yes first, then nothing but the open flow's own wish.</summary>
    private bool ConfirmsByRepeating()
    {
        if (clauses.Count < 2 || _open is null || AnswerCues.Read(Text[clauses[0].Start..clauses[0].End]) is not Answer.Yes)
            return false;
        for (var i = 1; i < clauses.Count; i++)
        {
            var clause = Text[clauses[i].Start..clauses[i].End];
            var own = _clauses[i][0].Label == Labels.Flow(_open.Name) || AnswerCues.Read(clause) is Answer.Yes;
            if (!own || Questions.Asking().IsMatch(clause) || Questions.Mark().IsMatch(clause) || Hesitation(clause))
                return false;
        }

        return true;
    }

    private static bool Hesitation(string clause) => clause.AsSpan().ContainsAny(Hesitations);

    private void ReadAskedSlot()
    {
        if (_asked is null)
            return;
        if (SlotReader.Option(input.Question.Options, Text) is { } option)
        {
            SetSlot(_asked, new SlotValue(option.Option.Value, option.Start, option.End, option.Score, true));
            return;
        }

        if (SlotReader.Read(_asked, text, found, asked: true) is not { } value || !AnswerWins(value))
            return;
        SetSlot(_asked, value);
    }

    /// <summary>An answer wins over a wish, unless the wish is clear or the answer is only words that were left over.</summary>
    private bool AnswerWins(SlotValue value)
    {
        if (HandOverCues.IsRequest(Text) || TalkCues.Cancel().IsMatch(Text) && value.Certain is false)
            return false;
        var best = Best;
        if (_asked!.Type == SlotType.Boolean || best.Label == FlowLabel || !IsInterruption(best.Label))
            return value.Certain || !IsPlainTalk(best);
        if (value.Certain)
        {
            // "SO2026110001到哪了" asks something else even when a number was asked for; the wish takes the number with it.
            var rest = Text.Length - (value.End - value.Start);
            return best.Probability < 0.85 || !HasWords(0, Text.Length) || rest < 3 || (_asked.Type is SlotType.Choice && !Questions.Asking().IsMatch(Text) && rest < 12);
        }

        return best.Probability < (HasCue(Text) ? SureAgainstQuestion : 0.92);
    }

    private bool IsInterruption(string label) => Labels.IsWish(label) && label != FlowLabel;

    private string FlowLabel => _open is null ? "" : Labels.Flow(_open.Name);

    /// <summary>Thanks, a greeting, a refusal: nothing that anybody would write on an invoice.</summary>
    private static bool IsPlainTalk(IntentScore best) =>
        best.Probability >= 0.6 && (best.Label is Labels.Cancel or Labels.Repeat or Labels.Deny or Labels.HandOver || Labels.ChitChatOf(best.Label) is not null);

    private static bool HasCue(string clause) => Questions.Mark().IsMatch(clause) || Questions.Asking().IsMatch(clause) || TextFeatures.IsWish(clause);

    private bool Says(Answer answer) => AnswerCues.Read(Text) == answer ||
        (Best.Probability >= 0.75 && Best.Label == (answer is Answer.Yes ? Labels.Affirm : Labels.Deny) && AnswerCues.Read(Text) is Answer.None);

    /// <summary>Values that differ from what the open flow holds.</summary>
    private void ReadCorrections()
    {
        if (_open is null || input.FilledSlots.Count == 0)
            return;
        var cue = TalkCues.Correction().IsMatch(Text);
        foreach (var (name, filled) in input.FilledSlots.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name == input.AskedSlot || !input.Catalogue.Slots.TryGetValue(name, out var slot) || slot.Type is SlotType.Text or SlotType.Boolean)
                continue;
            if (_asked is not null && _asked.Type == slot.Type && !cue)
                continue;
            var last = slot.Type is SlotType.Choice ? null : LastOther(slot.Type, filled);
            var value = last ?? SlotReader.Read(slot, text, found, asked: false);
            if (value is not { } given || given.Value == filled || _used.Exists(entity => entity.Start == given.Start))
                continue;
            var interrupts = IsInterruption(Best.Label) && Best.Probability >= SureAgainstQuestion && HasWords(0, Text.Length);
            if (cue ? interrupts && HasCue(Text) : interrupts || slot.Type is SlotType.Choice or SlotType.Number)
                continue;
            Use(given);
            Add(Type.CorrectSlot, name, given.Value, cue ? 0.92 : 0.7, (given.Start, given.End));
        }
    }

    /// <summary>不是 A 是 B: the last value that is not the one already held.</summary>
    private SlotValue? LastOther(SlotType type, string filled)
    {
        for (var i = found.Count - 1; i >= 0; i--)
        {
            if (found[i].Type == type && found[i].Value != filled)
                return new SlotValue(found[i].Value, found[i].Start, found[i].End, found[i].Score, true);
        }

        return null;
    }

    /// <summary>Nothing of weight is left beside the answer.</summary>
    private bool IsWholeAnswer()
    {
        if (_commands.Exists(command => command.Type is Type.Affirm or Type.Deny or Type.CannotHandle))
            return true;
        if (_commands[0].Type is Type.StartFlow)
            return true;
        return clauses.Count < 2 || !Enumerable.Range(0, clauses.Count).Any(i => StandsAlone(i) && !_used.Exists(entity => entity.Start < clauses[i].End && clauses[i].Start < entity.End && !HasCue(ClauseText(i))));
    }

    // ---- wishes

    private IntentScore Best => _whole[0];

    private string ClauseText(int i) => Text[clauses[i].Start..clauses[i].End];

    private (string Label, double Score) LabelOf(int i)
    {
        var clause = ClauseText(i);
        if (HandOverCues.IsRequest(clause))
            return (Labels.HandOver, 0.97);
        var best = _clauses[i][0];
        return best.Label is Labels.HandOver && HandOverCues.IsExcluded(clause) ? (Labels.Knowledge, 0.6) : (best.Label, best.Probability);
    }

    /// <summary>A clause that says by itself what is wanted.</summary>
    private bool StandsAlone(int i)
    {
        var (label, score) = LabelOf(i);
        var joined = clauses[i].Joined || (i + 1 < clauses.Count && clauses[i + 1].Joined);
        if (!Labels.IsWish(label) || score < (joined ? Sure : SureAlone))
            return false;

        // A bare value is no wish beside others, and what the text as a whole shows no sign of was misread.
        return label is Labels.HandOver || (HasWords(clauses[i].Start, clauses[i].End) && (joined || Of(label) >= Supported));
    }

    /// <summary>Words beside the values and their names.</summary>
    private bool HasWords(int start, int end)
    {
        var words = Text.AsSpan(start, end - start).ToArray();
        foreach (var entity in found.Where(entity => entity.Type is not SlotType.Product))
        {
            for (var at = Math.Max(entity.Start, start); at < Math.Min(entity.End, end); at++)
                words[at - start] = ' ';
        }

        return TalkCues.ValueName().Replace(Courtesy.Strip(new string(words)), "").Count(char.IsLetter) >= 2;
    }

    private void ReadWishes()
    {
        var answered = _commands.Count > 0;
        if (TryTalk(answered))
            return;
        var wishes = Wishes();
        if (wishes.Count == 0)
        {
            if (!answered)
                ReadWhole();
            return;
        }

        foreach (var (label, score, start, end) in wishes)
        {
            if (answered && label == FlowLabel)
                continue;
            AddWish(label, score, start, end);
        }
    }

    /// <summary>Two or more clauses that each want something of their own; empty when the text is one wish.</summary>
    private List<(string Label, double Score, int Start, int End)> Wishes()
    {
        var wishes = new List<(string Label, double Score, int Start, int End)>();
        var joined = false;
        var pending = 0;
        for (var i = 0; i < clauses.Count; i++)
        {
            if (!StandsAlone(i))
                continue;
            var (label, score) = LabelOf(i);
            joined |= clauses[i].Joined && wishes.Count > 0;
            // What stands before a clause and says nothing by itself belongs to it: "我那个耳机 坏了 要退".
            var start = wishes.Count == 0 ? pending : clauses[i].Start;
            if (wishes.Count > 0 && wishes[^1].Label == label && (label is not Labels.Knowledge || !(clauses[i].Joined || (Asks(wishes[^1].Start, wishes[^1].End) && Asks(clauses[i].Start, clauses[i].End)))))
                wishes[^1] = wishes[^1] with { End = clauses[i].End, Score = Math.Max(score, wishes[^1].Score) };
            else
                wishes.Add((label, score, start, clauses[i].End));
        }

        if (wishes.Count < 2)
            return _commands.Count > 0 ? wishes : [];

        // The first clause is often only the story behind the second: then the whole text is of one mind.
        if (!joined && wishes.Count > 2)
            return [];
        return joined || Best.Probability < 0.8 || wishes.Exists(wish => wish.Label == Labels.HandOver) || _commands.Count > 0 ? wishes : [];
    }

    private bool Asks(int start, int end) => Questions.Asking().IsMatch(Text[start..end]) || Questions.Mark().IsMatch(Text[start..end]);

    /// <summary>The text as one wish.</summary>
    private void ReadWhole()
    {
        var (label, score) = (Best.Label, Best.Probability);
        if (HandOverCues.IsRequest(Text))
            (label, score) = (Labels.HandOver, 0.97);
        else if (label is Labels.HandOver && HandOverCues.IsExcluded(Text))
            (label, score) = (Labels.Knowledge, 0.7);

        // A long story with one clear request in it: the request counts.
        if (clauses.Count > 1 && score < SureAlone)
        {
            var clearest = Enumerable.Range(0, clauses.Count).Where(StandsAlone).Select(LabelOf).Where(clause => clause.Label is Labels.HandOver || Of(clause.Label) >= 0.15).OrderByDescending(clause => clause.Score).FirstOrDefault();
            if (clearest.Label is not null && clearest.Score > score)
                (label, score) = clearest;
        }

        // Starting the wrong flow costs the customer more than an answer too many.
        if (Labels.FlowOf(label) is not null && score < SureAgainstQuestion && Of(Labels.Knowledge) >= 0.25 && Asks(0, Text.Length))
            (label, score) = (Labels.Knowledge, Of(Labels.Knowledge) + (score / 2));
        if (Elliptic(label, score))
            return;
        var sure = _asked is not null || input.Question.Kind is QuestionKind.Confirmation ? SureAgainstQuestion : Sure;
        if (Labels.IsWish(label) && score < sure && !TryClarify())
            return;
        if (_commands.Count == 0)
            AddWish(label, score, 0, Text.Length);
    }

    private void AddWish(string label, double score, int start, int end)
    {
        if (Labels.FlowOf(label) is { } flow)
            StartFlow(flow, score, start, end);
        else if (label is Labels.Knowledge)
            Add(Type.AskKnowledge, value: text.Slice(start, end), score: score, at: (start, end));
        else if (label is Labels.HandOver)
            Add(Type.HandOver, score: score, at: (start, end));
        else if (label is Labels.Repeat && score >= Sure)
            Add(Type.Repeat, score: score, at: (start, end));
        else if (label is Labels.Cancel && score >= Sure)
            Cancel(score);
        else if (label is Labels.Affirm or Labels.Deny && score >= Sure && input.Question.Kind is not QuestionKind.Confirmation)
            Add(label is Labels.Affirm ? Type.Affirm : Type.Deny, score: score, at: (start, end));
        else if (Labels.ChitChatOf(label) is { } kind && score >= Sure)
            Add(Type.ChitChat, kind, score: score, at: (start, end));
        else if (label is Labels.OutOfScope or Labels.Unclear && score >= Sure)
            Add(Type.CannotHandle, score: score);
    }

    /// <summary>Cancel, resume, yes and no, by fixed turns of phrase.</summary>
    private bool TryTalk(bool answered)
    {
        if (answered)
            return false;
        if (TalkCues.Cancel().IsMatch(Text))
        {
            Cancel(0.93);
            return true;
        }

        if (input.FlowStack.Count > 1 || input.Question.Kind is QuestionKind.Resume)
        {
            var outer = input.FlowStack.Count > 1 ? input.FlowStack[^2] : input.OpenFlow ?? "";
            if (TalkCues.Drop().IsMatch(Text))
                Add(Type.ResumeFlow, outer, "false", 0.85, (0, Text.Length));
            else if (TalkCues.Resume().IsMatch(Text))
                Add(Type.ResumeFlow, outer, "true", 0.85, (0, Text.Length));
            if (_commands.Count > 0)
                return true;
        }

        if (input.Question.Kind is QuestionKind.Confirmation)
            return false;
        var answer = AnswerCues.Read(Text);
        if (answer is Answer.Yes or Answer.No)
            Add(answer is Answer.Yes ? Type.Affirm : Type.Deny, score: 0.9, at: (0, Text.Length));
        return _commands.Count > 0;
    }

    private void Cancel(double score)
    {
        if (input.Question.Kind is QuestionKind.Confirmation or QuestionKind.Resume or QuestionKind.HandOver)
            Add(Type.Deny, score: score, at: (0, Text.Length));
        else if (input.OpenFlow is { } open)
            Add(Type.CancelFlow, open, score: score, at: (0, Text.Length));
        else
            Add(Type.ChitChat, ChitChat.Bye, score: 0.6, at: (0, Text.Length));
    }

    /// <summary>那SO2026110002呢 repeats the previous wish with another value; 那运费呢 asks about the previous subject.</summary>
    private bool Elliptic(string label, double score)
    {
        if (Text.Length > 20 || !TalkCues.Elliptic().IsMatch(Text) || judgements.Previous is not { } previous || (score >= 0.85 && Labels.FlowOf(label) is not null))
            return false;
        var before = previous[0];
        if (found.Any(entity => entity.Type is SlotType.OrderId or SlotType.Product) && Labels.FlowOf(before.Label) is { } flow && before.Probability >= Sure)
        {
            StartFlow(flow, 0.8 * before.Probability, 0, Text.Length);
            return true;
        }

        if (Labels.FlowOf(label) is not null && score >= Sure || Labels.ChitChatOf(label) is not null && score >= SureAlone || !Labels.IsWish(before.Label))
            return false;
        Add(Type.AskKnowledge, value: $"{input.RecentCustomerTexts[^1].Trim()} {text.Slice(0, Text.Length)}", score: Math.Max(0.6, score), at: (0, Text.Length));
        return true;
    }

    /// <summary>Two flows that are about as likely: ask which. True when nothing was asked and the caller may go on.</summary>
    private bool TryClarify()
    {
        var flows = _whole.Where(score => Labels.FlowOf(score.Label) is not null).Take(2).ToArray();
        var best = Best;
        if (flows.Length == 2 && flows[0].Label == best.Label && flows[0].Probability + flows[1].Probability >= 0.5 && flows[1].Probability >= 0.15)
        {
            var clarify = Make(Type.Clarify, score: flows[0].Probability + flows[1].Probability, at: (0, Text.Length));
            clarify.Options.AddRange(flows.Select(flow => Labels.FlowOf(flow.Label)!));
            _commands.Add(clarify);
            return true;
        }

        return false;
    }

    private Command Fallback()
    {
        // What fits no flow may still have its answer in the documents; the search itself says when it has none. While the bot waits for an answer, only a question is one.
        var strange = _whole.Where(score => score.Label is Labels.OutOfScope or Labels.Unclear || Labels.ChitChatOf(score.Label) is not null).Sum(score => score.Probability);
        var asks = Questions.Asking().IsMatch(Text) || Questions.Mark().IsMatch(Text);
        var waiting = input.Question.Kind is not QuestionKind.None || _asked is not null;
        return strange < 0.5 && judgements.Familiarity >= 0.1 && Text.Count(char.IsLetterOrDigit) >= 4 && (asks || !waiting)
            ? Make(Type.AskKnowledge, value: text.Slice(0, Text.Length), score: Math.Max(0.3, Of(Labels.Knowledge)), at: (0, Text.Length))
            : Make(Type.CannotHandle, score: Math.Max(0.5, strange));
    }

    private double Of(string label) => _whole.FirstOrDefault(score => score.Label == label).Probability;

    // ---- making commands

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
