using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Entities;
using Mesh.Dialog.Understanding.Intents;
using Mesh.Dialog.Understanding.Reading;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding;

/// <summary>Understands without a language model: rules for values and turns of phrase, a classifier trained on the flows' examples for wishes.</summary>
internal sealed class LocalUnderstanding(IntentModels models) : IUnderstanding
{
    private static readonly Meter Meter = new("Mesh.Dialog");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("mesh.dialog.understanding.duration", "ms", "Time to understand one message");

    public async Task<UnderstandingResult> UnderstandAsync(UnderstandingInput input, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var text = NormalizedText.From(input.Text);
        var language = Languages.Detect(text.Text, input.Language);
        var asked = input.AskedSlot is { } slot && input.Catalogue.Slots.TryGetValue(slot, out var definition) ? definition.Type : (SlotType?)null;
        var reader = models.Reader(input.Catalogue);
        var found = reader.Read(text, input.Today, asked);
        var clauses = Clauses.Split(text.Text);

        List<string> texts = [Courtesy.Strip(EntityReader.Mask(text.Text, found))];
        if (clauses.Count > 1)
            texts.AddRange(clauses.Select(clause => Mask(text.Text, found, clause)));
        var previous = input.RecentCustomerTexts.Count > 0 && text.Text.Length <= 20 ? NormalizedText.From(input.RecentCustomerTexts[^1]) : null;
        if (previous is not null)
            texts.Add(Courtesy.Strip(EntityReader.Mask(previous.Text, reader.Read(previous, input.Today, null))));

        var (scores, degraded) = await models.ClassifyAsync(input.Catalogue, texts, cancellationToken);
        var judgements = new Judgements(
            scores[0],
            clauses.Count > 1 ? [.. scores.Skip(1).Take(clauses.Count)] : [.. clauses.Select(_ => scores[0])],
            previous is null ? null : scores[^1],
            models.Familiarity(input.Catalogue, texts[0]));
        var commands = new CommandReader(input, text, found, clauses, judgements).Read();
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return new UnderstandingResult(
            language, commands, [.. found.Select(entity => new Entity(entity.Type, entity.Value, text.Span(entity.Start, entity.End), entity.Score))], degraded ? "embedding" : "");
    }

    private static string Mask(string text, IReadOnlyList<Found> found, Clause clause) => EntityReader.Mask(
        text[clause.Start..clause.End],
        [.. found.Where(entity => entity.Start >= clause.Start && entity.End <= clause.End).Select(entity => entity with { Start = entity.Start - clause.Start, End = entity.End - clause.Start })]);
}
