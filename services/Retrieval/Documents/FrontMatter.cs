using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mesh.Retrieval.Documents;

/// <summary>What a document states about itself by name: YAML front matter and HTML <c>meta</c> elements share the names.</summary>
internal static class FrontMatter
{
    private const int MaxCharacters = 16_384;
    private const int MaxLabels = 20;

    public static DocumentMetadata Parse(string yaml, DocumentBuilder builder)
    {
        if (yaml.Length > MaxCharacters)
            throw new DocumentRefusedException($"its front matter has more than {MaxCharacters:N0} characters");
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode map)
                return new DocumentMetadata();
            var fields = new List<KeyValuePair<string, string>>();
            foreach (var (key, value) in map)
                if (key is YamlScalarNode { Value: { } name })
                    Collect(name, value, fields);
            return FromFields(fields, builder);
        }
        catch (YamlException error)
        {
            throw new DocumentRefusedException($"its front matter is not valid YAML (line {error.Start.Line})", error);
        }
    }

    public static DocumentMetadata FromFields(IEnumerable<KeyValuePair<string, string>> fields, DocumentBuilder builder)
    {
        var metadata = new DocumentMetadata();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            metadata = name.ToLowerInvariant() switch
            {
                "title" => metadata with { Title = DocumentBuilder.Clean(value) },
                "language" or "lang" => metadata with { Language = value.Trim() },
                "revision" or "version" => metadata with { Revision = value.Trim() },
                "valid_from" => metadata with { ValidFrom = Date(name, value, builder) },
                // A day without a time is valid to its end.
                "valid_until" => metadata with { ValidUntil = Date(name, value, builder) is { } until ? until.AddDays(value.Trim().Length <= 10 ? 1 : 0) : null },
                _ => Label(metadata, name, value),
            };
        }
        return metadata with { Labels = labels };

        DocumentMetadata Label(DocumentMetadata unchanged, string name, string value)
        {
            if (value.Length > 0 && labels.Count < MaxLabels && name.Length <= 64 && value.Length <= 256)
                labels[name] = value.Trim();
            return unchanged;
        }
    }

    /// <summary>Days are days in UTC unless an offset is written.</summary>
    private static DateTimeOffset? Date(string name, string value, DocumentBuilder builder)
    {
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return date;
        builder.Warn($"'{name}' is no date and was ignored");
        return null;
    }

    private static void Collect(string name, YamlNode value, List<KeyValuePair<string, string>> fields)
    {
        switch (value)
        {
            case YamlScalarNode { Value: { } text }:
                fields.Add(new(name, text));
                break;
            case YamlMappingNode nested when name == "labels":
                foreach (var (key, inner) in nested)
                    if (key is YamlScalarNode { Value: { } label } && inner is YamlScalarNode { Value: { } labelValue })
                        fields.Add(new(label, labelValue));
                break;
            case YamlSequenceNode list:
                fields.Add(new(name, string.Join(", ", list.OfType<YamlScalarNode>().Select(item => item.Value))));
                break;
        }
    }
}
