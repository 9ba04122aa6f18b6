using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mesh.Dialog.Flows;

/// <summary>Reads YAML nodes and collects every mistake with its line, so that an author sees all of them at once.</summary>
internal sealed class YamlReader(string file, List<FlowError> errors)
{
    public void Error(YamlNode node, string message) => errors.Add(new FlowError(file, (int)node.Start.Line, message));

    /// <summary>Null, with an error, when the text is not one YAML document whose root is a mapping.</summary>
    public YamlMappingNode? Root(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            errors.Add(new FlowError(file, (int)exception.Start.Line, exception.Message));
            return null;
        }

        if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
            return root;
        errors.Add(new FlowError(file, 1, "one YAML document with a mapping at its root is expected"));
        return null;
    }

    /// <summary>The mapping's entries by key; keys that are not <paramref name="known"/> are errors.</summary>
    public Dictionary<string, YamlNode> Mapping(YamlNode node, string what, params ReadOnlySpan<string> known)
    {
        var entries = Entries(node, what);
        foreach (var (key, value) in entries)
        {
            if (!known.Contains(key))
                Error(value, $"{what} does not know '{key}'; known are {string.Join(", ", known.ToArray())}");
        }

        return entries;
    }

    /// <summary>Entries of a mapping whose keys the author chooses.</summary>
    public Dictionary<string, YamlNode> Entries(YamlNode node, string what)
    {
        var entries = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (node is not YamlMappingNode mapping)
        {
            Error(node, $"{what} must be a mapping");
            return entries;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } name })
                entries[name] = value;
            else
                Error(key, $"{what} has a key that is not a text");
        }

        return entries;
    }

    public IReadOnlyList<YamlNode> List(YamlNode node, string what)
    {
        if (node is YamlSequenceNode sequence)
            return [.. sequence.Children];
        Error(node, $"{what} must be a list");
        return [];
    }

    public string Text(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { } value } && !string.IsNullOrWhiteSpace(value))
            return value.Trim();
        Error(node, $"{what} must be a text");
        return "";
    }

    public IReadOnlyList<string> Texts(YamlNode node, string what) => [.. List(node, what).Select(item => Text(item, what))];

    public bool Boolean(YamlNode node, string what)
    {
        switch ((node as YamlScalarNode)?.Value)
        {
            case "true":
                return true;
            case "false":
                return false;
            default:
                Error(node, $"{what} must be true or false");
                return false;
        }
    }

    public int Integer(YamlNode node, string what, int min, int max)
    {
        if (int.TryParse((node as YamlScalarNode)?.Value, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        Error(node, $"{what} must be a whole number from {min} to {max}");
        return min;
    }

    public LocalText Local(YamlNode node, string what)
    {
        var entries = Mapping(node, what, "zh", "en");
        return new LocalText(Required(entries, "zh"), Required(entries, "en"));

        string Required(Dictionary<string, YamlNode> texts, string language)
        {
            if (texts.TryGetValue(language, out var text))
                return Text(text, $"{what}.{language}");
            Error(node, $"{what} has no '{language}'");
            return "";
        }
    }

    public Examples Examples(YamlNode node, string what)
    {
        var entries = Mapping(node, what, "zh", "en");
        return new Examples(
            entries.TryGetValue("zh", out var zh) ? Texts(zh, $"{what}.zh") : [],
            entries.TryGetValue("en", out var en) ? Texts(en, $"{what}.en") : []);
    }

    /// <summary>A template that reads no other names than <paramref name="names"/>.</summary>
    public TextTemplate Template(YamlNode node, string what, IReadOnlySet<string> names) =>
        Parse(node, Text(node, what), what, names) is { } parsed ? new TextTemplate(parsed.Source, parsed.Template) : new TextTemplate("", EmptyTemplate);

    public LocalTemplate LocalTemplate(YamlNode node, string what, IReadOnlySet<string> names)
    {
        var text = Local(node, what);
        return new LocalTemplate(In(text.Zh, $"{what}.zh"), In(text.En, $"{what}.en"));

        TextTemplate In(string source, string where) =>
            Parse(node, source, where, names) is { } parsed ? new TextTemplate(parsed.Source, parsed.Template) : new TextTemplate("", EmptyTemplate);
    }

    public Condition Condition(YamlNode node, string what, IReadOnlySet<string> names)
    {
        var source = Text(node, what);
        if (source.Contains("%}", StringComparison.Ordinal))
        {
            Error(node, $"{what} must be one condition");
            return new Condition("", EmptyTemplate);
        }

        return Parse(node, $"{{% if {source} %}}1{{% endif %}}", what, names) is { } parsed ? new Condition(source, parsed.Template) : new Condition("", EmptyTemplate);
    }

    private static readonly Fluid.IFluidTemplate EmptyTemplate = new Fluid.Parser.FluidTemplate();

    private (string Source, Fluid.IFluidTemplate Template)? Parse(YamlNode node, string source, string what, IReadOnlySet<string> names)
    {
        if (!Liquid.TryParse(source, out var template, out var roots, out var error) || template is null)
        {
            Error(node, $"{what}: {error}");
            return null;
        }

        foreach (var root in roots)
        {
            if (!names.Contains(root))
                Error(node, $"{what} reads '{root}', which is not known there; known are {string.Join(", ", names.Order(StringComparer.Ordinal))}");
        }

        return (source, template);
    }
}
