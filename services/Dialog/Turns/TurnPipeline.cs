using Google.Protobuf.WellKnownTypes;
using Mesh.Common.V1;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Policy;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Turns;

/// <summary>
/// One turn: accept (stored at once) - guard the input while understanding it - act - guard what will be said - append everything together - say it.
/// Nothing is said that is not stored, and nothing is stored under an ownership that has ended.
/// </summary>
internal sealed partial class TurnPipeline(
    IEventStore events, ConversationStore conversations, ConversationGates gates, FlowCatalogue catalogue, IUnderstanding understanding, GuardGate guard, DialogPolicy policy,
    HandOverDesk desk, IOptions<DialogOptions> options, TimeProvider time, ILogger<TurnPipeline> log)
{
    /// <summary>Time to record how a turn ended after its own time or its caller is gone.</summary>
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(5);

    /// <param name="emit">Receives what happens, in order.</param>
    /// <exception cref="NotFoundException">No such conversation for this tenant and customer.</exception>
    /// <exception cref="OverloadedException">Too many messages wait.</exception>
    public async Task RunAsync(TurnRequest request, Func<TurnEvent, ValueTask> emit, CancellationToken cancellationToken)
    {
        using var pass = await gates.EnterAsync(request.Key, cancellationToken);
        var state = await conversations.LoadAsync(request.Key, cancellationToken);
        Authorise(request, state);
        state = await CloseInterruptedAsync(state, cancellationToken);
        if (state.Turns.TryGetValue(request.ClientMessageId, out var earlier) && earlier.Status == TurnStatus.Completed)
        {
            await RepeatAsync(state, earlier, emit, cancellationToken);
            return;
        }

        var started = time.GetTimestamp();
        using var span = DialogTelemetry.Activities.StartActivity("turn");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (state, var identity, var message) = await AcceptAsync(request, state, earlier, cancellationToken);
        pass.Running(identity.TurnId, cancellation);
        await emit(Shown(state, identity, new TurnEvent { Accepted = new Accepted { ClientMessageId = identity.ClientMessageId, Sequence = identity.Sequence } }));

        var turn = new Turn(state, identity, message, Purse(request), emit, time, cancellation.Token);
        var outcome = "OK";
        try
        {
            await ActAsync(turn);
            await turn.RecordAsync(Completed(turn));
            if (!await AppendAsync(turn))
                outcome = "ABORTED";
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            outcome = request.Deadline <= time.GetUtcNow() ? "DEADLINE_EXCEEDED" : "CANCELLED";
            await FailAsync(turn, outcome, outcome == "CANCELLED" ? "the turn was cancelled" : "the deadline has passed");
        }
        catch (Exception exception)
        {
            LogFailed(identity.TurnId, exception);
            outcome = "INTERNAL";
            await FailAsync(turn, outcome, "an internal error; please try again");
        }

        span?.SetTag("outcome", outcome);
        DialogTelemetry.Stage("turn", time.GetElapsedTime(started));
        DialogTelemetry.Turns.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        // The turn has happened, whether or not somebody still listens.
        cancellationToken.ThrowIfCancellationRequested();
        await ShowAsync(turn);
    }

    private static void Authorise(TurnRequest request, ConversationState state)
    {
        if (request.Opens)
            return;
        // Another customer's conversation is told apart from none nowhere.
        if (state.LastSequence == 0 || (request.CustomerId.Length > 0 && state.CustomerId != request.CustomerId))
            throw new NotFoundException("conversation", request.Key.ConversationId);
        if (state.Closed)
            throw new PreconditionException("CONVERSATION_CLOSED", "the conversation is closed; open a new one");
    }

    /// <summary>Only one turn runs in a conversation and this is it: one that has begun and not ended was cut off with its process.</summary>
    private async Task<ConversationState> CloseInterruptedAsync(ConversationState state, CancellationToken cancellationToken)
    {
        if (state.OpenTurn is not { } interrupted)
            return state;
        var ended = Event(state, interrupted.TurnId, new ConversationEvent { TurnFailed = new TurnFailed { Status = "INTERRUPTED", Message = "the process ended during the turn" } });
        await events.AppendAsync(state.Key, state.LastSequence, [ended], cancellationToken);
        LogInterrupted(interrupted.TurnId);
        state = state.Apply(ended);
        conversations.Keep(state);
        return state;
    }

    /// <summary>The stored turn once more, as it was.</summary>
    private async Task RepeatAsync(ConversationState state, TurnState earlier, Func<TurnEvent, ValueTask> emit, CancellationToken cancellationToken)
    {
        var stored = await events.ReadAsync(state.Key, earlier.Sequence, cancellationToken);
        var turn = stored.Where(next => next.TurnId == earlier.TurnId).ToList();
        // An attempt that failed and ran again is not part of the answer.
        var failed = turn.FindLastIndex(next => next.TurnFailed is not null);
        turn.RemoveRange(0, failed + 1);
        await emit(Shown(state, earlier, new TurnEvent { Accepted = new Accepted { ClientMessageId = earlier.ClientMessageId, Sequence = earlier.Sequence, Duplicate = true } }));
        var message = turn.LastOrDefault(next => next.BotMessage is not null)?.BotMessage;
        foreach (var shown in turn.SelectMany(next => TurnEvents.Of(next, state.Owner, message?.MessageId ?? "", message?.Language ?? "")))
            await emit(shown);
    }

    private async Task<(ConversationState State, TurnState Identity, CustomerMessage Message)> AcceptAsync(
        TurnRequest request, ConversationState state, TurnState? earlier, CancellationToken cancellationToken)
    {
        if (earlier is not null)
        {
            // It failed before: the stored words are answered now.
            var stored = await events.ReadAsync(state.Key, earlier.Sequence - 1, cancellationToken);
            return (state, earlier, stored[0].CustomerMessage);
        }

        List<ConversationEvent> accepted = [];
        var before = state.LastSequence;
        if (before == 0)
        {
            accepted.Add(Event(state, "", new ConversationEvent
            {
                ConversationStarted = new ConversationStarted { CustomerId = request.CustomerId, Channel = request.Channel, FlowsRevision = catalogue.Revision },
            }));
            state = state.Apply(accepted[0]);
        }

        var language = state.Language.Length > 0 ? state.Language : request.Channel.Locale.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "";
        var message = new CustomerMessage
        {
            ClientMessageId = request.ClientMessageId,
            Text = request.Confirmation is { } reply ? (reply.Approve ? Texts.ConfirmYes : Texts.ConfirmNo).In(language) : request.Text,
            ConfirmationId = request.Confirmation?.ConfirmationId ?? "",
            Approved = request.Confirmation?.Approve ?? false,
            Language = language,
        };
        accepted.Add(Event(state, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), new ConversationEvent { CustomerMessage = message }));
        state = state.Apply(accepted[^1]);
        await events.AppendAsync(request.Key, before, accepted, cancellationToken);
        conversations.Keep(state);
        return (state, state.OpenTurn!, message);
    }

    private Purse Purse(TurnRequest request)
    {
        var own = time.GetUtcNow() + TimeSpan.FromSeconds(options.Value.TurnSeconds);
        return new Purse(time, request.Deadline is { } asked && asked < own ? asked : own, TimeSpan.FromMilliseconds(options.Value.ReserveMilliseconds));
    }

    private async Task ActAsync(Turn turn)
    {
        turn.Language = turn.State.Language.Length > 0 ? turn.State.Language : turn.Message.Language.Length > 0 ? turn.Message.Language : "zh";
        // A person answers; the bot has heard it and is silent.
        if (turn.State.Owner == Owner.Agent)
            return;
        try
        {
            if (turn.Message.ConfirmationId.Length > 0)
                await policy.DecideAsync(turn, turn.Message.ConfirmationId, turn.Message.Approved);
            else
                await AnswerAsync(turn);
        }
        catch (FlowFailedException exception)
        {
            LogFlowFailed(turn.TurnId, exception);
            await DialogPolicy.GiveUpAsync(turn);
        }
        catch (PurseEmptyException)
        {
            await OutOfTimeAsync(turn);
        }

        await SpeakAsync(turn);
    }

    private async Task AnswerAsync(Turn turn)
    {
        var checking = guard.CheckInputAsync(turn);
        var reading = UnderstandAsync(turn);
        await Task.WhenAll(checking, reading);
        var verdict = await checking;
        var understood = await reading;
        turn.Language = understood.Language;
        if (verdict.Checked is { } happened)
            await turn.RecordAsync(new ConversationEvent { GuardChecked = happened });
        turn.InputChecked = verdict.Decision != GuardDecision.Unavailable;
        if (!turn.InputChecked)
            turn.Degrade("guard");

        switch (verdict.Decision)
        {
            case GuardDecision.Care:
                await desk.RequestAsync(turn, "care", Texts.Care);
                return;
            case GuardDecision.Block or GuardDecision.Replace:
                var scanner = verdict.Checked?.Findings.OrderByDescending(finding => finding.Score).FirstOrDefault(finding => finding.Action is "block" or "replace")?.Scanner ?? "";
                turn.Say(Texts.Blocked(scanner).In(turn.Language));
                return;
        }

        if (understood.Degraded.Length > 0)
            turn.Degrade(understood.Degraded);
        var command = new Understood();
        command.Commands.Add(understood.Commands);
        await turn.RecordAsync(new ConversationEvent { Understood = command });
        await policy.DecideAsync(turn, understood);
    }

    private async Task<UnderstandingResult> UnderstandAsync(Turn turn)
    {
        var input = UnderstandingInputs.Of(turn.State, turn.Message.Text, catalogue, time.GetUtcNow().ToOffset(TimeSpan.FromHours(options.Value.UtcOffsetHours)));
        try
        {
            return await turn.StageAsync("understand", options.Value.Budgets.Understand, token => understanding.UnderstandAsync(input, token));
        }
        catch (Exception exception) when (Turn.IsOutage(exception))
        {
            return new UnderstandingResult(turn.Language, [new Command { Type = Command.Types.Type.CannotHandle, Score = 1 }], [], "understanding");
        }
    }

    /// <summary>Checks what was composed and makes it the bot's message.</summary>
    private async Task SpeakAsync(Turn turn)
    {
        if (turn.Parts.Count == 0)
            return;
        var text = string.Join('\n', turn.Parts.Select(part => part.Text));
        var verdict = await guard.CheckOutputAsync(turn, text);
        if (verdict.Checked is { } happened)
            await turn.RecordAsync(new ConversationEvent { GuardChecked = happened });
        switch (verdict.Decision)
        {
            case GuardDecision.Unavailable:
                turn.Degrade("guard");
                break;
            case GuardDecision.Replace when turn.Parts.Any(part => part.Wording == "extractive"):
                // What cannot be grounded gives way to the passages themselves.
                text = string.Join('\n', turn.Parts.Where(part => part.Wording != "extractive").Select(part => part.Text)
                    .Prepend(string.Join('\n', turn.Citations.Select(citation => $"{citation.Excerpt} [{citation.Index}]"))));
                break;
            case GuardDecision.Block or GuardDecision.Replace or GuardDecision.Care:
                turn.Unsay();
                await turn.OfferPersonAsync(Texts.OutputWithheld);
                text = turn.Parts[0].Text;
                break;
            default:
                text = verdict.RedactedText ?? text;
                break;
        }

        var wordings = turn.Parts.Select(part => part.Wording).ToHashSet();
        var message = new BotMessage
        {
            MessageId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Text = text,
            Language = turn.Language,
            Wording = wordings.Contains("extractive") ? "extractive" : wordings.Contains("template") ? "template" : "fixed",
        };
        message.Citations.Add(turn.Citations);
        message.QuickReplies.Add(turn.QuickReplies.DistinctBy(reply => reply.Message).Take(8));
        await turn.RecordAsync(new ConversationEvent { BotMessage = message });
    }

    private static async Task OutOfTimeAsync(Turn turn)
    {
        turn.Degrade("time");
        await turn.OfferPersonAsync(Texts.OutOfTime);
    }

    private static ConversationEvent Completed(Turn turn)
    {
        var completed = new TurnCompleted { Usage = new Usage() };
        completed.Timings.Add(turn.Timings);
        completed.Degradations.Add(turn.Degradations);
        return new ConversationEvent { TurnCompleted = completed };
    }

    /// <summary>Appends the whole turn at once.</summary>
    /// <returns>False when a person took over, or the turn was ended elsewhere, before it could be stored: what the bot said is dropped.</returns>
    private async Task<bool> AppendAsync(Turn turn)
    {
        using var limit = new CancellationTokenSource(EndingTime, time);
        var whole = true;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await events.AppendAsync(turn.State.Key, turn.State.LastSequence - turn.Events.Count, turn.Events, limit.Token);
                conversations.Keep(turn.State);
                return whole;
            }
            catch (ConflictException) when (attempt < 10)
            {
                var now = await conversations.LoadAsync(turn.State.Key, limit.Token);
                if (whole && (now.OwnerEpoch != turn.Events[0].OwnerEpoch || now.Turns[turn.Identity.ClientMessageId].Status != turn.Identity.Status))
                {
                    // What was found out and done stays on record for the person; what would have been said does not.
                    whole = false;
                    DialogTelemetry.DroppedMessages.Add(1);
                    turn.Rebase(now, IsFact);
                    await turn.RecordAsync(new ConversationEvent { TurnFailed = new TurnFailed { Status = "ABORTED", Message = "a person took over" } });
                }
                else
                {
                    turn.Rebase(now, _ => true);
                }
            }
        }
    }

    private static bool IsFact(ConversationEvent recorded) => recorded.PayloadCase is
        ConversationEvent.PayloadOneofCase.GuardChecked or ConversationEvent.PayloadOneofCase.Understood or ConversationEvent.PayloadOneofCase.ToolCalled
        or ConversationEvent.PayloadOneofCase.ToolReturned or ConversationEvent.PayloadOneofCase.PassagesFound or ConversationEvent.PayloadOneofCase.ConfirmationAnswered;

    /// <summary>Records that the turn did not end well. Calls to tools that were made stay on record.</summary>
    private async Task FailAsync(Turn turn, string status, string message)
    {
        using var limit = new CancellationTokenSource(EndingTime, time);
        var now = await conversations.LoadAsync(turn.State.Key, limit.Token);
        turn.Rebase(now, IsFact);
        await turn.RecordAsync(new ConversationEvent
        {
            TurnFailed = now.Owner == Owner.Agent ? new TurnFailed { Status = "ABORTED", Message = "a person took over" } : new TurnFailed { Status = status, Message = message },
        });
        await AppendAsync(turn);
    }

    private async Task ShowAsync(Turn turn)
    {
        var messageId = turn.Events.LastOrDefault(recorded => recorded.BotMessage is not null)?.BotMessage.MessageId ?? "";
        var before = turn.Events.Any(recorded => recorded.HandOverRequested is not null) ? await desk.QueuePositionAsync(turn) : 0;
        foreach (var recorded in turn.Events.Where(recorded => !TurnEvents.IsLive(recorded)))
        {
            foreach (var shown in TurnEvents.Of(recorded, turn.State.Owner, messageId, turn.Language, before))
                await turn.EmitAsync(shown);
        }
    }

    private ConversationEvent Event(ConversationState state, string turnId, ConversationEvent next)
    {
        next.TenantId = state.Key.TenantId;
        next.ConversationId = state.Key.ConversationId;
        next.Sequence = state.LastSequence + 1;
        next.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        next.TurnId = turnId;
        next.OwnerEpoch = state.OwnerEpoch;
        next.SchemaVersion = 1;
        return next;
    }

    private TurnEvent Shown(ConversationState state, TurnState identity, TurnEvent shown)
    {
        shown.ConversationId = state.Key.ConversationId;
        shown.TurnId = identity.TurnId;
        shown.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        return shown;
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Error, Message = "Turn {TurnId} failed")]
    private partial void LogFailed(string turnId, Exception exception);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Turn {TurnId} had begun and not ended; it is recorded as interrupted")]
    private partial void LogInterrupted(string turnId);

    [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "A flow of turn {TurnId} cannot go on because of its definition")]
    private partial void LogFlowFailed(string turnId, Exception exception);
}
