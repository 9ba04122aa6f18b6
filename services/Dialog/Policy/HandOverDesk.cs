using System.Globalization;
using System.Text;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Policy;

/// <summary>Brings a person, with what they need to know.</summary>
internal sealed class HandOverDesk(IEventStore events, FlowCatalogue catalogue)
{
    /// <summary>Asks for a person: open flows end, the conversation waits.</summary>
    /// <param name="reason">As in <c>HandOverRequested.reason</c>.</param>
    public async Task RequestAsync(Turn turn, string reason, LocalText? text = null)
    {
        if (turn.State.Owner != Owner.Bot)
        {
            if (text is not null)
                turn.Say(text.In(turn.Language));
            await SayWaitingAsync(turn);
            return;
        }

        var summary = Summary(turn.State, turn.Language);
        await DropConfirmationAsync(turn);
        while (turn.State.Top is { } frame)
            await FlowRunner.EndAsync(turn, frame.Flow, FlowEnded.Types.Reason.HandedOver);
        await turn.RecordAsync(new ConversationEvent { HandOverRequested = new HandOverRequested { Reason = reason, Summary = summary } });
        await turn.RecordAsync(new ConversationEvent { OwnerChanged = new OwnerChanged { Owner = Owner.Waiting, Epoch = turn.State.OwnerEpoch + 1 } });
        DialogTelemetry.HandOvers.Add(1, new KeyValuePair<string, object?>("reason", reason));
        turn.QuickReplies.Clear();
        if (text is not null)
            turn.Say(text.In(turn.Language));
        await OfferBotAsync(turn, Texts.HandedOver);
    }

    /// <summary>Says that a person was asked for and offers to go on with the bot.</summary>
    public Task SayWaitingAsync(Turn turn) => OfferBotAsync(turn, Texts.Waiting);

    /// <summary>The customer goes on with the bot instead of waiting.</summary>
    public static async Task BackToBotAsync(Turn turn)
    {
        await turn.RecordAsync(new ConversationEvent { OwnerChanged = new OwnerChanged { Owner = Owner.Bot, Epoch = turn.State.OwnerEpoch + 1 } });
        turn.Say(Texts.BotAgain.In(turn.Language));
    }

    /// <summary>Customers that wait before this one.</summary>
    public async Task<int> QueuePositionAsync(Turn turn) => await events.CountWaitingBeforeAsync(turn.State.Key, turn.CancellationToken);

    private async Task OfferBotAsync(Turn turn, LocalText text)
    {
        var before = await QueuePositionAsync(turn);
        await turn.AskAsync("bot", Texts.Format(text, turn.Language, Texts.Queue(before).In(turn.Language)), "", Questions.Option("true", Texts.BackToBot.In(turn.Language)));
    }

    private static async Task DropConfirmationAsync(Turn turn)
    {
        if (turn.State.Confirmation is { } confirmation)
        {
            await turn.RecordAsync(new ConversationEvent
            {
                ConfirmationAnswered = new ConfirmationAnswered { ConfirmationId = confirmation.ConfirmationId, Reason = "superseded" },
            });
        }
    }

    /// <summary>What was wanted, what is known, what was tried, and the customer's last words: from the events alone.</summary>
    internal string Summary(ConversationState state, string language)
    {
        var zh = language != "en";
        var text = new StringBuilder();
        foreach (var frame in state.Frames.Reverse())
        {
            var title = catalogue.Flows.GetValueOrDefault(frame.Flow)?.Title.In(language) ?? frame.Flow;
            text.Append(zh ? $"诉求：{title}" : $"Wants: {title}");
            foreach (var (slot, value) in frame.Slots.OrderBy(slot => slot.Key, StringComparer.Ordinal))
            {
                var definition = catalogue.Slots.GetValueOrDefault(slot);
                text.Append(CultureInfo.InvariantCulture, $"{(zh ? "；" : "; ")}{definition?.Title.In(language) ?? slot}{(zh ? "：" : ": ")}{(definition is null ? SlotValues.Text(value) : SlotValues.Show(definition, value, language))}");
            }

            text.Append('\n');
        }

        if (state.Frames.IsEmpty && state.Memory.Count > 0)
        {
            text.Append(zh ? "提到：" : "Mentioned: ")
                .AppendJoin(zh ? "，" : ", ", state.Memory.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => SlotValues.Text(entry.Value.Value)))
                .Append('\n');
        }

        foreach (var result in state.LastResults.TakeLast(3))
            text.Append(CultureInfo.InvariantCulture, $"{(zh ? "系统" : "System")} {result.Tool}: {result.Status}{(result.ErrorCode.Length > 0 ? $" ({result.ErrorCode})" : "")}\n");
        foreach (var message in state.CustomerMessages.TakeLast(3))
            text.Append(zh ? "客户：" : "Customer: ").Append(message.Text.Length > 200 ? string.Concat(message.Text.AsSpan(0, 200), "…") : message.Text).Append('\n');
        return text.ToString().TrimEnd();
    }
}
