namespace Mesh.Gateway.Web;

/// <summary>Begins or continues a session. Without fields: the session there is, or a new anonymous one.</summary>
/// <param name="CustomerToken">What the shop's site signed for its customer.</param>
/// <param name="SampleCustomer">Id of a sample customer, or empty to be nobody again. Only where sample sign-in is on.</param>
internal sealed record SessionRequest(string? CustomerToken = null, string? SampleCustomer = null);

/// <summary>One message of the customer: text, or an answer to a confirmation.</summary>
/// <param name="ConversationId">Missing: opens a new conversation.</param>
/// <param name="ClientMessageId">Chosen by the page, 1 to 64 characters; the same one again is answered once.</param>
/// <param name="Text">1 to 4,000 characters.</param>
/// <param name="Locale">"zh" or "en": the language of the page.</param>
internal sealed record MessageRequest(string ClientMessageId, string? ConversationId = null, string? Text = null, ConfirmationAnswer? Confirmation = null, string? Locale = null);

internal sealed record ConfirmationAnswer(string ConfirmationId, bool Approve);

/// <param name="Rating">-1 or 1.</param>
/// <param name="Comment">At most 1,000 characters.</param>
internal sealed record FeedbackRequest(string ConversationId, string MessageId, int Rating, string? Comment = null);

/// <summary>What the page needs to know to show itself.</summary>
/// <param name="Session">Changes when the visitor becomes somebody else; what the page keeps belongs to it.</param>
/// <param name="Sample">Null where sample sign-in is off.</param>
internal sealed record SessionInfo(string Session, ShopInfo Shop, CustomerInfo? Customer, IReadOnlyList<SampleCustomer>? Sample, int MessageCharacters);

internal sealed record ShopInfo(string Zh, string En);

internal sealed record CustomerInfo(string Id, string Name);
