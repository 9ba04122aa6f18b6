using System.Numerics.Tensors;

namespace Mesh.Dialog.Understanding.Intents;

/// <summary>One text as weighted features.</summary>
internal readonly record struct FeatureRow(int[] Indices, float[] Values);

/// <summary>
/// Multinomial logistic regression over sparse rows, trained by AdaGrad (Duchi, Hazan and Singer 2011) with one step size for each feature, in a fixed order:
/// the same rows give the same weights.
/// </summary>
internal sealed class SoftmaxRegression
{
    private const float LearningRate = 0.08f;

    private readonly float[] _weights;
    private readonly float[] _bias;

    private SoftmaxRegression(int classes, int features)
    {
        Classes = classes;
        _weights = new float[features * classes];
        _bias = new float[classes];
    }

    public int Classes { get; }

    /// <param name="labels">Class of each row, from 0.</param>
    /// <param name="weights">How much each class's rows count.</param>
    public static SoftmaxRegression Train(IReadOnlyList<FeatureRow> rows, IReadOnlyList<int> labels, float[] weights, int features, int epochs)
    {
        var classes = weights.Length;
        var model = new SoftmaxRegression(classes, features);
        var squares = new float[features];
        var biasSquares = 0f;
        var gradient = new float[classes];
        var order = Enumerable.Range(0, rows.Count).ToArray();
        // A fixed seed: not for secrets, only to mix the classes.
        var random = new Random(7);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var i in order)
            {
                model.Score(rows[i], gradient);
                TensorPrimitives.SoftMax(gradient, gradient);
                gradient[labels[i]] -= 1;
                TensorPrimitives.Multiply(gradient, weights[labels[i]], gradient);
                var square = TensorPrimitives.SumOfSquares(gradient);
                biasSquares += square;
                TensorPrimitives.MultiplyAdd(gradient, -LearningRate / MathF.Sqrt((biasSquares / classes) + 1e-6f), model._bias, model._bias);
                var (indices, values) = rows[i];
                for (var f = 0; f < indices.Length; f++)
                {
                    squares[indices[f]] += values[f] * values[f] * square;
                    var step = LearningRate * values[f] / MathF.Sqrt((squares[indices[f]] / classes) + 1e-6f);
                    var feature = model._weights.AsSpan(indices[f] * classes, classes);
                    TensorPrimitives.MultiplyAdd(gradient, -step, feature, feature);
                }
            }
        }

        return model;
    }

    /// <summary>Unnormalised log-probabilities.</summary>
    public float[] Logits(FeatureRow row)
    {
        var scores = new float[Classes];
        Score(row, scores);
        return scores;
    }

    private void Score(FeatureRow row, float[] scores)
    {
        _bias.CopyTo(scores, 0);
        var (indices, values) = row;
        for (var f = 0; f < indices.Length; f++)
            TensorPrimitives.MultiplyAdd(_weights.AsSpan(indices[f] * Classes, Classes), values[f], scores, scores);
    }
}
