using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Turns;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;
using CommandType = Mesh.Dialog.V1.Command.Types.Type;

namespace Mesh.Dialog.Policy;

/// <summary>
/// From commands and state to what happens next: answers to open questions first, then what was taken back, then values, then new wishes, then questions and small talk.
/// A question that was open is asked again when the turn only spoke of something else.
/// </summary>
internal sealed class DialogPolicy(FlowCatalogue catalogue, FlowRunner flows, KnowledgeAnswers knowledge, HandOverDesk desk, Confirmations confirmations)
{
    /// <summary>Open flows; beyond that the oldest is given up.</summary>
    private const int MaxDepth = 5;

    /// <summary>Acts on a customer's text.</summary>
    public async Task DecideAsync(Turn turn, UnderstandingResult understood)
    {
        var commands = understood.Commands;
        var open = turn.State.Question;
        if (commands.Any(command => command.Type == CommandType.HandOver))
        {
            await desk.RequestAsync(turn, "customer_asked");
            return;
        }

        if (turn.State.Owner == Owner.Waiting)
        {
            await WhileWaitingAsync(turn, commands, open);
            return;
        }

        if (await flows.CatchUpAsync(turn) && understood.Commands.All(command => command.Type is CommandType.Affirm or CommandType.Repeat or CommandType.CannotHandle))
            return;
        if (await ActAsync(turn, understood, open))
            await flows.RunAsync(turn);
        if (open is not null && turn.State.Owner == Owner.Bot)
            await turn.RepeatQuestionAsync(open, flows);
        if (turn.Parts.Count == 0)
            await CannotHandleAsync(turn, open);
    }

    /// <summary>Acts on a confirmation's button.</summary>
    public async Task DecideAsync(Turn turn, string confirmationId, bool approved)
    {
        if (turn.State.Owner == Owner.Waiting)
        {
            await desk.SayWaitingAsync(turn);
            return;
        }

        if (await flows.CatchUpAsync(turn))
            return;
        if (turn.State.Confirmation?.ConfirmationId != confirmationId)
        {
            turn.Say(Texts.ConfirmUnknown.In(turn.Language));
            return;
        }

        if (await confirmations.AnswerAsync(turn, flows, approved))
            await flows.RunAsync(turn);
    }

    /// <summary>Ends what cannot go on because its definition is wrong, and says so.</summary>
    public static async Task GiveUpAsync(Turn turn)
    {
        turn.Unsay();
        if (turn.State.Top is { } top)
            await FlowRunner.EndAsync(turn, top.Flow, FlowEnded.Types.Reason.Failed);
        await turn.OfferPersonAsync(Texts.FlowFailed);
    }

    private async Task WhileWaitingAsync(Turn turn, IReadOnlyList<Command> commands, QuestionState? open)
    {
        var chosen = open?.Kind == "bot" && (open.Options.Any(option => option.Message == turn.Message.Text.Trim()) || commands.Any(command => command.Type is CommandType.Affirm));
        if (chosen)
            await HandOverDesk.BackToBotAsync(turn);
        else
            await desk.SayWaitingAsync(turn);
    }

    /// <returns>Whether the innermost flow should run on.</returns>
    private async Task<bool> ActAsync(Turn turn, UnderstandingResult understood, QuestionState? open)
    {
        var commands = understood.Commands;
        var starts = commands.Where(command => command.Type == CommandType.StartFlow && catalogue.Flows.ContainsKey(command.Name)).ToList();
        var values = commands.Where(command => command.Type is CommandType.SetSlot or CommandType.CorrectSlot && catalogue.Slots.ContainsKey(command.Name)).ToList();
        var run = false;
        var acted = false;

        // Values before a yes: "确认，不过地址改成…" must not do what was shown before the change.
        if (starts.Count == 0 && values.Count > 0)
        {
            (run, acted) = (await GiveAsync(turn, values), true);
            if (turn.HasAsked)
                return false;
        }

        foreach (var command in commands)
        {
            switch (command.Type)
            {
                case CommandType.Affirm or CommandType.Deny when !acted:
                    run |= await AnswerAsync(turn, open, command.Type == CommandType.Affirm, alone: starts.Count == 0 && commands.Count == 1);
                    acted = true;
                    break;
                case CommandType.ResumeFlow when !acted && turn.State.Top is { } top:
                    run |= await ResumeAsync(turn, top, command.Value != "false");
                    acted = true;
                    break;
                case CommandType.CancelFlow:
                    run |= await CancelAsync(turn, command.Name, quiet: starts.Count > 0);
                    acted = true;
                    break;
            }
        }

        if (starts.Count > 0 && !turn.HasAsked)
        {
            run |= await StartAsync(turn, starts, values, understood.Entities, open);
            acted = true;
        }

        foreach (var command in commands)
        {
            switch (command.Type)
            {
                case CommandType.AskKnowledge:
                    await knowledge.AnswerAsync(turn, command.Value.Length > 0 ? command.Value : turn.Message.Text);
                    acted = true;
                    break;
                case CommandType.ChitChat:
                    SmallTalk(turn, command.Name, alone: commands.Count == 1);
                    acted = true;
                    break;
                case CommandType.Repeat:
                    Repeat(turn);
                    acted = true;
                    break;
                case CommandType.Clarify when !turn.HasAsked:
                    var meant = command.Options.Where(catalogue.Flows.ContainsKey).Select(name => catalogue.Flows[name]).ToList();
                    await RememberAsync(turn, meant, understood.Entities);
                    await turn.AskFlowAsync(Texts.WhichOne.In(turn.Language), meant);
                    acted = true;
                    break;
            }
        }

        if (!acted)
            await CannotHandleAsync(turn, open);
        return run && !turn.HasAsked;
    }

    /// <summary>Yes or no to what was asked.</summary>
    private async Task<bool> AnswerAsync(Turn turn, QuestionState? open, bool yes, bool alone)
    {
        switch (open?.Kind)
        {
            case "confirmation" when turn.State.Confirmation is not null:
                return await confirmations.AnswerAsync(turn, flows, yes);
            case "resume" when turn.State.Top is { } top && top.Flow == open.Flow:
                return await ResumeAsync(turn, top, yes);
            case "hand_over" when yes:
                await desk.RequestAsync(turn, turn.State.LastResults.LastOrDefault()?.Status is "unavailable" or "timeout" or "invalid_result" ? "tool_failed" : "cannot_handle");
                return false;
            case "slot" when turn.State.Top is { AskedSlot.Length: > 0 } asked:
                await flows.AskAgainAsync(turn, asked, asked.AskedSlot, open.Options);
                return false;
            default:
                if (alone)
                    turn.Say(Texts.WhatElse.In(turn.Language));
                if (!turn.HasAsked && turn.State.Top is { Step.Length: > 0 } waiting && open?.Kind is "hand_over" or "flow")
                    await turn.AskResumeAsync(flows.Definition(turn.State.Top!));
                return false;
        }
    }

    private async Task<bool> ResumeAsync(Turn turn, Frame frame, bool goOn)
    {
        var flow = flows.Definition(frame);
        if (goOn)
        {
            turn.Say(Texts.Format(Texts.Resumed, turn.Language, flow.Title.In(turn.Language)));
            return true;
        }

        turn.Say(Texts.Format(Texts.Dropped, turn.Language, flow.Title.In(turn.Language)));
        await flows.FinishAsync(turn, flow, FlowEnded.Types.Reason.Cancelled);
        return true;
    }

    private async Task<bool> CancelAsync(Turn turn, string name, bool quiet)
    {
        var frame = turn.State.Frames.FindLast(open => open.Flow == name) ?? turn.State.Top;
        if (frame is null)
        {
            if (!quiet)
                turn.Say(Texts.NothingToCancel.In(turn.Language));
            return false;
        }

        await Confirmations.DropAsync(turn, frame.Flow);
        if (!quiet)
            turn.Say(Texts.Cancelled.In(turn.Language));
        if (quiet || frame != turn.State.Top)
            await FlowRunner.EndAsync(turn, frame.Flow, FlowEnded.Types.Reason.Cancelled);
        else
            await flows.FinishAsync(turn, flows.Definition(frame), FlowEnded.Types.Reason.Cancelled);
        return true;
    }

    /// <summary>Takes values into the open flow, or remembers them and asks what they are for.</summary>
    private async Task<bool> GiveAsync(Turn turn, List<Command> values)
    {
        var taken = false;
        foreach (var command in values)
        {
            var slot = catalogue.Slots[command.Name];
            var value = SlotValues.Parse(slot, command.Value);
            var frame = turn.State.Frames.FindLast(open => flows.Definition(open).CollectedSlots.Contains(slot.Name));
            if (frame is null)
            {
                if (value is not null)
                    await FlowRunner.SetAsync(turn, "", slot.Name, value, "customer", command.Spans.FirstOrDefault());
                else
                    FlowRunner.SayInvalid(turn, new Frame(""), slot);
            }
            else if (value is null)
            {
                await FlowRunner.BringUpAsync(turn, frame);
                await flows.AskAgainAsync(turn, turn.State.Top!, slot.Name);
                return false;
            }
            // Said once more what was known already: nothing changes.
            else if (!value.Equals(frame.Slots.GetValueOrDefault(slot.Name)))
            {
                await GiveAsync(turn, frame, slot, value, command);
                taken = true;
            }
        }

        if (!taken && !turn.HasAsked && turn.State.Top is null && values.Select(command => SlotValues.Parse(catalogue.Slots[command.Name], command.Value)).FirstOrDefault(value => value is not null) is { } given)
        {
            var slot = values[0].Name;
            await turn.AskFlowAsync(
                Texts.Format(Texts.WhatWith, turn.Language, SlotValues.Text(given)),
                catalogue.Flows.Values.Where(flow => flow.Examples.Zh.Count > 0 && flow.CollectedSlots.Contains(slot)).OrderByDescending(flow => flow.Suggested).Take(5));
        }

        return taken;
    }

    private async Task GiveAsync(Turn turn, Frame frame, SlotDefinition slot, Value value, Command command)
    {
        var flow = flows.Definition(frame);
        await FlowRunner.BringUpAsync(turn, frame);
        var previous = frame.Slots.GetValueOrDefault(slot.Name);
        await FlowRunner.SetAsync(turn, flow.Name, slot.Name, value, "customer", command.Spans.FirstOrDefault());
        var steps = flow.Steps.ToList();
        var back = steps.FindIndex(step => step is CollectStep collect && collect.Slot == slot.Name);
        // Not reached yet: the flow finds the value when it comes there.
        if (previous is null || back > steps.FindIndex(step => step.Id == frame.Step))
            return;
        // What was found with the old value is void: back to where the value was collected, choices after it are open again.
        turn.Say(Texts.Format(Texts.Corrected, turn.Language, SlotValues.Show(slot, value, turn.Language)), "template");
        await Confirmations.DropAsync(turn, flow.Name);
        foreach (var later in steps.Skip(back + 1).OfType<CollectStep>().Where(step => step.Choices is not null && frame.Slots.ContainsKey(step.Slot)))
            await turn.RecordAsync(new ConversationEvent { SlotCleared = new SlotCleared { Flow = flow.Name, Slot = later.Slot } });
        await flows.EnterAsync(turn, flow, steps[back].Id);
    }

    /// <summary>Begins flows: the first wish on top, the others wait below it.</summary>
    private async Task<bool> StartAsync(Turn turn, List<Command> starts, List<Command> values, IReadOnlyList<Entity> entities, QuestionState? open)
    {
        var wished = starts.Select(command => catalogue.Flows[command.Name]).DistinctBy(flow => flow.Name).Take(3).ToList();
        if (wished.Any(flow => flow.RequiresCustomer) && turn.State.CustomerId.Length == 0)
        {
            await turn.OfferPersonAsync(Texts.SignIn);
            wished.RemoveAll(flow => flow.RequiresCustomer);
            if (wished.Count == 0)
                return false;
        }

        var first = wished[0];
        if (wished.Count == 1 && turn.State.Top?.Flow == first.Name)
        {
            // It is in progress: what was said can only add to it.
            var given = values.Count > 0 && await GiveAsync(turn, values);
            return given || open?.Kind is not ("slot" or "confirmation");
        }

        if (turn.State.Top is { } interrupted && turn.State.Frames.All(frame => frame.Flow != first.Name))
            await Confirmations.DropAsync(turn, interrupted.Flow);
        for (var i = wished.Count - 1; i >= 0; i--)
        {
            var flow = wished[i];
            if (turn.State.Frames.Any(frame => frame.Flow == flow.Name))
            {
                // Back to a flow further out: what lies over it is given up.
                if (i == 0)
                    await FlowRunner.BringUpAsync(turn, turn.State.Frames.First(frame => frame.Flow == flow.Name));
                continue;
            }

            if (turn.State.Frames.Count >= MaxDepth)
                await FlowRunner.EndAsync(turn, turn.State.Frames[0].Flow, FlowEnded.Types.Reason.Cancelled);
            await FlowRunner.StartAsync(turn, flow);
            await FillAsync(turn, flow, i, wished.Count, values, entities);
        }

        return true;
    }

    /// <summary>Gives a flow that begins what the same words already said.</summary>
    private async Task FillAsync(Turn turn, FlowDefinition flow, int wish, int wishes, List<Command> values, IReadOnlyList<Entity> entities)
    {
        foreach (var name in flow.CollectedSlots.Distinct(StringComparer.Ordinal))
        {
            var slot = catalogue.Slots[name];
            var said = values.Where(command => command.Name == name).ToList();
            var found = slot.Type is SlotType.OrderId or SlotType.Product or SlotType.Phone
                ? entities.Where(entity => entity.Type == slot.Type).DistinctBy(entity => entity.Value).OrderBy(entity => entity.Span.Start).ToList()
                : [];
            // Two wishes and two values: each gets its own, in the order of the words. One value is meant for all.
            if (wishes > 1 && found.Count == wishes && SlotValues.Parse(slot, found[wish].Value) is { } own)
            {
                await FlowRunner.SetAsync(turn, flow.Name, name, own, "entity", found[wish].Span);
            }
            else if (said.Count > 0)
            {
                var command = said.Count == wishes ? said[wish] : said[0];
                if (SlotValues.Parse(slot, command.Value) is { } value)
                    await FlowRunner.SetAsync(turn, flow.Name, name, value, "customer", command.Spans.FirstOrDefault());
                else
                    FlowRunner.SayInvalid(turn, turn.State.Top!, slot);
            }
            else if (found.Count == 1 && SlotValues.Parse(slot, found[0].Value) is { } entity)
            {
                await FlowRunner.SetAsync(turn, flow.Name, name, entity, "entity", found[0].Span);
            }
        }
    }

    /// <summary>What the words named is kept for whichever of the flows is chosen, so that the customer need not say it again.</summary>
    private async Task RememberAsync(Turn turn, List<FlowDefinition> meant, IReadOnlyList<Entity> entities)
    {
        foreach (var slot in meant.SelectMany(flow => flow.CollectedSlots).Distinct(StringComparer.Ordinal).Select(name => catalogue.Slots[name]))
        {
            var found = entities.Where(entity => entity.Type == slot.Type).DistinctBy(entity => entity.Value).ToList();
            if (slot.Type is SlotType.OrderId or SlotType.Product && found.Count == 1 && SlotValues.Parse(slot, found[0].Value) is { } value)
                await FlowRunner.SetAsync(turn, "", slot.Name, value, "entity", found[0].Span);
        }
    }

    private void SmallTalk(Turn turn, string kind, bool alone)
    {
        turn.Say(Texts.ChitChatReply(kind).In(turn.Language));
        if (alone && turn.State.Top is null && kind is ChitChat.Greet or ChitChat.WhoAreYou)
            turn.Offer(Suggested().Select(flow => Questions.Option(flow.Name, flow.Title.In(turn.Language))));
    }

    private static void Repeat(Turn turn)
    {
        if (turn.State.Messages.FindLast(message => message.Author == Message.Types.Author.Bot) is not { } last)
        {
            turn.Say(Texts.NothingToRepeat.In(turn.Language));
            return;
        }

        turn.Say(last.Text, last.Citations.Count > 0 ? "extractive" : "template");
        turn.Citations.AddRange(last.Citations);
        turn.Evidence.AddRange(last.Citations.Select(citation => new Guard.V1.Evidence { Kind = Guard.V1.Evidence.Types.Kind.Passage, Text = citation.Excerpt, Id = citation.ChunkId }));
        turn.QuickReplies.AddRange(last.QuickReplies);
    }

    private async Task CannotHandleAsync(Turn turn, QuestionState? open)
    {
        if (turn.State.Confirmation is { } confirmation)
        {
            turn.Say(Texts.ConfirmAgain.In(turn.Language));
            await turn.AskConfirmationAsync(confirmation);
        }
        else if (open?.Kind == "slot" && turn.State.Top is { AskedSlot.Length: > 0 } asked)
        {
            await flows.AskAgainAsync(turn, asked, asked.AskedSlot, open.Options);
        }
        else if (open?.Kind == "resume" && turn.State.Unhandled < 2 && turn.State.Top?.Flow == open.Flow)
        {
            await turn.AskResumeAsync(flows.Definition(turn.State.Top));
        }
        else if (turn.State.Unhandled >= 2)
        {
            await turn.OfferPersonAsync(Texts.CannotHandleTwice);
        }
        else
        {
            await turn.AskFlowAsync(Texts.CannotHandle.In(turn.Language), Suggested());
        }
    }

    private IEnumerable<FlowDefinition> Suggested() => catalogue.Flows.Values.Where(flow => flow.Suggested).Take(5);
}
