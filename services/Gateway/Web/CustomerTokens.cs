using System.Text;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mesh.Gateway.Web;

/// <summary>Checks the token with which the shop's own site says who its customer is: a JWT, HS256, with `sub`, `tenant`, `exp`, and if it likes `name`.</summary>
internal sealed class CustomerTokens(IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private const int MaxTokenCharacters = 4_096;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxTokenCharacters };

    /// <exception cref="PreconditionException">This mesh has no key for such tokens.</exception>
    /// <exception cref="UnauthenticatedException">The token is not one that the shop signed, or not valid now.</exception>
    public async Task<(string CustomerId, string Name)> CheckAsync(string token)
    {
        var key = options.Value.CustomerTokens.Key;
        if (key.Length == 0)
            throw new PreconditionException("CUSTOMER_TOKENS_OFF", "customer tokens are off: Gateway:CustomerTokens:Key is not set");
        Require.Length(token, "customerToken", 1, MaxTokenCharacters);

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuer = false,
            ValidateAudience = false,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
        });
        if (!result.IsValid) throw Refused();

        var claims = result.Claims;
        var customer = Text("sub");
        if (Text("tenant") != options.Value.Web.Tenant || customer.Length is 0 or > 64) throw Refused();
        var name = Text("name");
        return (customer, name.Length <= 40 ? name : "");

        string Text(string claim) => claims.TryGetValue(claim, out var value) && value is string text ? text : "";
    }

    private bool IsNow(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && end + ClockSkew > now && end - now <= options.Value.CustomerTokens.MaxLifetime + ClockSkew
            && (notBefore is not { } begin || begin - ClockSkew <= now);
    }

    // One answer for every reason: whoever forges tokens learns nothing from it.
    private static UnauthenticatedException Refused() => new("the customer token is not valid");
}
