using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Mesh.Dialog.Flows;

/// <summary>
/// The flows' one expression language: Liquid, over plain values only (texts, numbers, lists, dictionaries), so that a template can reach nothing else of the process.
/// Bounded in steps and recursion; texts are not HTML, nothing is escaped.
/// </summary>
internal static class Liquid
{
    // A fixed offset: China has no daylight saving, and invariant globalization needs no time zone files then.
    private static readonly TimeZoneInfo ChinaStandardTime = TimeZoneInfo.CreateCustomTimeZone("Asia/Shanghai", TimeSpan.FromHours(8), "Asia/Shanghai", "Asia/Shanghai");

    private static readonly FluidParser Parser = new(new FluidParserOptions { AllowParentheses = true });
    private static readonly TemplateOptions Options = CreateOptions();

    /// <summary>Parses a template.</summary>
    /// <param name="source">Liquid source.</param>
    /// <param name="template">The parsed template.</param>
    /// <param name="roots">Names at the beginning of paths that the template reads and does not assign itself.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParse(string source, out IFluidTemplate? template, out IReadOnlySet<string> roots, out string? error)
    {
        roots = new HashSet<string>();
        if (!Parser.TryParse(source, out template, out error))
        {
            error = error?.Split('\n')[0];
            return false;
        }

        var names = new NameCollector();
        names.VisitTemplate(template);
        if (names.UnknownFilters.Count > 0)
        {
            error = $"unknown filter '{names.UnknownFilters[0]}'";
            return false;
        }

        roots = names.Roots;
        return true;
    }

    /// <exception cref="FlowFailedException">The template ran into its limits or used a value in a way that fails.</exception>
    public static string Render(IFluidTemplate template, IReadOnlyDictionary<string, object?> scope)
    {
        var context = new TemplateContext(Options);
        foreach (var (name, value) in scope)
            context.SetValue(name, value);
        try
        {
            return template.Render(context, NullEncoder.Default).Trim();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new FlowFailedException($"A template failed: {exception.Message}", exception);
        }
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions
        {
            CultureInfo = CultureInfo.InvariantCulture,
            MaxSteps = 2_000,
            MaxRecursion = 20,
            TimeZone = ChinaStandardTime,
        };
        options.Filters.AddFilter("money", (input, _, _) => new StringValue(input.IsNil() ? "" : input.ToNumberValue().ToString("0.00", CultureInfo.InvariantCulture)));
        return options;
    }

    private sealed class NameCollector : AstVisitor
    {
        private readonly HashSet<string> _assigned = new(StringComparer.Ordinal) { "forloop", "blank", "empty" };
        private readonly HashSet<string> _read = new(StringComparer.Ordinal);

        public List<string> UnknownFilters { get; } = [];

        public IReadOnlySet<string> Roots => _read.Except(_assigned).ToHashSet(StringComparer.Ordinal);

        protected override Expression VisitMemberExpression(MemberExpression memberExpression)
        {
            if (memberExpression.Segments.Count > 0 && memberExpression.Segments[0] is IdentifierSegment root)
                _read.Add(root.Identifier);
            return base.VisitMemberExpression(memberExpression);
        }

        protected override Expression VisitFilterExpression(FilterExpression filterExpression)
        {
            if (!Options.Filters.TryGetValue(filterExpression.Name, out _))
                UnknownFilters.Add(filterExpression.Name);
            return base.VisitFilterExpression(filterExpression);
        }

        protected override Statement VisitForStatement(ForStatement forStatement)
        {
            _assigned.Add(forStatement.Identifier);
            return base.VisitForStatement(forStatement);
        }

        protected override Statement VisitAssignStatement(AssignStatement assignStatement)
        {
            _assigned.Add(assignStatement.Identifier);
            return base.VisitAssignStatement(assignStatement);
        }

        protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
        {
            _assigned.Add(captureStatement.Identifier);
            return base.VisitCaptureStatement(captureStatement);
        }
    }
}
