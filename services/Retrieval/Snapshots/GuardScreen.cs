using Grpc.Core;
using Mesh.Guard.V1;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Retrieval.Snapshots;

internal enum GuardOutcome
{
    Allowed,
    Quarantined,
    /// <summary>The guard did not answer.</summary>
    Unchecked,
}

internal readonly record struct GuardResult(GuardOutcome Outcome, string Reason);

/// <summary>Has the guard look at a document before it can be found: text that gives instructions to the assistant must not reach it as knowledge.</summary>
internal sealed partial class GuardScreen(GuardService.GuardServiceClient guard, IOptions<RetrievalOptions> options, TimeProvider time, ILogger<GuardScreen> logger)
{
    private const int WindowCharacters = 16_000;
    private const int OverlapCharacters = 400;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    public bool IsOn => options.Value.Guard;

    /// <summary>Throws while the guard does not answer, so that a folder is not ingested only to be held back.</summary>
    /// <exception cref="DependencyUnavailableException">The guard does not answer.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (IsOn && (await CheckAsync("probe", "en", cancellationToken)).Outcome == GuardOutcome.Unchecked)
            throw new DependencyUnavailableException("guard", TimeSpan.FromSeconds(1));
    }

    public async Task<GuardResult> CheckAsync(string text, string language, CancellationToken cancellationToken)
    {
        var warned = "";
        for (var start = 0; start < text.Length; start += WindowCharacters - OverlapCharacters)
        {
            var window = text.Substring(start, Math.Min(WindowCharacters, text.Length - start));
            try
            {
                var response = await guard.CheckAsync(new CheckRequest { Stage = Stage.Retrieval, Text = window, Language = language.Length > 2 ? language[..2] : language },
                    deadline: time.GetUtcNow().UtcDateTime + CallLimit, cancellationToken: cancellationToken);
                var scanners = string.Join(", ", response.Verdicts.Where(verdict => verdict.Action >= Mesh.Guard.V1.Action.Flag).Select(verdict => $"{verdict.Scanner}/{verdict.Category}").Distinct());
                if (response.Action is Mesh.Guard.V1.Action.Replace or Mesh.Guard.V1.Action.Block)
                    return new GuardResult(GuardOutcome.Quarantined, $"the guard holds it back: {scanners}");
                if (response.Action == Mesh.Guard.V1.Action.Flag)
                    warned = $"the guard noted: {scanners}";
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted && !cancellationToken.IsCancellationRequested)
            {
                LogUnavailable(error.StatusCode);
                return new GuardResult(GuardOutcome.Unchecked, "the guard did not answer, so it is not checked");
            }
        }
        return new GuardResult(GuardOutcome.Allowed, warned);
    }

    [LoggerMessage(EventId = 8140, Level = LogLevel.Warning, Message = "The guard does not answer ({Status}); documents stay unchecked and the snapshot will not be activated")]
    private partial void LogUnavailable(StatusCode status);
}
