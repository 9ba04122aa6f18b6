using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Caching.Memory;

namespace Mesh.Gateway.Web;

/// <summary>
/// Which conversations belong to which visitor. The session's public id is an attribute of the conversation's channel, so it outlives this process;
/// since it never changes, it is remembered here to spare the question before each message.
/// </summary>
internal sealed class VisitorConversations(DialogService.DialogServiceClient dialog, TimeProvider time) : IDisposable
{
    public const string SessionAttribute = "web_session";

    private readonly MemoryCache _owners = new(new MemoryCacheOptions { SizeLimit = 20_000 });

    /// <summary>What a new conversation of this visitor is opened with.</summary>
    public static ConversationTarget Open(VisitorSession session, string locale) => new()
    {
        CustomerId = session.CustomerId,
        Channel = new Channel { Kind = "web", Locale = locale, Attributes = { [SessionAttribute] = session.PublicId } },
    };

    public void Remember(VisitorSession session, string conversationId) =>
        _owners.Set(conversationId, session.PublicId, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(30) });

    /// <exception cref="NotFoundException">There is no such conversation, or it is somebody else's.</exception>
    public async Task DemandAsync(VisitorSession session, string conversationId, CancellationToken cancellationToken)
    {
        if (_owners.Get<string>(conversationId) is { } owner)
        {
            if (owner != session.PublicId) throw NotFound(conversationId);
            return;
        }
        await GetAsync(session, conversationId, headerOnly: true, cancellationToken);
    }

    /// <exception cref="NotFoundException">There is no such conversation, or it is somebody else's.</exception>
    public async Task<Conversation> GetAsync(VisitorSession session, string conversationId, bool headerOnly, CancellationToken cancellationToken)
    {
        Require.Length(conversationId, "conversationId", 1, 64);
        Conversation conversation;
        try
        {
            conversation = await dialog.GetConversationAsync(
                new GetConversationRequest { ConversationId = conversationId, HeaderOnly = headerOnly },
                deadline: (time.GetUtcNow() + ChatApi.ReadDeadline).UtcDateTime, cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            throw NotFound(conversationId);
        }
        if (conversation.Channel?.Attributes.GetValueOrDefault(SessionAttribute) != session.PublicId) throw NotFound(conversationId);
        Remember(session, conversationId);
        return conversation;
    }

    private static NotFoundException NotFound(string conversationId) => new("conversation", conversationId);

    public void Dispose() => _owners.Dispose();
}
