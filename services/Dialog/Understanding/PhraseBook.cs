using System.Reflection;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Intents;

namespace Mesh.Dialog.Understanding;

/// <summary>Example sentences of what belongs to no flow, by class, and the names of what is sold.</summary>
public sealed record PhraseBook(IReadOnlyDictionary<string, Examples> Sentences, IReadOnlyList<string> Products)
{
    private const string Resource = "Mesh.Dialog.Understanding.common.yaml";
    private static readonly string[] PlainLabels =
        [Labels.Knowledge, Labels.HandOver, Labels.Cancel, Labels.Repeat, Labels.Affirm, Labels.Deny, Labels.OutOfScope, Labels.Unclear];

    /// <summary>What customers of any business say: greetings, thanks, the wish for a person, yes and no.</summary>
    public static PhraseBook Common { get; } = ReadCommon();

    /// <summary>The common sentences and those of one business.</summary>
    /// <param name="path">Its understanding.yaml.</param>
    /// <exception cref="InvalidFlowsException">The file is missing or holds mistakes; all are listed.</exception>
    public static PhraseBook Load(string path)
    {
        if (!File.Exists(path))
            throw new InvalidFlowsException([new FlowError(path, 1, "the file of example sentences does not exist")]);
        return Parse(Path.GetFileName(path), File.ReadAllText(path)).With(Common);
    }

    /// <exception cref="InvalidFlowsException">Mistakes in the file; all are listed.</exception>
    public static PhraseBook Parse(string name, string yaml)
    {
        var errors = new List<FlowError>();
        var reader = new YamlReader(name, errors);
        var sentences = new Dictionary<string, Examples>(StringComparer.Ordinal);
        IReadOnlyList<string> products = [];
        if (reader.Root(yaml) is { } root)
        {
            var entries = reader.Mapping(root, "a file of example sentences", ["version", "chit_chat", "products", .. PlainLabels]);
            if (!entries.TryGetValue("version", out var version))
                reader.Error(root, "'version: 1' is missing");
            else
                reader.Integer(version, "version", 1, 1);
            foreach (var label in PlainLabels)
            {
                if (entries.TryGetValue(label, out var node))
                    sentences[label] = reader.Examples(node, label);
            }

            if (entries.TryGetValue("chit_chat", out var chitChat))
            {
                foreach (var (kind, node) in reader.Mapping(chitChat, "chit_chat", [.. ChitChat.Kinds]))
                    sentences[Labels.ChitChat(kind)] = reader.Examples(node, kind);
            }

            if (entries.TryGetValue("products", out var names))
                products = [.. reader.List(names, "products").Select(node => reader.Text(node, "a product"))];
        }

        return errors.Count == 0 ? new PhraseBook(sentences, products) : throw new InvalidFlowsException(errors);
    }

    /// <summary>Both books' sentences and names.</summary>
    public PhraseBook With(PhraseBook other) => new(
        Sentences.Keys.Union(other.Sentences.Keys, StringComparer.Ordinal).ToDictionary(
            label => label,
            label =>
            {
                var (mine, others) = (Sentences.GetValueOrDefault(label, Examples.None), other.Sentences.GetValueOrDefault(label, Examples.None));
                return new Examples([.. mine.Zh, .. others.Zh], [.. mine.En, .. others.En]);
            },
            StringComparer.Ordinal),
        [.. Products, .. other.Products]);

    private static PhraseBook ReadCommon()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"resource {Resource} is not in the assembly");
        using var reader = new StreamReader(stream);
        return Parse("common.yaml", reader.ReadToEnd());
    }
}
