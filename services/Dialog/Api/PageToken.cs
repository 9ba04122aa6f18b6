using System.Globalization;
using System.Text;
using Mesh.Dialog.Events;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Api;

/// <summary>Where the next page of a list begins.</summary>
internal static class PageToken
{
    public static string Write(ListedConversation last) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.SortKey}:{last.ConversationId}")));

    /// <exception cref="InvalidRequestException">It is not one that this service wrote.</exception>
    public static ListedConversation? Read(string token)
    {
        if (token.Length == 0)
            return null;
        Span<byte> bytes = stackalloc byte[256];
        if (token.Length <= 300 && Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) is [var key, var id]
            && long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sortKey))
            return new ListedConversation(id, sortKey);
        throw new InvalidRequestException("page_token", "is not one that an earlier page gave");
    }
}
