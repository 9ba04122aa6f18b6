using System.Numerics.Tensors;
using Mesh.Dialog.Understanding.Text;

namespace Mesh.Dialog.Understanding.Intents;

/// <summary>One class and how probable it is.</summary>
/// <param name="Probability">0 to 1, calibrated.</param>
internal readonly record struct IntentScore(string Label, double Probability);

/// <summary>An example sentence.</summary>
/// <param name="Text">Normalised and masked.</param>
/// <param name="Vector">What the embedding service says of it; null when it is trained by words alone.</param>
internal sealed record IntentExample(string Text, string Label, TextVector? Vector);

/// <summary>Dense and sparse vector of a text, of the embedding service.</summary>
internal sealed record TextVector(float[] Dense, IReadOnlyList<(uint Term, float Weight)> Sparse);

/// <summary>
/// Tells what a sentence asks for, from example sentences: logistic regression over words, sounds and marks, and over the embedding where there is one.
/// Its probabilities are sharpened or softened by one temperature (Guo et al. 2017), found by five-fold cross-validation on the examples.
/// </summary>
internal sealed class IntentClassifier
{
    private const int Epochs = 15;
    private const int Folds = 5;

    private static readonly float[] BlockWeights = [1f, 0.5f, 0.45f];
    private const float DenseWeight = 1.2f;
    private const float SparseWeight = 0.5f;

    private readonly Vocabulary _vocabulary;
    private readonly SoftmaxRegression _model;
    private readonly string[] _labels;

    private IntentClassifier(Vocabulary vocabulary, SoftmaxRegression model, string[] labels, double temperature, double accuracy)
    {
        _vocabulary = vocabulary;
        _model = model;
        _labels = labels;
        Temperature = temperature;
        CrossValidatedAccuracy = accuracy;
    }

    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Divides the logits; above 1 the bare model was too sure.</summary>
    public double Temperature { get; }

    /// <summary>Share of the examples that a model trained on the other four fifths gets right.</summary>
    public double CrossValidatedAccuracy { get; }

    /// <summary>Whether it was trained with vectors of the embedding service and wants them.</summary>
    public bool UsesVectors => _vocabulary.Dimension > 0;

    /// <exception cref="ArgumentException">Fewer than two labels.</exception>
    public static IntentClassifier Train(IReadOnlyList<IntentExample> examples)
    {
        var labels = examples.Select(example => example.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (labels.Length < 2)
            throw new ArgumentException("at least two labels are needed to tell them apart", nameof(examples));
        var vocabulary = Vocabulary.Of(examples);
        var rows = examples.Select(example => vocabulary.Row(example.Text, example.Vector)).ToArray();
        var heard = examples.Select(example => vocabulary.RowOfSounds(example.Text)).ToArray();
        var classes = examples.Select(example => Array.BinarySearch(labels, example.Label, StringComparer.Ordinal)).ToArray();
        var (temperature, accuracy) = Calibrate(rows, heard, classes, labels.Length, vocabulary.Count);
        var model = Fit(Enumerable.Range(0, rows.Length), rows, heard, classes, labels.Length, vocabulary.Count);
        return new IntentClassifier(vocabulary, model, labels, temperature, accuracy);
    }

    /// <summary>Share of the examples of two folds that a model trained on the others gets right: a quick look whether features are worth having.</summary>
    public static double HeldOutAccuracy(IReadOnlyList<IntentExample> examples)
    {
        const int looked = 2;
        var labels = examples.Select(example => example.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var vocabulary = Vocabulary.Of(examples);
        var rows = examples.Select(example => vocabulary.Row(example.Text, example.Vector)).ToArray();
        var heard = examples.Select(example => vocabulary.RowOfSounds(example.Text)).ToArray();
        var classes = examples.Select(example => Array.BinarySearch(labels, example.Label, StringComparer.Ordinal)).ToArray();
        var logits = OutOfFold(rows, heard, classes, labels.Length, vocabulary.Count, looked);
        var judged = Enumerable.Range(0, rows.Length).Where(i => logits[i] is not null).ToArray();
        return judged.Average(i => Array.IndexOf(logits[i]!, logits[i]!.Max()) == classes[i] ? 1.0 : 0);
    }

    /// <summary>All classes, the most probable first.</summary>
    /// <param name="text">Normalised and masked.</param>
    /// <param name="vector">Needed where <see cref="UsesVectors"/>.</param>
    public IReadOnlyList<IntentScore> Classify(string text, TextVector? vector)
    {
        var scores = _model.Logits(_vocabulary.Row(text, vector));
        for (var k = 0; k < scores.Length; k++)
            scores[k] = (float)(scores[k] / Temperature);
        TensorPrimitives.SoftMax(scores, scores);
        return [.. scores.Select((score, k) => new IntentScore(_labels[k], score)).OrderByDescending(score => score.Probability).ThenBy(score => score.Label, StringComparer.Ordinal)];
    }

    /// <summary>Share of the text's features that any example has: near 0 for a text of another world.</summary>
    public double Familiarity(string text) => _vocabulary.Familiarity(text);

    /// <summary>Rare classes count more, by the square root of how much rarer they are.</summary>
    private static float[] ClassWeights(int[] classes, int count)
    {
        var sizes = new int[count];
        foreach (var k in classes)
            sizes[k]++;
        var mean = (double)classes.Length / count;
        return [.. sizes.Select(size => size == 0 ? 0f : (float)Math.Clamp(Math.Sqrt(mean / size), 0.4, 2))];
    }

    /// <summary>
    /// Each example counts twice where it has sounds: as written, and as it sounds alone. So a homophone, a traditional character or plain pinyin is enough to know it by.
    /// </summary>
    private static SoftmaxRegression Fit(IEnumerable<int> members, FeatureRow[] rows, FeatureRow?[] heard, int[] classes, int count, int features)
    {
        List<FeatureRow> all = [];
        List<int> labels = [];
        foreach (var i in members)
        {
            all.Add(rows[i]);
            labels.Add(classes[i]);
            if (heard[i] is { } sounds)
            {
                all.Add(sounds);
                labels.Add(classes[i]);
            }
        }

        return SoftmaxRegression.Train(all, labels, ClassWeights([.. labels], count), features, Epochs);
    }

    private static (double Temperature, double Accuracy) Calibrate(FeatureRow[] rows, FeatureRow?[] heard, int[] classes, int count, int features)
    {
        var logits = OutOfFold(rows, heard, classes, count, features, Folds);
        var right = Enumerable.Range(0, rows.Length).Count(i => Array.IndexOf(logits[i]!, logits[i]!.Max()) == classes[i]);
        var best = Enumerable.Range(0, 41)
            .Select(step => Math.Exp(-1.2 + (step * 0.07)))
            .MinBy(temperature => Enumerable.Range(0, rows.Length).Sum(i => Surprise(logits[i]!, classes[i], temperature)));
        return (best, (double)right / rows.Length);
    }

    /// <summary>What models say of rows that they were not trained on; null for rows beyond the first <paramref name="folds"/> folds.</summary>
    private static float[]?[] OutOfFold(FeatureRow[] rows, FeatureRow?[] heard, int[] classes, int count, int features, int folds)
    {
        // Every fold gets its share of every class.
        var seen = new int[count];
        var foldOf = classes.Select(k => seen[k]++ % Folds).ToArray();
        var logits = new float[]?[rows.Length];
        for (var fold = 0; fold < folds; fold++)
        {
            var members = Enumerable.Range(0, rows.Length).Where(i => foldOf[i] == fold).ToArray();
            if (members.Length == 0)
                continue;
            var model = Fit(Enumerable.Range(0, rows.Length).Where(i => foldOf[i] != fold), rows, heard, classes, count, features);
            foreach (var i in members)
                logits[i] = model.Logits(rows[i]);
        }

        return logits;
    }

    /// <summary>Negative log-likelihood of the right class.</summary>
    private static double Surprise(float[] logits, int right, double temperature)
    {
        double highest = logits.Max();
        var sum = logits.Sum(logit => Math.Exp((logit - highest) / temperature));
        return Math.Log(sum) - ((logits[right] - highest) / temperature);
    }

    /// <summary>Features that the examples have, with their weights.</summary>
    private sealed class Vocabulary
    {
        private readonly Dictionary<(TextFeatures.Block, ulong), (int Index, float Weight)> _features = [];
        private readonly Dictionary<uint, (int Index, float Weight)> _terms = [];

        public int Count => _features.Count + _terms.Count + Dimension;

        /// <summary>Length of the dense vectors; 0 without.</summary>
        public int Dimension { get; private init; }

        public static Vocabulary Of(IReadOnlyList<IntentExample> examples)
        {
            var vocabulary = new Vocabulary { Dimension = examples.All(example => example.Vector is not null) ? examples[0].Vector!.Dense.Length : 0 };
            foreach (var group in examples.SelectMany(example => TextFeatures.Of(example.Text)).GroupBy(feature => feature))
                vocabulary._features[group.Key] = (vocabulary._features.Count, Rarity(group.Count(), examples.Count));
            if (vocabulary.Dimension > 0)
            {
                foreach (var group in examples.SelectMany(example => example.Vector!.Sparse.Select(term => term.Term)).GroupBy(term => term))
                    vocabulary._terms[group.Key] = (vocabulary._terms.Count, Rarity(group.Count(), examples.Count));
            }

            return vocabulary;
        }

        public double Familiarity(string text)
        {
            var features = TextFeatures.Of(text).Where(feature => feature.Block == TextFeatures.Block.Words).ToArray();
            return features.Length == 0 ? 0 : (double)features.Count(_features.ContainsKey) / features.Length;
        }

        /// <summary>The text's sounds and marks without its characters; null for a text without Chinese characters.</summary>
        public FeatureRow? RowOfSounds(string text)
        {
            if (!text.Any(NormalizedText.IsHan))
                return null;
            var known = TextFeatures.Of(text).Where(feature => feature.Block != TextFeatures.Block.Words && _features.ContainsKey(feature)).ToArray();
            var square = known.Where(feature => feature.Block == TextFeatures.Block.Sounds).Sum(feature => _features[feature].Weight * _features[feature].Weight);
            if (square == 0)
                return null;
            var marks = known.Where(feature => feature.Block == TextFeatures.Block.Marks).Sum(feature => _features[feature].Weight * _features[feature].Weight);
            return new FeatureRow(
                [.. known.Select(feature => _features[feature].Index)],
                [.. known.Select(feature => _features[feature].Weight * BlockWeights[(int)feature.Block] / MathF.Sqrt(feature.Block == TextFeatures.Block.Sounds ? square : marks))]);
        }

        public FeatureRow Row(string text, TextVector? vector)
        {
            var indices = new List<int>(128);
            var values = new List<float>(128);
            Span<float> squares = stackalloc float[3];
            List<int> blocks = [];
            var unknown = 0f;
            foreach (var feature in TextFeatures.Of(text))
            {
                if (!_features.TryGetValue(feature, out var known))
                {
                    // Words that no example has make the known ones count for less.
                    if (feature.Block == TextFeatures.Block.Words)
                        unknown += 1;
                    continue;
                }

                indices.Add(known.Index);
                values.Add(known.Weight);
                blocks.Add((int)feature.Block);
                squares[(int)feature.Block] += known.Weight * known.Weight;
            }

            squares[0] += 0.5f * unknown;
            for (var i = 0; i < values.Count; i++)
                values[i] *= BlockWeights[blocks[i]] / MathF.Sqrt(squares[blocks[i]]);

            if (Dimension > 0 && vector is not null)
                AddVector(indices, values, vector);
            return new FeatureRow([.. indices], [.. values]);
        }

        private void AddVector(List<int> indices, List<float> values, TextVector vector)
        {
            var square = 0f;
            var first = values.Count;
            foreach (var (term, weight) in vector.Sparse)
            {
                if (!_terms.TryGetValue(term, out var known))
                    continue;
                indices.Add(_features.Count + known.Index);
                values.Add(weight * known.Weight);
                square += weight * known.Weight * weight * known.Weight;
            }

            for (var i = first; i < values.Count; i++)
                values[i] *= SparseWeight / MathF.Sqrt(square);
            for (var d = 0; d < Dimension && d < vector.Dense.Length; d++)
            {
                indices.Add(_features.Count + _terms.Count + d);
                values.Add(DenseWeight * vector.Dense[d]);
            }
        }

        /// <summary>Inverse document frequency, damped.</summary>
        private static float Rarity(int count, int all) => MathF.Sqrt(MathF.Log(1 + ((float)all / count)));
    }
}
