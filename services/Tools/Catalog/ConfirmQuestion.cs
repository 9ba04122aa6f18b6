using System.Text.Json.Nodes;
using Fluid;
using Fluid.Values;

namespace Mesh.Tools.Catalog;

/// <summary>What a customer is asked before an effect, by language: Liquid over the arguments.</summary>
internal sealed class ConfirmQuestion
{
    private const string Fallback = "zh";
    private static readonly FluidParser Parser = new();

    private static readonly TemplateOptions Options = new()
    {
        // A template over a few arguments needs no more.
        MaxSteps = 10_000,
        MaxRecursion = 20,
    };

    private readonly Dictionary<string, IFluidTemplate> templates;

    private ConfirmQuestion(Dictionary<string, IFluidTemplate> templates) => this.templates = templates;

    /// <summary>Parses the templates; adds what is wrong to <paramref name="faults"/>.</summary>
    public static ConfirmQuestion Parse(IReadOnlyDictionary<string, string> texts, string place, List<string> faults)
    {
        var templates = new Dictionary<string, IFluidTemplate>();
        foreach (var (language, text) in texts)
        {
            if (Parser.TryParse(text, out var template, out var error))
                templates[language] = template;
            else
                faults.Add($"{place}.{language}: {error}");
        }

        if (!texts.ContainsKey(Fallback))
            faults.Add($"{place}.{Fallback} is missing: a write must be confirmed, or say `confirmation: false`");
        return new(templates);
    }

    /// <summary>The question in the language asked for, in Chinese if there is none in it.</summary>
    public string Render(JsonObject arguments, string language)
    {
        var context = new TemplateContext(Options) { CultureInfo = System.Globalization.CultureInfo.InvariantCulture };
        foreach (var (name, value) in arguments)
            context.SetValue(name, Liquid(value));
        return templates.GetValueOrDefault(language, templates[Fallback]).Render(context, NullEncoder.Default).Trim();
    }

    private static FluidValue Liquid(JsonNode? node) => node switch
    {
        null => NilValue.Instance,
        JsonArray array => new ArrayValue(array.Select(Liquid).ToList()),
        JsonObject members => new DictionaryValue(new FluidValueDictionaryFluidIndexable(members.ToDictionary(m => m.Key, m => Liquid(m.Value)))),
        JsonValue value when value.TryGetValue<bool>(out var flag) => BooleanValue.Create(flag),
        JsonValue value when value.TryGetValue<decimal>(out var number) => NumberValue.Create(number),
        _ => new StringValue(node.ToString()),
    };
}
