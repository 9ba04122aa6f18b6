using Mesh.Guard.Checks;
using Mesh.Guard.Output;
using Mesh.Guard.Privacy;
using Mesh.Guard.Profiles;
using Mesh.Guard.Text;

using Microsoft.Extensions.Time.Testing;


namespace Mesh.Guard.Tests;

/// <summary>The service's parts without its process, with the sample shop's guard.yaml.</summary>
internal static class Guards
{
    public static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero));

    public static readonly string ShopYaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "guard.yaml"));

    public static readonly TenantProfiles Profiles = new(ShopYaml);

    public static readonly PrivacyScanner Privacy = new(Time);

    public static readonly Checker Checker = Make(Profiles);

    public static Checker Make(TenantProfiles profiles)
    {
        var options = new GuardOptions();
        return new Checker(profiles, Privacy, new AnswerScanner(Privacy, options));
    }

    /// <summary>Personal data as "category=the words in the original".</summary>
    public static string[] Find(string text)
    {
        var identifiers = IdentifierScanner.Find(new NormalizedText(text).Plain.Text, Profiles.For("default").Identifiers).Select(i => i.Range).ToList();
        return [.. Privacy.Scan(new NormalizedText(text), identifiers).Select(p => $"{p.Category}={text[p.Span.Start..p.Span.End]}")];
    }
}
