using Mesh.Dialog.Conversations;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding;

namespace Mesh.Dialog.Turns;

/// <summary>What the conversation tells the understanding.</summary>
internal static class UnderstandingInputs
{
    private const int RecentTexts = 6;

    /// <param name="state">With the text's own customer message as the last one.</param>
    public static UnderstandingInput Of(ConversationState state, string text, FlowCatalogue catalogue, DateTimeOffset now)
    {
        var top = state.Top;
        return new UnderstandingInput
        {
            Text = text,
            Catalogue = catalogue,
            OpenFlow = top?.Flow,
            AskedSlot = top is { AskedSlot.Length: > 0 } ? top.AskedSlot : null,
            Question = Question(state),
            FilledSlots = top?.Slots.ToDictionary(slot => slot.Key, slot => SlotValues.Text(slot.Value), StringComparer.Ordinal) ?? [],
            FlowStack = [.. state.Frames.Select(frame => frame.Flow)],
            RecentCustomerTexts = [.. state.CustomerMessages.SkipLast(1).TakeLast(RecentTexts).Select(message => message.Text)],
            Language = state.Language.Length > 0 ? state.Language : null,
            Today = DateOnly.FromDateTime(now.DateTime),
        };
    }

    private static OpenQuestion Question(ConversationState state)
    {
        if (state.Question is not { } open)
            return OpenQuestion.None;
        var kind = open.Kind switch
        {
            "slot" => QuestionKind.Slot,
            "confirmation" => QuestionKind.Confirmation,
            "resume" or "bot" => QuestionKind.Resume,
            "flow" => QuestionKind.Flow,
            "hand_over" => QuestionKind.HandOver,
            _ => QuestionKind.None,
        };
        return new OpenQuestion(kind, [.. open.Options.Select(option => new QuestionOption(option.Value, option.Title, option.Message))]);
    }
}
