using Mesh.Dialog.Events;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Turns;

/// <summary>A customer's message that asks for a turn; checked and normalised.</summary>
/// <param name="Opens">Whether the conversation is opened by it.</param>
/// <param name="CustomerId">As whom the caller vouches; empty for whoever the conversation is with.</param>
/// <param name="Text">Empty when <paramref name="Confirmation"/> is set.</param>
/// <param name="Deadline">The caller's; null for none.</param>
internal sealed record TurnRequest(
    ConversationKey Key, bool Opens, string CustomerId, Channel Channel, string ClientMessageId, string Text, ConfirmationReply? Confirmation, DateTimeOffset? Deadline);
