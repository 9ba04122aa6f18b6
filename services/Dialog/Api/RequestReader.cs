using Mesh.Dialog.Events;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Api;

/// <summary>Requests as the dialog works with them, or what is wrong with them.</summary>
internal static class RequestReader
{
    private const int MaxId = 64;

    /// <summary>A known conversation, or a new id.</summary>
    public static (ConversationKey Key, bool Opens) Target(ConversationTarget? target, string tenantId, TimeProvider time)
    {
        target = Require.Present(target, "target");
        Require.Length(target.ConversationId, "target.conversation_id", 0, MaxId);
        Require.Length(target.CustomerId, "target.customer_id", 0, MaxId);
        CheckChannel(target.Channel);
        return target.ConversationId.Length > 0
            ? (new ConversationKey(tenantId, target.ConversationId), false)
            : (new ConversationKey(tenantId, NewId(time)), true);
    }

    public static TurnRequest Message(
        ConversationTarget target, (ConversationKey Key, bool Opens) place, string clientMessageId, string? text, ConfirmationReply? confirmation, DateTimeOffset? deadline, TimeProvider time)
    {
        Require.Length(clientMessageId, "client_message_id", 0, MaxId);
        if (confirmation is not null)
            Require.Length(confirmation.ConfirmationId, "confirmation.confirmation_id", 1, 200);
        return new TurnRequest(
            place.Key,
            place.Opens,
            target.CustomerId,
            target.Channel ?? new Channel { Kind = "api" },
            clientMessageId.Length > 0 ? clientMessageId : NewId(time),
            confirmation is null ? CustomerText.Normalise(text ?? "", "text") : "",
            confirmation,
            deadline);
    }

    public static ConversationKey Key(string tenantId, string conversationId) =>
        new(tenantId, Require.Length(conversationId, "conversation_id", 1, MaxId));

    public static string NewId(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    private static void CheckChannel(Channel? channel)
    {
        if (channel is null)
            return;
        Require.Length(channel.Kind, "target.channel.kind", 0, 32);
        Require.Length(channel.Locale, "target.channel.locale", 0, 35);
        Require.Range(channel.Attributes.Count, "target.channel.attributes", 0, 20);
        foreach (var (name, value) in channel.Attributes)
        {
            Require.Length(name, "target.channel.attributes key", 1, 64);
            Require.Length(value, $"target.channel.attributes[{name}]", 0, 256);
        }
    }
}
