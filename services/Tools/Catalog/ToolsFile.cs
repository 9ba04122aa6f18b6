using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Mesh.Tools.Catalog;

/// <summary>tools.yaml as it is written. Unknown keys are errors.</summary>
internal sealed class ToolsFile
{
    /// <summary>Hosts that tools may call; see <see cref="ToolsOptions.AllowedHosts"/>.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Business systems by name.</summary>
    public Dictionary<string, SourceEntry> Sources { get; set; } = [];

    /// <exception cref="ToolsFileException">The file is not there, is not YAML, or has a key that does not exist.</exception>
    public static ToolsFile Read(string path)
    {
        try
        {
            var reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
            return reader.Deserialize<ToolsFile?>(File.ReadAllText(path)) ?? new();
        }
        catch (YamlException e)
        {
            throw new ToolsFileException([$"line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}"], e);
        }
        catch (IOException e)
        {
            throw new ToolsFileException([e.Message], e);
        }
    }
}

/// <summary>A business system with an OpenAPI document.</summary>
internal sealed class SourceEntry
{
    public DocumentEntry Openapi { get; set; } = new();

    /// <summary>Where the system is: a service name of the mesh (http://shop-api) or an address.</summary>
    public Uri? Address { get; set; }

    public CredentialEntry? Credential { get; set; }

    /// <summary>Tenants that have these tools; all if left out.</summary>
    public List<string> Tenants { get; set; } = [];

    /// <summary>Parameters that the mesh sets itself and no dialog or model can: by their name, "customer.id", "conversation.id", "tenant.id", "idempotency_key", "language" or "deadline_ms".</summary>
    public Dictionary<string, string> Bind { get; set; } = [];

    public LimitsEntry Limits { get; set; } = new();

    public Dictionary<string, ToolEntry> Tools { get; set; } = [];
}

/// <summary>Either a file beside tools.yaml or an address.</summary>
internal sealed class DocumentEntry
{
    public string? File { get; set; }
    public Uri? Url { get; set; }
}

/// <summary>A header and the name of the secret that stands in it.</summary>
internal sealed class CredentialEntry
{
    public string Header { get; set; } = "";

    /// <summary>Name below "Tools:Secrets".</summary>
    public string Secret { get; set; } = "";

    /// <summary>What precedes the secret, for example "Bearer ".</summary>
    public string Prefix { get; set; } = "";
}

/// <summary>Bounds in time; a tool's own override its source's.</summary>
internal sealed class LimitsEntry
{
    /// <summary>A whole call with its repeats, in milliseconds. Default 5,000.</summary>
    public int? TimeoutMs { get; set; }

    /// <summary>One attempt, in milliseconds. Default 2,000.</summary>
    public int? AttemptTimeoutMs { get; set; }

    /// <summary>Repeats of a call that is safe to repeat. Default 2.</summary>
    public int? Retries { get; set; }
}

/// <summary>One operation as a tool.</summary>
internal sealed class ToolEntry
{
    /// <summary>The operation's id in the document; the tool's name if left out.</summary>
    public string? Operation { get; set; }

    /// <summary>By language. The document's summary stands in for a missing one.</summary>
    public Dictionary<string, string> Description { get; set; } = [];

    /// <summary>"read" or "write".</summary>
    public string Effect { get; set; } = "";

    /// <summary>What the customer is asked before a write, by language: Liquid over the arguments.</summary>
    public Dictionary<string, string> Confirm { get; set; } = [];

    /// <summary>Whether a write is asked about at all. Default true.</summary>
    public bool? Confirmation { get; set; }

    /// <summary>Paths of the result that are handed on ("orders.order_number"); everything if left out.</summary>
    public List<string> Pick { get; set; } = [];

    public LimitsEntry Limits { get; set; } = new();
}

/// <summary>tools.yaml or a document it names cannot be used. The message names every fault.</summary>
internal sealed class ToolsFileException(IReadOnlyList<string> faults, Exception? inner = null)
    : Exception($"The tools file cannot be used: {string.Join("; ", faults)}", inner)
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
