using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Intents;
using Type = Mesh.Dialog.V1.Command.Types.Type;

namespace Mesh.Dialog.Understanding.Reading;

/// <summary>Answers to what the bot asked: yes and no, options, values of slots, corrections.</summary>
internal sealed partial class CommandReader
{
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
}
