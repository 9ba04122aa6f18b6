using System.ComponentModel.DataAnnotations;
using Mesh.Gateway.Edge;
using Mesh.ServiceDefaults.Callers;

namespace Mesh.Gateway;

/// <summary>The edge. Section "Gateway".</summary>
public sealed class GatewayOptions : IValidatableObject
{
    public const string Section = "Gateway";

    /// <summary>Keys of call centres and operators. Without any, the gRPC edge lets nobody in.</summary>
    public List<ApiKeyOptions> ApiKeys { get; set; } = [];

    public EdgeOptions Edge { get; set; } = new();

    public LimitOptions Limits { get; set; } = new();

    public WebOptions Web { get; set; } = new();

    public CustomerTokenOptions CustomerTokens { get; set; } = new();

    public SampleSignInOptions SampleSignIn { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in ApiKeys.GroupBy(k => k.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return new($"ApiKeys has the name '{name.Key}' more than once");
        foreach (var hash in ApiKeys.GroupBy(k => k.Sha256, StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0 && g.Count() > 1))
            yield return new($"ApiKeys {string.Join(", ", hash.Select(k => $"'{k.Name}'"))} are one and the same key");
        if (!Caller.IsTenantId(Web.Tenant))
            yield return new("Web:Tenant must be 1 to 64 lower-case letters, digits and hyphens");
        if (CustomerTokens.Key is { Length: > 0 and < 32 })
            yield return new("CustomerTokens:Key must have at least 32 characters");
    }
}

/// <summary>One API key. The key itself is nowhere in the configuration.</summary>
public sealed class ApiKeyOptions : IValidatableObject
{
    /// <summary>Who holds it; written to logs and to the caller's subject.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9._-]{0,63}$")]
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits. Keys must be random, 32 bytes or more, so that no slow hash is needed.</summary>
    [Required, RegularExpression("^[0-9a-fA-F]{64}$")]
    public string Sha256 { get; set; } = "";

    /// <summary>The tenant that it speaks for.</summary>
    [Required]
    public string Tenant { get; set; } = "";

    /// <summary>What it may do: "chat", "agent", "events", "knowledge", "search", "datasets".</summary>
    [MinLength(1)]
    public List<string> Scopes { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Caller.IsTenantId(Tenant)) yield return new("Tenant must be 1 to 64 lower-case letters, digits and hyphens");
        foreach (var scope in Scopes.Where(s => !EdgeMethods.Scopes.Contains(s)))
            yield return new($"Scopes has '{scope}', known are {string.Join(", ", EdgeMethods.Scopes.Order(StringComparer.Ordinal))}");
    }
}

/// <summary>Forwarding of gRPC calls.</summary>
public sealed class EdgeOptions
{
    /// <summary>Largest message that is let in, in bytes as sent. The services behind accept 4 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Deadline of a call that answers once (and of a customer message) when the client sets none.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest deadline of such a call; a longer one is cut.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxDeadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether gRPC reflection tells clients with a key which services there are.</summary>
    public bool Reflection { get; set; } = true;
}

/// <summary>How much one caller may ask for. A bucket holds `Burst` calls and is refilled evenly by `PerMinute`.</summary>
public sealed class LimitOptions
{
    public BucketOptions Key { get; set; } = new() { PerMinute = 1_200, Burst = 200 };

    public BucketOptions Tenant { get; set; } = new() { PerMinute = 3_000, Burst = 500 };

    /// <summary>Customer messages of one web session.</summary>
    public BucketOptions SessionMessages { get; set; } = new() { PerMinute = 20, Burst = 8 };

    /// <summary>Everything else that one web session asks for.</summary>
    public BucketOptions SessionReads { get; set; } = new() { PerMinute = 240, Burst = 60 };

    /// <summary>New web sessions from one address.</summary>
    public BucketOptions AddressSessions { get; set; } = new() { PerMinute = 30, Burst = 30 };

    /// <summary>Calls of one key that are open at the same time, streams included.</summary>
    [Range(1, 100_000)]
    public int OpenCallsPerKey { get; set; } = 1_000;

    /// <summary>Event streams of one web session that are open at the same time: one for each tab.</summary>
    [Range(1, 100)]
    public int OpenStreamsPerSession { get; set; } = 8;
}

public sealed class BucketOptions
{
    [Range(1, 1_000_000)]
    public int PerMinute { get; set; } = 60;

    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 10;
}

/// <summary>The web chat.</summary>
public sealed class WebOptions
{
    /// <summary>The tenant whose customers the page serves.</summary>
    [Required]
    public string Tenant { get; set; } = Caller.DefaultTenant;

    /// <summary>Name in the page's head, at most 40 characters.</summary>
    [Required, StringLength(40, MinimumLength = 1)]
    public string ShopName { get; set; } = "在线客服";

    [Required, StringLength(40, MinimumLength = 1)]
    public string ShopNameEnglish { get; set; } = "Customer care";

    /// <summary>How long a visitor's session lasts from its beginning.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>Longest turn. The dialog service may be quicker to give up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TurnDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause after which an idle event stream sends a ping, so that proxies keep it open.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest life of one event stream; the page then opens the next one where it ended.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan EventStreamLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Largest body of a request of the page, in bytes.</summary>
    [Range(1024, 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Sites (scheme and host, separated by spaces) that may show the page in a frame, beside its own. Same-site only: the session's cookie is not sent across sites.</summary>
    [RegularExpression(@"^(https?://[A-Za-z0-9.*:-]+( https?://[A-Za-z0-9.*:-]+)*)?$")]
    public string FrameAncestors { get; set; } = "";
}

/// <summary>Tokens with which the shop's site vouches for its signed-in customer.</summary>
public sealed class CustomerTokenOptions
{
    /// <summary>Shared secret for HS256, 32 characters or more. Empty: tokens are refused and every visitor is anonymous.</summary>
    [StringLength(512)]
    public string Key { get; set; } = "";

    /// <summary>Longest time until a token's `exp`.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Lets anybody be one of the sample shop's customers. For trying the page only: it is authentication switched off.</summary>
public sealed class SampleSignInOptions
{
    public bool Enabled { get; set; }
}
