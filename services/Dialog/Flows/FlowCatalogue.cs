namespace Mesh.Dialog.Flows;

/// <summary>All flows and slots that a dialog can use; immutable.</summary>
/// <param name="Revision">Hash of all definitions, lower-case hexadecimal: the same texts and steps give the same one.</param>
public sealed record FlowCatalogue(IReadOnlyDictionary<string, FlowDefinition> Flows, IReadOnlyDictionary<string, SlotDefinition> Slots, string Revision)
{
    public static readonly FlowCatalogue Empty = new(new Dictionary<string, FlowDefinition>(), new Dictionary<string, SlotDefinition>(), "");

    /// <summary>Tools that any flow calls.</summary>
    public IEnumerable<string> Tools => Flows.Values.SelectMany(flow => flow.Steps).SelectMany(step => step switch
    {
        ToolStep tool => (IEnumerable<string>)[tool.Tool],
        CollectStep { Choices: { } choices } => [choices.Tool],
        _ => [],
    }).Distinct(StringComparer.Ordinal);
}
