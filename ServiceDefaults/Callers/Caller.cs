using Grpc.Core;

namespace Mesh.ServiceDefaults.Callers;

/// <summary>On whose behalf a call is made. Comes from the credential at the edge, never from a request's body.</summary>
/// <param name="TenantId">Lower-case letters, digits and hyphens, 1 to 64.</param>
/// <param name="Subject">Name of the API key, web session or agent; empty for the mesh itself.</param>
/// <param name="Scopes">What the subject may do: "chat", "agent", "events", "knowledge", "internal" and others.</param>
public sealed record Caller(string TenantId, string Subject, IReadOnlySet<string> Scopes)
{
    public const string TenantHeader = "x-mesh-tenant";
    public const string SubjectHeader = "x-mesh-subject";
    public const string ScopesHeader = "x-mesh-scopes";
    public const string KeyHeader = "x-mesh-key";

    /// <summary>Scope of the mesh's own background work, which sees all tenants.</summary>
    public const string InternalScope = "internal";

    /// <summary>The tenant when none is configured.</summary>
    public const string DefaultTenant = "default";

    /// <summary>A caller for background work of a service.</summary>
    public static Caller Internal(string tenantId = DefaultTenant) => new(tenantId, "", new HashSet<string> { InternalScope });

    public bool Has(string scope) => Scopes.Contains(scope) || Scopes.Contains(InternalScope);

    /// <exception cref="Errors.PermissionDeniedException">The caller lacks the scope.</exception>
    public void Demand(string scope)
    {
        if (!Has(scope)) throw new Errors.PermissionDeniedException($"this needs the scope '{scope}'");
    }

    internal void WriteTo(Metadata headers)
    {
        headers.Add(TenantHeader, TenantId);
        if (Subject.Length > 0) headers.Add(SubjectHeader, Subject);
        headers.Add(ScopesHeader, string.Join(' ', Scopes));
    }

    internal static Caller ReadFrom(Metadata headers)
    {
        var tenant = headers.GetValue(TenantHeader);
        if (!IsTenantId(tenant)) throw new Errors.UnauthenticatedException("the call names no tenant");
        var scopes = (headers.GetValue(ScopesHeader) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Caller(tenant!, headers.GetValue(SubjectHeader) ?? "", new HashSet<string>(scopes, StringComparer.Ordinal));
    }

    /// <summary>Whether the text can be a tenant id: it becomes part of collection names, topic keys and paths.</summary>
    public static bool IsTenantId(string? text) =>
        text is { Length: >= 1 and <= 64 } && text.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
}

/// <summary>The caller of the work in progress; follows it through awaits and into outgoing calls.</summary>
public sealed class CallerAccessor
{
    private readonly AsyncLocal<Caller?> _current = new();

    /// <exception cref="InvalidOperationException">No caller was set: the work began outside a call and did not say on whose behalf.</exception>
    public Caller Current => _current.Value ?? throw new InvalidOperationException("no caller is set for this work");

    internal Caller? CurrentOrNone => _current.Value;

    /// <summary>Sets the caller until the result is disposed.</summary>
    public IDisposable Use(Caller caller)
    {
        var previous = _current.Value;
        _current.Value = caller;
        return new Restore(this, previous);
    }

    private sealed class Restore(CallerAccessor accessor, Caller? previous) : IDisposable
    {
        public void Dispose() => accessor._current.Value = previous;
    }
}

public static class ServerCallContextExtensions
{
    internal const string Key = "mesh.caller";

    /// <exception cref="InvalidOperationException">The call did not pass the interceptor.</exception>
    public static Caller GetCaller(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var caller) ? (Caller)caller : throw new InvalidOperationException("the call has no caller");
}
