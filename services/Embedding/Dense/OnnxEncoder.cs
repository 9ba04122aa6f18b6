using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Mesh.Embedding.Dense;

/// <summary>Any sentence encoder in ONNX format, on the CPU, in batches of texts of like length.</summary>
internal sealed class OnnxEncoder : IDenseEncoder, IDisposable
{
    private const string ReadyOutput = "sentence_embedding";
    private readonly OnnxOptions _options;
    private readonly OnnxTokenizer _tokenizer;
    private readonly InferenceSession _session;
    private readonly Pooling _pooling;
    private readonly string _output;
    private readonly bool _tokenTypes;

    /// <summary>Reads the folder: seconds for a large model.</summary>
    /// <exception cref="InvalidDataException">The graph has inputs or outputs that are not a sentence encoder's.</exception>
    public OnnxEncoder(OnnxOptions options)
    {
        _options = options;
        var model = Path.Combine(options.Directory, options.ModelFile);
        _tokenizer = OnnxTokenizer.Open(options.Directory);
        using var session = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            IntraOpNumThreads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(model, session);
        var unknown = _session.InputNames.Except(["input_ids", "attention_mask", "token_type_ids"]).ToArray();
        if (unknown.Length > 0)
            throw new InvalidDataException($"The model wants inputs that a sentence encoder does not have: {string.Join(", ", unknown)}.");
        _tokenTypes = _session.InputNames.Contains("token_type_ids");
        _pooling = options.Pooling != Pooling.Auto ? options.Pooling : _session.OutputNames.Contains(ReadyOutput) ? Pooling.Output : Pooling.Mean;
        _output = _pooling == Pooling.Output ? ReadyOutput
            : _session.OutputMetadata.FirstOrDefault(output => output.Value.Dimensions.Length == 3).Key
                ?? throw new InvalidDataException("The model has no output with one vector for each token.");
        if (!_session.OutputMetadata.TryGetValue(_output, out var shape) || shape.Dimensions[^1] <= 0)
            throw new InvalidDataException($"The model has no output '{_output}' of known width.");
        Dimension = shape.Dimensions[^1];
        Name = options.Name.Length > 0 ? options.Name : new DirectoryInfo(options.Directory).Name;
        Revision = $"{Name}-{HashFiles([model, model + "_data", model + ".data", _tokenizer.File])};{_pooling};{options.QueryPrefix};{options.PassagePrefix};{options.MaxTokens}";
    }

    public string Name { get; }

    public string Revision { get; }

    public int Dimension { get; }

    public int MaxTokens => _options.MaxTokens;

    public string Description => $"ONNX sentence encoder '{Name}', {_pooling} pooling";

    public IReadOnlyList<DenseEmbedding> Encode(IReadOnlyList<AnalyzedText> texts, bool query, CancellationToken cancellationToken)
    {
        var prefix = query ? _options.QueryPrefix : _options.PassagePrefix;
        var encoded = texts.Select(text => _tokenizer.Encode(prefix + text.Text)).ToArray();
        var result = new DenseEmbedding[texts.Count];
        var order = Enumerable.Range(0, texts.Count).OrderBy(i => encoded[i].Count).ToArray();
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var stop = cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, run);
        foreach (var batch in order.Chunk(_options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Run(batch, encoded, result, run);
            }
            catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }
        return result;
    }

    public int CountTokens(AnalyzedText text) => _tokenizer.Encode(text.Text).Count;

    public IReadOnlyList<EncoderToken> Tokenize(AnalyzedText text)
    {
        var tokens = new List<EncoderToken>();
        var cursor = 0;
        foreach (var (id, piece) in _tokenizer.Encode(text.Text))
        {
            var surface = piece.Replace("\u2581", "", StringComparison.Ordinal);
            if (surface.StartsWith("##", StringComparison.Ordinal))
                surface = surface[2..];
            // Where the normaliser changed the characters, the piece is taken to stand where the last one ended.
            var found = surface.Length == 0 ? -1 : text.Text.IndexOf(surface, cursor, Math.Min(text.Text.Length - cursor, surface.Length + 8), StringComparison.OrdinalIgnoreCase);
            var start = found >= 0 ? found : cursor;
            cursor = Math.Min(text.Text.Length, start + surface.Length);
            tokens.Add(new EncoderToken(id, piece, start, cursor, surface.Any(char.IsLetterOrDigit)));
        }
        return tokens;
    }

    public void Dispose() => _session.Dispose();

    private void Run(int[] batch, List<(int Id, string Piece)>[] encoded, DenseEmbedding[] result, RunOptions run)
    {
        var read = _options.MaxTokens - 2;
        var width = batch.Max(i => Math.Min(encoded[i].Count, read)) + 2;
        var ids = new long[batch.Length * width];
        var mask = new long[batch.Length * width];
        Array.Fill(ids, _tokenizer.Padding);
        for (var row = 0; row < batch.Length; row++)
        {
            var tokens = encoded[batch[row]];
            var count = Math.Min(tokens.Count, read);
            var at = row * width;
            ids[at] = _tokenizer.First;
            for (var k = 0; k < count; k++)
                ids[at + 1 + k] = tokens[k].Id;
            ids[at + 1 + count] = _tokenizer.Last;
            mask.AsSpan(at, count + 2).Fill(1);
        }
        long[] shape = [batch.Length, width];
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = _tokenTypes ? OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape) : null;
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = idValue, ["attention_mask"] = maskValue };
        if (typeValue is not null)
            inputs["token_type_ids"] = typeValue;
        using var outputs = _session.Run(run, inputs, [_output]);
        var values = outputs[0].GetTensorDataAsSpan<float>();
        for (var row = 0; row < batch.Length; row++)
        {
            var tokens = Math.Min(encoded[batch[row]].Count, read) + 2;
            var vector = _pooling == Pooling.Output
                ? values.Slice(row * Dimension, Dimension).ToArray()
                : Pool(values.Slice(row * width * Dimension, tokens * Dimension), tokens);
            var norm = TensorPrimitives.Norm<float>(vector);
            if (norm > 0)
                TensorPrimitives.Divide(vector, norm, vector);
            result[batch[row]] = new DenseEmbedding(vector, encoded[batch[row]].Count, encoded[batch[row]].Count > read);
        }
    }

    private float[] Pool(ReadOnlySpan<float> rows, int tokens)
    {
        if (_pooling == Pooling.Cls)
            return rows[..Dimension].ToArray();
        if (_pooling == Pooling.Last)
            return rows[((tokens - 1) * Dimension)..].ToArray();
        var sum = new float[Dimension];
        for (var token = 0; token < tokens; token++)
            TensorPrimitives.Add(sum, rows.Slice(token * Dimension, Dimension), sum);
        TensorPrimitives.Divide(sum, tokens, sum);
        return sum;
    }

    private static string HashFiles(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths.Where(File.Exists))
        {
            using var stream = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
