using Mesh.Dialog.Conversations;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Policy;

/// <summary>Asking the customer: the text, the buttons and the event by which the next turn knows what was asked.</summary>
internal static class Questions
{
    private const int MaxTitle = 40;

    public static async Task AskAsync(this Turn turn, string kind, string text, string flow = "", params IEnumerable<AnswerOption> options)
    {
        turn.Say(text);
        AnswerOption[] offered = [.. options];
        turn.Offer(offered);
        await turn.RecordAsync(new ConversationEvent { QuestionAsked = new QuestionAsked { Kind = kind, Flow = flow, Options = { offered } } });
    }

    /// <summary>Whether a person should come.</summary>
    public static Task OfferPersonAsync(this Turn turn, LocalText text) =>
        turn.AskAsync("hand_over", text.In(turn.Language), "", Option("yes", Texts.Person.In(turn.Language)), Option("no", Texts.No.In(turn.Language)));

    /// <summary>Which flow was meant.</summary>
    public static Task AskFlowAsync(this Turn turn, string text, IEnumerable<FlowDefinition> flows) =>
        turn.AskAsync("flow", text, "", flows.Select(flow => Option(flow.Name, flow.Title.In(turn.Language))));

    /// <summary>Whether to go on with an interrupted flow.</summary>
    public static Task AskResumeAsync(this Turn turn, FlowDefinition flow) =>
        turn.AskAsync(
            "resume",
            Texts.Format(Texts.ResumeAsk, turn.Language, flow.Title.In(turn.Language)),
            flow.Name,
            Option("true", Texts.GoOn.In(turn.Language)),
            Option("false", Texts.No.In(turn.Language)));

    public static void Offer(this Turn turn, IEnumerable<AnswerOption> options) =>
        turn.QuickReplies.AddRange(options.Select(option => new QuickReply { Title = option.Title, Message = option.Message }));

    public static AnswerOption Option(string value, string title, string? message = null) =>
        new() { Value = value, Title = Cut(title), Message = message ?? title };

    private static string Cut(string title) => title.Length <= MaxTitle ? title : string.Concat(title.AsSpan(0, MaxTitle - 1), "…");

    /// <summary>Says the question again that was open before this turn, when nothing else was asked meanwhile.</summary>
    public static async Task RepeatQuestionAsync(this Turn turn, QuestionState open, FlowRunner flows)
    {
        if (turn.HasAsked)
            return;
        switch (open.Kind)
        {
            case "slot" when turn.State.Top is { } top && top.AskedSlot.Length > 0:
                await flows.AskSlotAsync(turn, top, top.AskedSlot, candidates: open.Options);
                break;
            case "confirmation" when turn.State.Confirmation is { } confirmation:
                await turn.AskConfirmationAsync(confirmation);
                break;
            case "resume" when turn.State.Top?.Flow == open.Flow:
                await turn.AskResumeAsync(flows.Definition(turn.State.Top));
                break;
        }
    }

    /// <summary>Shows an open confirmation once more.</summary>
    public static async Task AskConfirmationAsync(this Turn turn, ConfirmationState confirmation)
    {
        turn.Say(confirmation.Summary, "template");
        turn.Offer([Option("yes", Texts.ConfirmYes.In(turn.Language)), Option("no", Texts.ConfirmNo.In(turn.Language))]);
        await turn.RecordAsync(new ConversationEvent
        {
            ConfirmationAsked = new ConfirmationAsked
            {
                ConfirmationId = confirmation.ConfirmationId,
                Tool = confirmation.Tool,
                Summary = confirmation.Summary,
                ExpiresAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(confirmation.ExpiresAt),
                CallId = confirmation.CallId,
            },
        });
    }
}
