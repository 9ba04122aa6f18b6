using System.Security.Cryptography;
using System.Text.Json;
using Mesh.ServiceDefaults.Errors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway.Web;

/// <summary>Reads and writes the cookie that holds a visitor's session, encrypted and signed. Nothing is kept on the server.</summary>
internal sealed class VisitorSessions(IDataProtectionProvider protection, IOptions<GatewayOptions> options, TimeProvider time)
{
    public const string Cookie = "mesh_chat";

    private readonly IDataProtector _protector = protection.CreateProtector("Mesh.Gateway.VisitorSession.v1");

    /// <summary>The visitor's session; null without one, or with one that is expired, forged or of another tenant.</summary>
    public VisitorSession? Find(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } cookie) return null;
        try
        {
            var session = JsonSerializer.Deserialize<VisitorSession>(_protector.Unprotect(cookie));
            return session is not null && session.ExpiresAt > time.GetUtcNow() && session.Tenant == options.Value.Web.Tenant ? session : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null; // Not ours, or signed with a key that has been thrown away.
        }
    }

    /// <exception cref="UnauthenticatedException">There is none.</exception>
    public VisitorSession Require(HttpContext context) =>
        Find(context) ?? throw new UnauthenticatedException("there is no session, or it has expired");

    /// <summary>Begins a session under a new id, so that nothing of an earlier visitor or customer is reachable from it.</summary>
    public VisitorSession Start(HttpContext context, string customerId = "", string customerName = "")
    {
        var web = options.Value.Web;
        var session = new VisitorSession(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), web.Tenant, customerId, customerName, time.GetUtcNow() + web.SessionLifetime);
        context.Response.Cookies.Append(Cookie, _protector.Protect(JsonSerializer.Serialize(session)), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/api/chat",
            IsEssential = true,
        });
        return session;
    }
}
