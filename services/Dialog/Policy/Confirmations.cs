using Mesh.Dialog.Conversations;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Policy;

/// <summary>The customer's word on an effect. Nothing is done without a clear yes to what was shown, and nothing twice.</summary>
internal sealed class Confirmations(ToolCaller tools, TimeProvider time)
{
    /// <summary>Acts on yes or no to the open confirmation.</summary>
    /// <returns>Whether the flow should run on.</returns>
    public async Task<bool> AnswerAsync(Turn turn, FlowRunner flows, bool approved)
    {
        var confirmation = turn.State.Confirmation!;
        var flow = flows.Definition(confirmation.Flow);
        if (approved && confirmation.ExpiresAt <= time.GetUtcNow())
        {
            await RecordAsync(turn, confirmation, false, "expired");
            turn.Say(Texts.ConfirmExpired.In(turn.Language));
            return true;
        }

        // Without the guard's word on the input nothing is changed.
        if (approved && !turn.InputChecked)
        {
            turn.Say(Texts.NoEffectsNow.In(turn.Language));
            await turn.AskConfirmationAsync(confirmation);
            return false;
        }

        await RecordAsync(turn, confirmation, approved, "");
        var outcome = await tools.ConfirmAsync(turn, confirmation.CallId, confirmation.Tool, confirmation.ConfirmationId, approved);
        if (!approved)
            outcome = new ToolOutcome(confirmation.CallId, "declined", null, "", "", null);
        // Used or expired there: the call once more under its key answers what came of it, or asks anew.
        else if (outcome is null && turn.State.OpenCalls.TryGetValue(confirmation.CallId, out var call))
            outcome = await tools.RepeatAsync(turn, call);

        if (outcome is null || outcome.Status is "unavailable" or "timeout")
        {
            turn.Say(Texts.EffectUnknown.In(turn.Language));
            await turn.AskConfirmationAsync(confirmation);
            turn.QuickReplies.Add(new QuickReply { Title = Texts.Person.In(turn.Language), Message = Texts.Person.In(turn.Language) });
            return false;
        }

        if (outcome.Confirmation is { } again)
        {
            turn.Say(Texts.ConfirmExpired.In(turn.Language));
            await turn.AskConfirmationAsync(confirmation with
            {
                ConfirmationId = again.ConfirmationId,
                Summary = again.Summary,
                ExpiresAt = again.ExpiresAt?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue,
            });
            return false;
        }

        await flows.ContinueAsync(turn, flow, (ToolStep)flow.Step(confirmation.Step), outcome);
        return true;
    }

    /// <summary>Takes an open confirmation back: a value changed or another wish came first. The token is never used and expires.</summary>
    public static async Task DropAsync(Turn turn, string flow)
    {
        if (turn.State.Confirmation is { } confirmation && confirmation.Flow == flow)
            await RecordAsync(turn, confirmation, false, "superseded");
    }

    private static Task RecordAsync(Turn turn, ConfirmationState confirmation, bool approved, string reason) => turn.RecordAsync(new ConversationEvent
    {
        ConfirmationAnswered = new ConfirmationAnswered { ConfirmationId = confirmation.ConfirmationId, Approved = approved, Reason = reason },
    }).AsTask();
}
