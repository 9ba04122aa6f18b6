using Microsoft.Extensions.Options;

using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Mesh.Guard.Profiles;

/// <summary>The built-in rules with guard.yaml on top, for each tenant. Read once at the start.</summary>
internal sealed class TenantProfiles
{
    private readonly Profile _shared;
    private readonly Dictionary<string, Profile> _tenants = [];

    /// <exception cref="OptionsValidationException">The file cannot be read or breaks its rules; every fault is named.</exception>
    public TenantProfiles(string? yaml)
    {
        var errors = new List<string>();
        var builtin = Read<GuardSection>(BuiltIn(), "the built-in rules", errors);
        var file = yaml is null ? new GuardFile() : Read<GuardFile>(yaml, "guard.yaml", errors);
        _shared = new ProfileBuilder(errors).Add(builtin, "built-in").Add(file, "guard.yaml").Build();
        foreach (var (tenant, section) in file.Tenants)
            _tenants[tenant] = new ProfileBuilder(errors).Add(builtin, "built-in").Add(file, "guard.yaml").Add(section, $"guard.yaml: tenants: {tenant}").Build();
        if (errors.Count > 0)
            throw new OptionsValidationException(GuardOptions.Section, typeof(GuardOptions), errors.Distinct());
    }

    public Profile For(string tenant) => _tenants.GetValueOrDefault(tenant, _shared);

    public static TenantProfiles Load(GuardOptions options)
    {
        if (options.RulesFile.Length == 0)
            return new TenantProfiles(null);
        try
        {
            return new TenantProfiles(File.ReadAllText(options.RulesFile));
        }
        catch (IOException e)
        {
            throw new OptionsValidationException(GuardOptions.Section, typeof(GuardOptions), [$"{GuardOptions.Section}:{nameof(GuardOptions.RulesFile)}: {e.Message}"]);
        }
    }

    private static T Read<T>(string yaml, string name, List<string> errors) where T : new()
    {
        try
        {
            return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<T>(yaml) ?? new T();
        }
        catch (YamlException e)
        {
            errors.Add($"{name}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}");
            return new T();
        }
    }

    private static string BuiltIn()
    {
        using var stream = typeof(TenantProfiles).Assembly.GetManifestResourceStream("Mesh.Guard.builtin.yaml")
            ?? throw new InvalidOperationException("the built-in rules are not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
