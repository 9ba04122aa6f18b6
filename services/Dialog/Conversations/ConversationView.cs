using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Conversations;

/// <summary>A state as callers see it.</summary>
internal static class ConversationView
{
    /// <param name="withMessages">Whether the messages are wanted.</param>
    /// <param name="forAgent">Agents also see private notes and why a person was asked for.</param>
    public static Conversation Of(ConversationState state, bool withMessages, bool forAgent)
    {
        var view = new Conversation
        {
            ConversationId = state.Key.ConversationId,
            CustomerId = state.CustomerId,
            Channel = state.Channel,
            Owner = state.Owner,
            OwnerEpoch = state.OwnerEpoch,
            AgentId = forAgent ? state.AgentId : "",
            AgentName = state.AgentName,
            StartedAt = Timestamp.FromDateTimeOffset(state.StartedAt),
            UpdatedAt = Timestamp.FromDateTimeOffset(state.UpdatedAt),
            LastSequence = state.LastSequence,
            Language = state.Language,
            Closed = state.Closed,
        };
        if (withMessages)
            view.Messages.Add(state.Messages.Where(message => forAgent || message.Author != Message.Types.Author.System));
        view.Flows.Add(state.Frames.Select(frame =>
        {
            var shown = new FlowFrame { Flow = frame.Flow, Step = frame.Step, AskedSlot = frame.AskedSlot, Slots = new Struct() };
            foreach (var (slot, value) in frame.Slots)
                shown.Slots.Fields[slot] = value;
            return shown;
        }));
        if (state.Confirmation is { } confirmation)
        {
            view.PendingConfirmation = new ConfirmationRequest
            {
                ConfirmationId = confirmation.ConfirmationId,
                Tool = confirmation.Tool,
                Summary = confirmation.Summary,
                ExpiresAt = Timestamp.FromDateTimeOffset(confirmation.ExpiresAt),
            };
        }

        if (state.HandOver is { } handOver)
        {
            view.HandOver = new HandOver { Reason = handOver.Reason, Summary = forAgent ? handOver.Summary : "" };
            view.HandOverAt = Timestamp.FromDateTimeOffset(handOver.At);
        }

        return view;
    }
}
