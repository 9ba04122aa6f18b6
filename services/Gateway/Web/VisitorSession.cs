using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Mesh.Gateway.Edge;
using Mesh.ServiceDefaults.Callers;

namespace Mesh.Gateway.Web;

/// <summary>A visitor of the web chat, as the signed cookie states it.</summary>
/// <param name="Id">Secret of this visitor; never leaves the cookie. Elsewhere stands <see cref="PublicId"/>.</param>
/// <param name="CustomerId">Whom the shop vouches for; empty for an anonymous visitor.</param>
/// <param name="CustomerName">For the page to show; empty if unknown.</param>
internal sealed record VisitorSession(string Id, string Tenant, string CustomerId, string CustomerName, DateTimeOffset ExpiresAt)
{
    private static readonly FrozenSet<string> Scopes = [EdgeMethods.Chat, EdgeMethods.Search];
    private static readonly FrozenSet<string> ReaderScopes = [EdgeMethods.Events];

    /// <summary>Stands for the session in conversations and rate limits; the session cannot be made from it.</summary>
    [JsonIgnore]
    public string PublicId => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id)).AsSpan(0, 16));

    public Caller ToCaller() => new(Tenant, $"web:{PublicId}", Scopes);

    /// <summary>For reading the record of a conversation that is known to be the visitor's; what they see of it is <see cref="CustomerView"/>.</summary>
    public Caller ToReader() => new(Tenant, $"web:{PublicId}", ReaderScopes);
}
