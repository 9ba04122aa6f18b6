using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Intents;
using Mesh.Dialog.V1;
using Type = Mesh.Dialog.V1.Command.Types.Type;

namespace Mesh.Dialog.Understanding.Reading;

/// <summary>What the customer wants of their own accord: one wish, or several in one text.</summary>
internal sealed partial class CommandReader
{
    private IntentScore Best => _whole[0];

    private string ClauseText(int i) => Text[clauses[i].Start..clauses[i].End];

    private (string Label, double Score) LabelOf(int i)
    {
        var clause = ClauseText(i);
        if (HandOverCues.IsRequest(clause))
            return (Labels.HandOver, 0.97);
        return Resolve(_clauses[i], clauses[i].Start, clauses[i].End);
    }

    /// <summary>The most probable class, put right by what the classifier cannot see.</summary>
    private (string Label, double Score) Resolve(IReadOnlyList<IntentScore> scores, int start, int end)
    {
        var best = scores[0];
        var words = Text[start..end];
        if ((best.Label is Labels.HandOver && HandOverCues.IsExcluded(words)) ||
            (best.Label is Labels.OutOfScope or Labels.Unclear && HandOverCues.IsAboutService(words) && Asks(start, end)))
        {
            return (Labels.Knowledge, 0.7);
        }

        // In a clause of several, somebody being mentioned is not yet somebody being called.
        if (best.Label is Labels.HandOver && end - start < Text.Length && best.Probability < 0.9)
            best = scores.FirstOrDefault(score => score.Label is not Labels.HandOver);

        // A question about one order is for the order, not for the documents.
        if (best.Label is Labels.Knowledge && found.Any(entity => entity.Type is SlotType.OrderId && entity.Start >= start && entity.End <= end))
        {
            var about = scores.FirstOrDefault(score => Labels.FlowOf(score.Label) is { } flow && TakesOrder(flow));
            if (about.Label is not null && about.Probability >= 0.5 * (1 - best.Probability))
                return (about.Label, Math.Max(Sure, 0.5 + (about.Probability / 2)));
        }

        return (best.Label, best.Probability);
    }

    private bool TakesOrder(string flow) => input.Catalogue.Flows.TryGetValue(flow, out var definition) &&
        definition.CollectedSlots.Any(slot => input.Catalogue.Slots.TryGetValue(slot, out var collected) && collected.Type == SlotType.OrderId);

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
            // Beside an answer only what asks or wishes is more than part of the answer.
            if (!StandsAlone(i) || (_commands.Count > 0 && !clauses[i].Joined && !HasCue(ClauseText(i))))
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
        var (label, score) = HandOverCues.IsRequest(Text) ? (Labels.HandOver, 0.97) : Resolve(_whole, 0, Text.Length);

        // A long story, or an angry one, with one clear request in it: the request counts.
        if (clauses.Count > 1 && !Labels.IsWish(label))
        {
            var request = Enumerable.Range(0, clauses.Count).Select(LabelOf).Where(clause => Labels.IsWish(clause.Label) && clause.Score >= SureAlone).OrderByDescending(clause => clause.Score).FirstOrDefault();
            if (request.Label is not null)
                (label, score) = request;
        }
        else if (clauses.Count > 1 && score < SureAlone)
        {
            var clearest = Enumerable.Range(0, clauses.Count).Where(StandsAlone).Select(LabelOf).Where(clause => clause.Label is Labels.HandOver || Of(clause.Label) >= 0.15).OrderByDescending(clause => clause.Score).FirstOrDefault();
            if (clearest.Label is not null && clearest.Score > score)
                (label, score) = clearest;
        }

        // A real question refused costs more than a search for nothing.
        if (label is Labels.OutOfScope or Labels.Unclear && score < 0.65 && Of(Labels.Knowledge) >= 0.15 && Asks(0, Text.Length))
            (label, score) = (Labels.Knowledge, Sure);

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
        if (answer is Answer.Yes && _open is null && input.Question.Kind is QuestionKind.None && TalkCues.Thanks().IsMatch(Text))
            Add(Type.ChitChat, ChitChat.Thanks, score: 0.9, at: (0, Text.Length));
        else if (answer is Answer.Yes or Answer.No)
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
}
