using Mesh.Guard.Profiles;
using Mesh.Guard.V1;

using Microsoft.Extensions.Options;

using Action = Mesh.Guard.V1.Action;

namespace Mesh.Guard.Tests;

public sealed class ProfileTests
{
    [Fact]
    public void Load_BrokenFile_NamesEveryFaultAtOnce()
    {
        var yaml = """
            identifiers:
              - { name: order, pattern: '(?<=x)SO' }
            policies:
              injection: { input: { flag: 2 }, nowhere: { flag: 0.5 } }
              magic: { input: { flag: 0.5 } }
            rules:
              - { id: a, category: c, weight: 3, terms: [[x]] }
              - { id: b, category: c, weight: 0.5 }
              - { id: c, category: c, weight: 0.5, terms: [[$missing]] }
              - { id: d, category: c, weight: 0.5, terms: [["。"]] }
            disabled_rules: [no.such]
            """;

        var error = Assert.Throws<OptionsValidationException>(() => new TenantProfiles(yaml));

        string[] expected = ["pattern", "flag is 2", "'nowhere'", "'magic'", "weight is 3", "rule 'b'", "'missing'", "rule 'd'", "no.such"];
        Assert.All(expected, e => Assert.Contains(error.Failures, f => f.Contains(e, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("rulez: []")]
    [InlineData("rules: [{ id: a, wieght: 1 }]")]
    [InlineData("rules: {")]
    public void Load_UnknownKeysOrBrokenYaml_AreErrorsWithALine(string yaml)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new TenantProfiles(yaml));

        Assert.Contains("line", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TenantRules_ApplyToThatTenantAlone()
    {
        var checker = Guards.Make(new TenantProfiles("""
            tenants:
              acme:
                deny_topics:
                  - { name: rival, terms: [[对手公司]] }
                policies: { topic: { input: { replace: 0.9 } } }
                disabled_rules: [abuse.zh]
            """));

        CheckResponse Check(string tenant, string text) => checker.Check(tenant, new CheckRequest { Stage = Stage.Input, Text = text });

        Assert.Equal(Action.Replace, Check("acme", "对手公司好吗").Action);
        Assert.Equal(Action.Allow, Check("other", "对手公司好吗").Action);
        Assert.Equal(Action.Allow, Check("acme", "傻逼").Action);
        Assert.Equal(Action.Flag, Check("other", "傻逼").Action);
    }

    [Fact]
    public void Check_OwnIdentifiers_AreNoPersonalData()
    {
        var checker = Guards.Make(new TenantProfiles("identifiers: [{ name: order, pattern: '1380[0-9]{7}' }]"));

        Assert.Equal(Action.Allow, checker.Check("t", new CheckRequest { Stage = Stage.Input, Text = "13800000001" }).Action);
    }
}
