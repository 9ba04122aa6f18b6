using Mesh.ServiceDefaults.Errors;
using Mesh.Tools.Http;
using Mesh.Tools.OpenApi;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Mesh.Tools.Catalog;

/// <summary>A tool as it is listed: one whose document could not be read yet has no definition, and a reason.</summary>
internal sealed record CatalogTool(string Name, ToolEntry Entry, ToolDefinition? Definition, string? Reason);

/// <summary>
/// The tools of tools.yaml. Documents in files are read before the service accepts calls; those at an address are tried then, and again until they are there,
/// so that a business system that is down does not keep the others from working.
/// </summary>
internal sealed partial class ToolCatalog(IOptions<ToolsOptions> options, IHostEnvironment environment, IHttpClientFactory clients, TimeProvider time, ILogger<ToolCatalog> log)
    : BackgroundService, IHealthCheck
{
    private const int MaxDocumentBytes = 4 * 1024 * 1024;
    private List<Source> sources = [];

    /// <summary>The tools that a tenant has, by name.</summary>
    public IReadOnlyList<CatalogTool> Of(string tenantId) =>
        sources.Where(s => s.IsFor(tenantId)).SelectMany(s => s.Entry.Tools.Select(t => s.Tool(t.Key, t.Value))).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();

    /// <exception cref="NotFoundException">The tenant has no such tool.</exception>
    public CatalogTool Find(string tenantId, string name) =>
        sources.Where(s => s.IsFor(tenantId) && s.Entry.Tools.ContainsKey(name)).Select(s => s.Tool(name, s.Entry.Tools[name])).FirstOrDefault()
        ?? throw new NotFoundException("tool", name);

    /// <exception cref="ToolsFileException">tools.yaml or a document in a file cannot be used.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.Value.File, environment.ContentRootPath);
        var file = ToolsFile.Read(path);
        var faults = new List<string>();
        var allowed = new HostAllowList([.. file.AllowedHosts, .. options.Value.AllowedHosts, .. options.Value.Addresses.Values.Select(a => a.Host)]);
        sources = file.Sources.Select(s => Read(s.Key, s.Value, allowed, faults)).ToList();
        foreach (var (name, twice) in sources.SelectMany(s => s.Entry.Tools.Keys).GroupBy(n => n).Select(g => (g.Key, g.Count() > 1)))
        {
            if (twice)
                faults.Add($"the tool '{name}' is in two sources");
        }

        if (faults.Count > 0)
            throw new ToolsFileException(faults);
        foreach (var source in sources)
        {
            if (source.Entry.Openapi.File is { } document)
            {
                await using var stream = OpenFile(source.System.Name, Path.GetFullPath(document, Path.GetDirectoryName(path)!));
                source.Loaded(await OpenApiTools.ReadAsync(stream, source.Entry, source.System, cancellationToken));
            }
            else
            {
                await TryFetchAsync(source, cancellationToken);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Tools of a system that is down stay listed, so the service is at worst degraded.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var reasons = sources.Where(s => s.Reason is not null).ToDictionary(s => s.System.Name, s => (object)s.Reason!);
        return Task.FromResult(reasons.Count == 0
            ? HealthCheckResult.Healthy($"{sources.Sum(s => s.Entry.Tools.Count)} tools")
            : HealthCheckResult.Degraded("some tools are not available", data: reasons));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.DocumentRetrySeconds), time);
        while (sources.Exists(s => s.Missing) && await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var source in sources.Where(s => s.Missing))
                await TryFetchAsync(source, stoppingToken);
        }
    }

    private Source Read(string name, SourceEntry entry, HostAllowList allowed, List<string> faults)
    {
        var place = $"sources.{name}";
        var address = options.Value.Addresses.GetValueOrDefault(name) ?? entry.Address;
        if (address is not { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "" })
        {
            faults.Add($"{place}.address must be an absolute http or https address");
            address = new("http://invalid.invalid");
        }

        foreach (var host in new[] { address.Host, entry.Openapi.Url?.Host })
        {
            if (host is not null && !allowed.Names(host) && !allowed.Covers(host))
                faults.Add($"{place}: the host '{host}' is not allowed; allowed_hosts or Tools:AllowedHosts must name it");
        }

        if (entry.Openapi is { File: null, Url: null } or { File: not null, Url: not null })
            faults.Add($"{place}.openapi needs either a file or a url");
        string? unusable = null;
        (string, string)? credential = null;
        if (entry.Credential is { } wanted)
        {
            if (wanted.Header.Length == 0 || wanted.Secret.Length == 0)
                faults.Add($"{place}.credential needs a header and a secret");
            else if (options.Value.Secrets.GetValueOrDefault(wanted.Secret) is { Length: > 0 } secret)
                credential = (wanted.Header, wanted.Prefix + secret);
            else
                unusable = $"the secret '{wanted.Secret}' is not configured (Tools:Secrets:{wanted.Secret})";
        }

        return new(entry, new(name, address, !allowed.Names(address.Host), credential, unusable, options.Value.MaxResultBytes, clients, time));
    }

    private static FileStream OpenFile(string source, string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (IOException e)
        {
            throw new ToolsFileException([$"sources.{source}.openapi.file: {e.Message}"], e);
        }
    }

    private async Task TryFetchAsync(Source source, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(source.System.PublicOnly ? BusinessSystem.PublicClient : BusinessSystem.Client);
            using var response = await client.GetAsync(source.Entry.Openapi.Url, HttpCompletionOption.ResponseHeadersRead, either.Token);
            response.EnsureSuccessStatusCode();
            var document = await BusinessSystem.ReadAsync(response.Content, MaxDocumentBytes, either.Token)
                ?? throw new ToolsFileException([$"sources.{source.System.Name}.openapi.url: the document is larger than {MaxDocumentBytes} bytes"]);
            using var stream = new MemoryStream(document);
            source.Loaded(await OpenApiTools.ReadAsync(stream, source.Entry, source.System, either.Token));
            LogLoaded(source.System.Name);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ToolsFileException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            source.Failed(e is ToolsFileException ? e.Message : "its OpenAPI document could not be fetched");
            LogNotLoaded(source.System.Name, e);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Read the OpenAPI document of {Source}")]
    private partial void LogLoaded(string source);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The OpenAPI document of {Source} cannot be read; its tools are not available")]
    private partial void LogNotLoaded(string source, Exception exception);

    private sealed class Source(SourceEntry entry, BusinessSystem system)
    {
        private volatile Dictionary<string, ToolDefinition>? tools;
        private volatile string? failure;

        public SourceEntry Entry => entry;
        public BusinessSystem System => system;
        public bool Missing => tools is null;
        public string? Reason => system.Unusable ?? failure ?? (system.CircuitOpen ? "it failed too often lately; calls go through again in a few seconds" : null);

        public bool IsFor(string tenantId) => entry.Tenants.Count == 0 || entry.Tenants.Contains(tenantId);

        public CatalogTool Tool(string name, ToolEntry tool) => new(name, tool, tools?.GetValueOrDefault(name), Reason);

        public void Loaded(IReadOnlyList<ToolDefinition> read)
        {
            tools = read.ToDictionary(t => t.Name, StringComparer.Ordinal);
            failure = null;
        }

        public void Failed(string reason) => failure = reason;
    }
}
