using Fluid;

namespace Mesh.Dialog.Flows;

/// <summary>A parsed Liquid template.</summary>
public sealed class TextTemplate
{
    private readonly IFluidTemplate _template;

    internal TextTemplate(string source, IFluidTemplate template) => (Source, _template) = (source, template);

    public string Source { get; }

    /// <exception cref="FlowFailedException">The template ran into its limits.</exception>
    public string Render(IReadOnlyDictionary<string, object?> scope) => Liquid.Render(_template, scope);

    public override string ToString() => Source;
}

/// <summary>A template in both languages.</summary>
public sealed record LocalTemplate(TextTemplate Zh, TextTemplate En)
{
    public TextTemplate In(string language) => language == "en" ? En : Zh;
}

/// <summary>A parsed Liquid condition, as it stands in <c>{% if %}</c>.</summary>
public sealed class Condition
{
    private readonly IFluidTemplate _template;

    internal Condition(string source, IFluidTemplate template) => (Source, _template) = (source, template);

    public string Source { get; }

    public bool Holds(IReadOnlyDictionary<string, object?> scope) => Liquid.Render(_template, scope).Length > 0;

    public override string ToString() => Source;
}
