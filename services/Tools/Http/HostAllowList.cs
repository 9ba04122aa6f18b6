namespace Mesh.Tools.Http;

/// <summary>Which hosts tools may call.</summary>
internal sealed class HostAllowList(IEnumerable<string> entries)
{
    private readonly string[] entries = entries.Select(e => e.Trim()).Where(e => e.Length > 0).ToArray();

    /// <summary>Whether the host is written in full: only such a host may be a private address.</summary>
    public bool Names(string host) => entries.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the host is below a "*.example.com".</summary>
    public bool Covers(string host) => entries.Any(e => e.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(e[1..], StringComparison.OrdinalIgnoreCase) && host.Length > e.Length - 1);
}
