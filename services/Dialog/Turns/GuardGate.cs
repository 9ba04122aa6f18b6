using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.Guard.V1;
using Microsoft.Extensions.Options;
using V1Action = Mesh.Guard.V1.Action;

namespace Mesh.Dialog.Turns;

/// <summary>What the guard said, in the dialog's terms.</summary>
internal enum GuardDecision
{
    Allow,

    /// <summary>Another text instead of this one.</summary>
    Replace,

    /// <summary>Not this at all.</summary>
    Block,

    /// <summary>Somebody may be in danger: comfort, and a person.</summary>
    Care,

    /// <summary>The guard did not answer.</summary>
    Unavailable,
}

/// <param name="Checked">The event of it; null when the guard did not answer.</param>
/// <param name="RedactedText">The text to go on with; null where it stays as it is.</param>
internal sealed record GuardOutcome(GuardDecision Decision, GuardChecked? Checked, string? RedactedText);

/// <summary>
/// Asks the guard. When it does not answer: the input goes on, but nothing with an effect is confirmed in that turn; the output goes on, because everything said without a
/// language model is a template over this customer's own data or a passage word for word.
/// </summary>
internal sealed partial class GuardGate(GuardService.GuardServiceClient client, IOptions<DialogOptions> options, ILogger<GuardGate> log)
{
    public Task<GuardOutcome> CheckInputAsync(Turn turn) => CheckAsync(
        turn,
        "guard_input",
        options.Value.Budgets.GuardInput,
        new CheckRequest { Stage = Stage.Input, Text = turn.Message.Text, ConversationId = turn.State.Key.ConversationId });

    public Task<GuardOutcome> CheckOutputAsync(Turn turn, string text)
    {
        var request = new CheckRequest { Stage = Stage.Output, Text = text, Language = turn.Language, ConversationId = turn.State.Key.ConversationId };
        request.Evidence.Add(turn.Evidence);
        // Templates and fixed texts are the company's own words, filled with this customer's tool results.
        request.Evidence.Add(turn.Parts.Where(part => part.Wording is "template" or "fixed").Select(part => new Evidence { Kind = Evidence.Types.Kind.Template, Text = part.Text }));
        request.CustomerTexts.Add(turn.State.CustomerMessages.TakeLast(20).Select(message => message.Text));
        return CheckAsync(turn, "guard_output", options.Value.Budgets.GuardOutput, request);
    }

    private async Task<GuardOutcome> CheckAsync(Turn turn, string stage, int budget, CheckRequest request)
    {
        try
        {
            var response = await turn.StageAsync(stage, budget, token => client.CheckAsync(request, cancellationToken: token).ResponseAsync);
            return new GuardOutcome(Decide(request.Stage, response), Event(request.Stage, response), response.Action == V1Action.Redact && response.RedactedText.Length > 0 ? response.RedactedText : null);
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            LogUnavailable(stage, exception.GetType().Name, (exception as RpcException)?.StatusCode ?? StatusCode.DeadlineExceeded);
            return new GuardOutcome(GuardDecision.Unavailable, null, null);
        }
    }

    private static GuardDecision Decide(Stage stage, CheckResponse response)
    {
        if (stage == Stage.Input && response.Verdicts.Any(verdict => verdict.Scanner == "care" && verdict.Action > V1Action.Allow))
            return GuardDecision.Care;
        return response.Action switch
        {
            V1Action.Block => GuardDecision.Block,
            V1Action.Replace => GuardDecision.Replace,
            _ => GuardDecision.Allow,
        };
    }

    private static GuardChecked Event(Stage stage, CheckResponse response)
    {
        var happened = new GuardChecked { Stage = stage == Stage.Input ? "input" : "output", Action = Name(response.Action) };
        happened.Findings.Add(response.Verdicts.Select(verdict =>
        {
            var finding = new GuardFinding
            {
                Scanner = verdict.Scanner,
                Category = verdict.Category,
                Score = verdict.Score,
                Threshold = verdict.Threshold,
                Action = Name(verdict.Action),
            };
            finding.Spans.Add(verdict.Spans);
            return finding;
        }));
        return happened;
    }

    private static string Name(V1Action action) => action switch
    {
        V1Action.Flag => "flag",
        V1Action.Redact => "redact",
        V1Action.Replace => "replace",
        V1Action.Block => "block",
        _ => "allow",
    };

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "The guard did not answer {Stage}: {Failure} {Status}")]
    private partial void LogUnavailable(string stage, string failure, StatusCode status);
}
