using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding.Cues;
using Mesh.Dialog.Understanding.Entities;
using Mesh.Dialog.Understanding.Text;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Understanding.Intents;

/// <summary>
/// The classifiers of each set of flows: one by words alone, trained when the flows are first seen, and one with vectors of the embedding service, trained in the background
/// when those can be had and help: an encoder without learned meaning adds nothing to the words and is then not asked. Deterministic for given flows, sentences and encoder.
/// </summary>
internal sealed partial class IntentModels(PhraseBook book, EmbeddingVectors? vectors, IOptions<UnderstandingOptions> options, ILogger<IntentModels> logger)
{
    /// <summary>Sets of flows kept; an older one is trained again when it is asked for.</summary>
    private const int MaxCatalogues = 4;

    /// <summary>Held-out accuracy that vectors must add to be worth a call for every message.</summary>
    private const double WorthwhileGain = 0.01;

    /// <summary>Example sentences name days relative to some day; which one makes no difference, as days are masked.</summary>
    private static readonly DateOnly AnyDay = new(2026, 1, 15);

    private readonly ProductLexicon _products = new(book.Products);
    private readonly ConcurrentDictionary<string, Lazy<Trained>> _trained = new(StringComparer.Ordinal);

    /// <summary>Scores of each text, and whether they had to be found without the embedding service.</summary>
    /// <param name="texts">Normalised and masked.</param>
    public async Task<(IReadOnlyList<IReadOnlyList<IntentScore>> Scores, bool Degraded)> ClassifyAsync(
        FlowCatalogue catalogue, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var trained = Of(catalogue);
        if (vectors is not null && !trained.VectorsDoNotHelp)
        {
            var answer = await vectors.EmbedAsync(texts, training: false, cancellationToken);
            if (answer is not null && trained.WithVectors(answer.Revision) is { } classifier)
                return ([.. texts.Select((text, i) => classifier.Classify(text, answer.Vectors[i]))], false);
            if (answer is not null)
                _ = Task.Run(() => trained.TrainWithVectorsAsync(vectors, answer.Revision, LogTrained, LogVectorsDoNotHelp), CancellationToken.None);
        }

        return ([.. texts.Select(text => trained.Words.Classify(text, null))], vectors is not null && !trained.VectorsDoNotHelp);
    }

    /// <summary>Finds values as these flows' slots state them.</summary>
    public EntityReader Reader(FlowCatalogue catalogue) => Of(catalogue).Reader;

    /// <summary>Share of a masked text's words and characters that any example has.</summary>
    public double Familiarity(FlowCatalogue catalogue, string text) => Of(catalogue).Words.Familiarity(text);

    /// <summary>Whether a customer is understood without waiting.</summary>
    public bool IsTrained(FlowCatalogue catalogue) => _trained.TryGetValue(catalogue.Revision, out var trained) && trained.IsValueCreated;

    /// <summary>Trains both classifiers before the first customer comes.</summary>
    public async Task PrepareAsync(FlowCatalogue catalogue, CancellationToken cancellationToken)
    {
        var trained = Of(catalogue);
        if (vectors is not null && await vectors.EmbedAsync(["."], training: false, cancellationToken) is { } answer)
            await trained.TrainWithVectorsAsync(vectors, answer.Revision, LogTrained, LogVectorsDoNotHelp);
    }

    private Trained Of(FlowCatalogue catalogue)
    {
        if (_trained.Count >= MaxCatalogues && !_trained.ContainsKey(catalogue.Revision))
            _trained.Clear();
        return _trained.GetOrAdd(catalogue.Revision, _ => new Lazy<Trained>(() =>
        {
            var reader = new EntityReader(OrderNumbersOf(catalogue), _products);
            var examples = Examples(catalogue, reader);
            var words = IntentClassifier.Train(examples);
            LogTrained(examples.Count, words.Labels.Count, words.CrossValidatedAccuracy, "words alone");
            return new Trained(reader, examples, words);
        })).Value;
    }

    private List<IntentExample> Examples(FlowCatalogue catalogue, EntityReader reader)
    {
        var examples = new List<IntentExample>();
        foreach (var (name, flow) in catalogue.Flows.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Add(Labels.Flow(name), flow.Examples);
        foreach (var (label, sentences) in book.Sentences.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Add(label, sentences);
        return examples;

        void Add(string label, Examples sentences)
        {
            foreach (var sentence in sentences.Zh.Concat(sentences.En).Distinct(StringComparer.Ordinal))
            {
                var text = NormalizedText.From(sentence);
                examples.Add(new IntentExample(Courtesy.Strip(EntityReader.Mask(text.Text, reader.Read(text, AnyDay, null))), label, null));
            }
        }
    }

    /// <summary>The first pattern of an order number's slot that is letters and a count of digits; otherwise the configured one.</summary>
    private OrderNumbers OrderNumbersOf(FlowCatalogue catalogue)
    {
        foreach (var slot in catalogue.Slots.Values.Where(slot => slot.Type == SlotType.OrderId && slot.Pattern is not null).OrderBy(slot => slot.Name, StringComparer.Ordinal))
        {
            if (LettersAndDigits().Match(slot.Pattern!.ToString()) is { Success: true } match)
                return new OrderNumbers(match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        }

        return new OrderNumbers(options.Value.OrderNumberPrefix, options.Value.OrderNumberDigits);
    }

    [GeneratedRegex(@"^\^?(?:\(\?:)?([A-Z]{0,8})(?:\[0-9\]|\\d)\{([0-9]{1,2})\}\)?\$?$", RegexOptions.CultureInvariant)]
    private static partial Regex LettersAndDigits();

    [LoggerMessage(4202, LogLevel.Information, "Trained on {Examples} sentences of {Labels} kinds, cross-validated accuracy {Accuracy:F3}, by {Features}")]
    private partial void LogTrained(int examples, int labels, double accuracy, string features);

    [LoggerMessage(4203, LogLevel.Information, "Vectors of encoder {Revision} bring held-out accuracy from {Words:F3} to {WithVectors:F3}, less than is worth a call a message: intents are read from words alone")]
    private partial void LogVectorsDoNotHelp(string revision, double words, double withVectors);

    private sealed class Trained(EntityReader reader, IReadOnlyList<IntentExample> examples, IntentClassifier words)
    {
        private int _training;
        private volatile WithRevision? _vectors;

        public EntityReader Reader => reader;

        public IntentClassifier Words => words;

        public IntentClassifier? WithVectors(string revision) => _vectors is { } current && current.Revision == revision ? current.Classifier : null;

        /// <summary>The encoder was tried and adds nothing to the words.</summary>
        public bool VectorsDoNotHelp { get; private set; }

        /// <summary>Does nothing while another call trains.</summary>
        public async Task TrainWithVectorsAsync(EmbeddingVectors vectors, string revision, Action<int, int, double, string> trained, Action<string, double, double> useless)
        {
            if (Interlocked.Exchange(ref _training, 1) == 1)
                return;
            try
            {
                if (WithVectors(revision) is not null || await vectors.EmbedAsync([.. examples.Select(example => example.Text)], training: true, CancellationToken.None) is not { } answer)
                    return;
                IntentExample[] withVectors = [.. examples.Select((example, i) => example with { Vector = answer.Vectors[i] })];
                var (before, after) = (IntentClassifier.HeldOutAccuracy(examples), IntentClassifier.HeldOutAccuracy(withVectors));
                if (after < before + WorthwhileGain)
                {
                    VectorsDoNotHelp = true;
                    useless(answer.Revision, before, after);
                    return;
                }

                var classifier = IntentClassifier.Train(withVectors);
                _vectors = new WithRevision(answer.Revision, classifier);
                trained(examples.Count, classifier.Labels.Count, classifier.CrossValidatedAccuracy, "words and vectors");
            }
            finally
            {
                Interlocked.Exchange(ref _training, 0);
            }
        }

        private sealed record WithRevision(string Revision, IntentClassifier Classifier);
    }
}
