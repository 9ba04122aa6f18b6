using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Mesh.Dialog.Flows;

/// <summary>
/// Reads flow files. Every mistake in every file is collected; a file with an unknown key, a step that leads nowhere or a template that reads an unknown name is refused as a whole.
/// </summary>
public static partial class FlowLoader
{
    private static readonly string[] HandOverReasons = ["customer_asked", "cannot_handle", "tool_failed", "complaint", "care", "policy", "budget"];
    private static readonly string[] StepKinds = ["collect", "tool", "branch", "say", "link", "hand_over", "knowledge", "set", "clear"];

    /// <summary>Loads all <c>*.yaml</c> files of a folder, in the order of their names.</summary>
    /// <exception cref="InvalidFlowsException">Any mistake in any file.</exception>
    public static FlowCatalogue LoadFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidFlowsException([new FlowError(folder, 1, "the folder of the flows does not exist")]);
        return Load([.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllText(path)))]);
    }

    /// <param name="files">Names, for messages, and contents.</param>
    /// <exception cref="InvalidFlowsException">Any mistake in any file.</exception>
    public static FlowCatalogue Load(IReadOnlyList<(string Name, string Yaml)> files)
    {
        var errors = new List<FlowError>();
        var slots = new Dictionary<string, SlotDefinition>(StringComparer.Ordinal);
        var flows = new Dictionary<string, FlowDefinition>(StringComparer.Ordinal);
        var links = new List<(YamlReader Reader, YamlNode Node, string Flow)>();
        var roots = new List<(YamlReader Reader, Dictionary<string, YamlNode> Root)>();
        foreach (var (name, yaml) in files)
        {
            var reader = new YamlReader(name, errors);
            if (reader.Root(yaml) is not { } node)
                continue;
            var root = reader.Mapping(node, "a flow file", "version", "slots", "flows");
            if (!root.TryGetValue("version", out var version))
                reader.Error(node, "'version: 1' is missing");
            else
                reader.Integer(version, "version", 1, 1);
            roots.Add((reader, root));
        }

        // Slots of all files first: a flow may use those of any file.
        foreach (var (reader, root) in roots)
        {
            if (root.TryGetValue("slots", out var section))
            {
                foreach (var (name, node) in reader.Entries(section, "slots"))
                {
                    CheckName(reader, node, name);
                    if (!slots.TryAdd(name, ReadSlot(reader, name, node)))
                        reader.Error(node, $"slot '{name}' is defined twice");
                }
            }
        }

        foreach (var (reader, root) in roots)
        {
            if (root.TryGetValue("flows", out var section))
            {
                foreach (var (name, node) in reader.Entries(section, "flows"))
                {
                    CheckName(reader, node, name);
                    if (!flows.TryAdd(name, new FlowReader(reader, name, node, slots, links).Read()))
                        reader.Error(node, $"flow '{name}' is defined twice");
                }
            }
        }

        foreach (var (reader, node, flow) in links)
        {
            if (!flows.ContainsKey(flow))
                reader.Error(node, $"there is no flow '{flow}' to link to");
        }

        if (errors.Count > 0)
            throw new InvalidFlowsException([.. errors.OrderBy(error => error.File, StringComparer.Ordinal).ThenBy(error => error.Line)]);
        return new FlowCatalogue(flows, slots, Hash(string.Join('\0', files.Select(file => file.Yaml.ReplaceLineEndings("\n")))));
    }

    private static SlotDefinition ReadSlot(YamlReader reader, string name, YamlNode node)
    {
        var entries = reader.Mapping(node, $"slot '{name}'", "type", "title", "ask", "invalid", "values", "max_length", "pattern");
        HashSet<string> names = [.. FlowScope.FixedNames];
        var type = entries.TryGetValue("type", out var typeNode) ? ReadType(reader, typeNode) : SlotType.Text;
        if (typeNode is null)
            reader.Error(node, $"slot '{name}' has no 'type'");
        var title = entries.TryGetValue("title", out var titleNode) ? reader.Local(titleNode, "title") : new LocalText(name, name);
        if (titleNode is null)
            reader.Error(node, $"slot '{name}' has no 'title'");
        if (!entries.TryGetValue("ask", out var ask))
            reader.Error(node, $"slot '{name}' has no 'ask'");
        List<ChoiceValue> values = [];
        if (entries.TryGetValue("values", out var valuesNode))
        {
            foreach (var (value, valueNode) in reader.Entries(valuesNode, "values"))
            {
                var fields = reader.Mapping(valueNode, $"value '{value}'", "title", "synonyms");
                if (!fields.ContainsKey("title"))
                    reader.Error(valueNode, $"value '{value}' has no 'title'");
                values.Add(new ChoiceValue(
                    value,
                    fields.TryGetValue("title", out var valueTitle) ? reader.Local(valueTitle, "title") : new LocalText(value, value),
                    fields.TryGetValue("synonyms", out var synonyms) ? reader.Examples(synonyms, "synonyms") : Examples.None));
            }
        }

        if ((type == SlotType.Choice) != (values.Count > 0))
            reader.Error(node, type == SlotType.Choice ? $"slot '{name}' of type choice has no 'values'" : $"only slots of type choice have 'values'");
        return new SlotDefinition(
            name,
            type,
            title,
            ask is null ? new LocalTemplate(NoTemplate, NoTemplate) : reader.LocalTemplate(ask, "ask", names),
            entries.TryGetValue("invalid", out var invalid) ? reader.LocalTemplate(invalid, "invalid", names) : null,
            values,
            entries.TryGetValue("max_length", out var maxLength) ? reader.Integer(maxLength, "max_length", 1, 2_000) : 200,
            entries.TryGetValue("pattern", out var pattern) ? ReadPattern(reader, pattern) : null);
    }

    // Without backtracking: a customer's text cannot make it slow.
    private static Regex? ReadPattern(YamlReader reader, YamlNode node)
    {
        try
        {
            return new Regex($"^(?:{reader.Text(node, "pattern")})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            reader.Error(node, $"pattern: {exception.Message}");
            return null;
        }
    }

    private static TextTemplate NoTemplate => new("", new Fluid.Parser.FluidTemplate());

    private static SlotType ReadType(YamlReader reader, YamlNode node)
    {
        SlotType? type = reader.Text(node, "type") switch
        {
            "order_id" => SlotType.OrderId,
            "phone" => SlotType.Phone,
            "date" => SlotType.Date,
            "amount" => SlotType.Amount,
            "number" => SlotType.Number,
            "text" => SlotType.Text,
            "choice" => SlotType.Choice,
            "product" => SlotType.Product,
            "address" => SlotType.Address,
            "boolean" => SlotType.Boolean,
            _ => null,
        };
        if (type is null)
            reader.Error(node, "type must be one of order_id, phone, date, amount, number, text, choice, product, address, boolean");
        return type ?? SlotType.Text;
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void CheckName(YamlReader reader, YamlNode node, string name)
    {
        if (!NamePattern().IsMatch(name))
            reader.Error(node, $"'{name}' is no name: lower-case letters, digits and underscores, beginning with a letter, at most 48 characters");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,47}$")]
    private static partial Regex NamePattern();

    /// <summary>Reads one flow.</summary>
    private sealed class FlowReader(
        YamlReader reader, string name, YamlNode node, Dictionary<string, SlotDefinition> slots, List<(YamlReader, YamlNode, string)> links)
    {
        private readonly HashSet<string> _names = [.. FlowScope.FixedNames];
        private readonly List<(YamlNode Node, string Target)> _targets = [];
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

        public FlowDefinition Read()
        {
            var entries = reader.Mapping(node, $"flow '{name}'", "title", "examples", "requires_customer", "suggested", "steps");
            if (!entries.ContainsKey("title"))
                reader.Error(node, $"flow '{name}' has no 'title'");
            List<FlowStep> steps = [];
            if (entries.TryGetValue("steps", out var stepsNode))
            {
                var nodes = reader.List(stepsNode, "steps");
                // Results of any tool step may be read by any template: a branch can lead back.
                foreach (var step in nodes.OfType<YamlMappingNode>())
                {
                    if (step.Children.TryGetValue("save", out var save) && save is YamlScalarNode { Value: { } saved })
                        _names.Add(saved);
                }

                for (var i = 0; i < nodes.Count; i++)
                {
                    if (ReadStep(nodes[i], i + 1) is { } step)
                        steps.Add(step);
                }
            }

            if (steps.Count is 0 or > 100)
                reader.Error(node, $"flow '{name}' must have 1 to 100 steps");
            foreach (var (targetNode, target) in _targets)
            {
                if (target != FlowStep.End && !_ids.Contains(target))
                    reader.Error(targetNode, $"flow '{name}' has no step '{target}'");
            }

            return new FlowDefinition(
                name,
                entries.TryGetValue("title", out var title) ? reader.Local(title, "title") : new LocalText(name, name),
                entries.TryGetValue("examples", out var examples) ? reader.Examples(examples, "examples") : Examples.None,
                entries.TryGetValue("requires_customer", out var requires) && reader.Boolean(requires, "requires_customer"),
                steps,
                Hash(node.ToString()))
            {
                Suggested = entries.TryGetValue("suggested", out var suggested) && reader.Boolean(suggested, "suggested"),
            };
        }

        private FlowStep? ReadStep(YamlNode stepNode, int number)
        {
            var entries = reader.Entries(stepNode, "a step");
            var kinds = StepKinds.Where(entries.ContainsKey).ToArray();
            if (kinds.Length != 1)
            {
                reader.Error(stepNode, $"a step must have exactly one of {string.Join(", ", StepKinds)}");
                return null;
            }

            var kind = kinds[0];
            var main = entries[kind];
            var id = entries.TryGetValue("id", out var idNode) ? reader.Text(idNode, "id") : $"step_{number}";
            if (id == FlowStep.End || !_ids.Add(id))
                reader.Error(stepNode, $"step id '{id}' is taken");
            string? next = entries.TryGetValue("next", out var nextNode) ? Target(nextNode) : null;
            switch (kind)
            {
                case "collect":
                    Know(stepNode, kind, "choices", "next");
                    return new CollectStep(id, next, Slot(main), entries.TryGetValue("choices", out var choices) ? ReadChoices(choices) : null);
                case "tool":
                    Know(stepNode, kind, "arguments", "save", "on", "next");
                    return new ToolStep(id, next, reader.Text(main, "tool"), Arguments(entries), Save(entries), On(entries));
                case "branch":
                    Know(stepNode, kind);
                    return new BranchStep(id, [.. reader.List(main, "branch").Select(ReadTarget)]);
                case "say":
                    Know(stepNode, kind, "quick_replies", "next");
                    return new SayStep(id, next, reader.LocalTemplate(main, "say", _names), QuickReplies(entries));
                case "link":
                    Know(stepNode, kind);
                    links.Add((reader, main, reader.Text(main, "link")));
                    return new LinkStep(id, reader.Text(main, "link"));
                case "hand_over":
                    Know(stepNode, kind);
                    return new HandOverStep(id, Reason(main));
                case "knowledge":
                    Know(stepNode, kind, "next");
                    return new KnowledgeStep(id, next, reader.LocalTemplate(main, "knowledge", _names));
                case "set":
                    Know(stepNode, kind, "next");
                    var values = new Dictionary<string, TextTemplate>(StringComparer.Ordinal);
                    foreach (var (slot, value) in reader.Entries(main, "set"))
                    {
                        CheckSlot(value, slot);
                        values[slot] = reader.Template(value, $"set.{slot}", _names);
                    }

                    return new SetStep(id, next, values);
                default:
                    Know(stepNode, kind, "next");
                    return new ClearStep(id, next, [.. reader.List(main, "clear").Select(Slot)]);
            }
        }

        private void Know(YamlNode stepNode, string kind, params ReadOnlySpan<string> more) => reader.Mapping(stepNode, $"a {kind} step", [kind, "id", .. more]);

        private string Target(YamlNode targetNode)
        {
            var target = reader.Text(targetNode, "next");
            _targets.Add((targetNode, target));
            return target;
        }

        private string Slot(YamlNode slotNode)
        {
            var slot = reader.Text(slotNode, "slot");
            CheckSlot(slotNode, slot);
            return slot;
        }

        private void CheckSlot(YamlNode slotNode, string slot)
        {
            if (!slots.ContainsKey(slot))
                reader.Error(slotNode, $"there is no slot '{slot}'");
        }

        private string Reason(YamlNode reasonNode)
        {
            var reason = reader.Text(reasonNode, "hand_over");
            if (!HandOverReasons.Contains(reason))
                reader.Error(reasonNode, $"hand_over must be one of {string.Join(", ", HandOverReasons)}");
            return reason;
        }

        private BranchTarget ReadTarget(YamlNode targetNode)
        {
            var entries = reader.Mapping(targetNode, "a branch", "when", "next");
            if (!entries.ContainsKey("next"))
                reader.Error(targetNode, "a branch has no 'next'");
            return new BranchTarget(
                entries.TryGetValue("when", out var when) ? reader.Condition(when, "when", _names) : null,
                entries.TryGetValue("next", out var next) ? Target(next) : FlowStep.End);
        }

        private ToolChoices ReadChoices(YamlNode choicesNode)
        {
            var entries = reader.Mapping(choicesNode, "choices", "tool", "arguments", "items", "value", "title", "when", "ask", "none");
            foreach (var key in (ReadOnlySpan<string>)["tool", "items", "value", "title"])
            {
                if (!entries.ContainsKey(key))
                    reader.Error(choicesNode, $"choices has no '{key}'");
            }

            HashSet<string> itemNames = [.. _names, "item"];
            return new ToolChoices(
                entries.TryGetValue("tool", out var tool) ? reader.Text(tool, "tool") : "",
                Arguments(entries),
                entries.TryGetValue("items", out var items) ? reader.Text(items, "items") : "",
                entries.TryGetValue("value", out var value) ? reader.Template(value, "value", itemNames) : NoTemplate,
                entries.TryGetValue("title", out var title) ? reader.LocalTemplate(title, "title", itemNames) : new LocalTemplate(NoTemplate, NoTemplate),
                entries.TryGetValue("when", out var when) ? reader.Condition(when, "when", itemNames) : null,
                entries.TryGetValue("ask", out var ask) ? reader.LocalTemplate(ask, "ask", _names) : null,
                entries.TryGetValue("none", out var none) ? reader.LocalTemplate(none, "none", _names) : null);
        }

        private Dictionary<string, TextTemplate> Arguments(Dictionary<string, YamlNode> entries) =>
            entries.TryGetValue("arguments", out var arguments)
                ? reader.Entries(arguments, "arguments").ToDictionary(argument => argument.Key, argument => reader.Template(argument.Value, $"arguments.{argument.Key}", _names))
                : [];

        private string? Save(Dictionary<string, YamlNode> entries)
        {
            if (!entries.TryGetValue("save", out var save))
                return null;
            var saved = reader.Text(save, "save");
            CheckName(reader, save, saved);
            if (FlowScope.FixedNames.Contains(saved))
                reader.Error(save, $"'{saved}' cannot be the name of a result");
            return saved;
        }

        private Dictionary<string, string> On(Dictionary<string, YamlNode> entries) =>
            entries.TryGetValue("on", out var on) ? reader.Entries(on, "on").ToDictionary(outcome => outcome.Key, outcome => Target(outcome.Value)) : [];

        private IReadOnlyList<LocalText> QuickReplies(Dictionary<string, YamlNode> entries) =>
            entries.TryGetValue("quick_replies", out var replies) ? [.. reader.List(replies, "quick_replies").Select(reply => reader.Local(reply, "quick_replies"))] : [];
    }
}
