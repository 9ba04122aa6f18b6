using Mesh.ServiceDefaults.Errors;

namespace Mesh.Gateway.Web;

/// <summary>
/// Keeps other sites from using a visitor's session: browsers say where a request comes from (Sec-Fetch-Site, Origin), and what changes something carries a header
/// that another site's page cannot send without being asked first (CORS preflight), which is never granted.
/// </summary>
internal static class SameOrigin
{
    public const string Header = "X-Requested-With";
    public const string Value = "mesh-chat";

    /// <exception cref="PermissionDeniedException">The request comes from another site.</exception>
    public static void Demand(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var allowed = site.Length > 0
            ? site is "same-origin" || (site is "none" && HttpMethods.IsGet(request.Method))
            : origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsHost(from, request.Host));
        if (!allowed) throw new PermissionDeniedException("the request comes from another site");
        if (!HttpMethods.IsGet(request.Method) && request.Headers[Header] != Value)
            throw new PermissionDeniedException($"the header '{Header}: {Value}' is missing");
    }

    // The scheme is left out: before a proxy that ends TLS this process sees another one than the browser.
    private static bool IsHost(Uri origin, HostString host) =>
        string.Equals(origin.IsDefaultPort ? origin.Host : origin.Authority, host.Port is 80 or 443 ? host.Host : host.Value, StringComparison.OrdinalIgnoreCase);
}
