using Mesh.Embedding.Dense;
using Mesh.Embedding.Sparse;
using Mesh.Embedding.Text;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Mesh.Embedding;

/// <summary>
/// What texts are embedded with: the analysis, the sparse encoder and the dense ones. Dictionary and models are read in the background at the start; until
/// then calls are told to come again. The ONNX encoder is the default where one is configured, and nothing takes its place when it fails: vectors of
/// different encoders cannot be compared.
/// </summary>
internal sealed partial class Encoders(IOptions<EmbeddingOptions> options, ILogger<Encoders> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private readonly HashedNgramEncoder _hashed = new();
    private volatile Loaded? _loaded;
    private volatile string? _failure;

    public Bm25SparseEncoder Sparse { get; } = new(options.Value.Sparse);

    /// <exception cref="DependencyUnavailableException">The dictionary is still being read.</exception>
    public TextAnalyzer Analyzer => Ready().Analyzer;

    /// <param name="name">Empty for the default encoder.</param>
    /// <exception cref="DependencyUnavailableException">Still being read.</exception>
    /// <exception cref="PreconditionException">The configured encoder cannot be read.</exception>
    /// <exception cref="NotFoundException">No encoder has this name.</exception>
    public IDenseEncoder Dense(string name)
    {
        var loaded = Ready();
        if (name == _hashed.Name || (name.Length == 0 && options.Value.Onnx.Directory.Length == 0))
            return _hashed;
        if (loaded.Onnx is { } encoder && (name.Length == 0 || name == encoder.Name))
            return encoder;
        throw new NotFoundException("model", name);
    }

    /// <summary>Both sides of an embedding in one word: texts are comparable only under the same one.</summary>
    public string RevisionOf(IDenseEncoder dense) => $"{dense.Revision}|{Sparse.Revision}";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _failure is { } failure ? HealthCheckResult.Unhealthy(failure)
        : _loaded is { } loaded ? HealthCheckResult.Healthy($"default encoder {(loaded.Onnx ?? (IDenseEncoder)_hashed).Name}")
        : HealthCheckResult.Unhealthy("the dictionary and the encoder are still being read"));

    public override void Dispose()
    {
        _loaded?.Onnx?.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(Load, stoppingToken);

    private void Load()
    {
        try
        {
            var analyzer = new TextAnalyzer();
            var encoder = options.Value.Onnx.Directory.Length == 0 ? null : new OnnxEncoder(options.Value.Onnx);
            _loaded = new Loaded(analyzer, encoder);
            LogLoaded((encoder ?? (IDenseEncoder)_hashed).Name);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or Microsoft.ML.OnnxRuntime.OnnxRuntimeException
            or ArgumentException or InvalidOperationException or Newtonsoft.Json.JsonException)
        {
            _failure = $"the encoder cannot be read: {error.Message}";
            LogFailed(error);
        }
    }

    private Loaded Ready() => _loaded ?? (_failure is { } failure
        ? throw new PreconditionException("ENCODER_UNREADABLE", failure)
        : throw new DependencyUnavailableException("encoder", RetryAfter));

    private sealed record Loaded(TextAnalyzer Analyzer, OnnxEncoder? Onnx);

    [LoggerMessage(EventId = 8120, Level = LogLevel.Information, Message = "Encoders are ready; the default one is {Encoder}")]
    private partial void LogLoaded(string encoder);

    [LoggerMessage(EventId = 8121, Level = LogLevel.Error, Message = "The encoder cannot be read; calls are refused until the configuration is mended")]
    private partial void LogFailed(Exception error);
}
