using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Common.V1;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.V1;
using Mesh.Guard.V1;

namespace Mesh.Dialog.Turns;

/// <summary>
/// One turn while it runs: the state with what it has recorded so far applied, the events that will be appended together at its end, what will be said,
/// and the evidence on which that rests.
/// </summary>
internal sealed class Turn(
    ConversationState state, TurnState identity, CustomerMessage message, Purse purse, Func<TurnEvent, ValueTask> emit, TimeProvider time, CancellationToken cancellationToken)
{
    private readonly List<ConversationEvent> _events = [];
    private readonly List<Part> _parts = [];
    private readonly List<StageTiming> _timings = [];
    private readonly List<string> _degradations = [];

    public ConversationState State { get; private set; } = state;
    public string TurnId => identity.TurnId;

    /// <summary>The turn as it stood when it began: open, or failed when it runs again.</summary>
    public TurnState Identity => identity;

    public CustomerMessage Message => message;
    public Purse Purse => purse;
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>"zh" or "en": the language in which this turn is answered.</summary>
    public string Language { get; set; } = "zh";

    /// <summary>Whether the input guard answered. Without it nothing with an effect is done.</summary>
    public bool InputChecked { get; set; } = true;

    public IReadOnlyList<ConversationEvent> Events => _events;
    public IReadOnlyList<Part> Parts => _parts;
    public IReadOnlyList<StageTiming> Timings => _timings;
    public IReadOnlyList<string> Degradations => _degradations;
    public List<Citation> Citations { get; } = [];
    public List<QuickReply> QuickReplies { get; } = [];
    public List<Evidence> Evidence { get; } = [];

    /// <summary>Whether the turn has asked the customer something: what would ask more then waits.</summary>
    public bool HasAsked => State.Question?.TurnId == TurnId;

    /// <summary>Records an event and applies it to the state. What clients see live goes out at once.</summary>
    public async ValueTask RecordAsync(ConversationEvent next)
    {
        Stamp(next);
        State = State.Apply(next);
        _events.Add(next);
        if (TurnEvents.IsLive(next))
        {
            foreach (var shown in TurnEvents.Of(next, State.Owner, "", Language))
                await emit(shown);
        }
    }

    public ValueTask EmitAsync(TurnEvent shown) => emit(shown);

    /// <summary>Moves what was recorded onto a newer state, after others wrote to the conversation.</summary>
    /// <param name="keep">Events to keep.</param>
    public void Rebase(ConversationState onto, Func<ConversationEvent, bool> keep)
    {
        State = onto;
        _events.RemoveAll(recorded => !keep(recorded));
        foreach (var recorded in _events)
        {
            recorded.Sequence = State.LastSequence + 1;
            recorded.OwnerEpoch = State.OwnerEpoch;
            State = State.Apply(recorded);
        }
    }

    /// <param name="wording">As in <c>BotMessage.wording</c>.</param>
    public void Say(string text, string wording = "fixed")
    {
        if (!string.IsNullOrWhiteSpace(text))
            _parts.Add(new Part(text.Trim(), wording));
    }

    /// <summary>Drops what was going to be said.</summary>
    public void Unsay()
    {
        _parts.Clear();
        Citations.Clear();
        QuickReplies.Clear();
    }

    public void Degrade(string what)
    {
        if (_degradations.Contains(what))
            return;
        _degradations.Add(what);
        DialogTelemetry.Degradations.Add(1, new KeyValuePair<string, object?>("what", what));
    }

    /// <summary>Runs one stage under its budget, with its span, its timing and its metric.</summary>
    /// <exception cref="TimeoutException">The stage's budget is spent.</exception>
    /// <exception cref="PurseEmptyException">The turn's time is spent.</exception>
    /// <exception cref="OperationCanceledException">The turn was cancelled.</exception>
    public async Task<T> StageAsync<T>(string stage, int budgetMilliseconds, Func<CancellationToken, Task<T>> work)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = purse.Take(budgetMilliseconds, cancellationToken);
        using var span = DialogTelemetry.Activities.StartActivity(stage);
        var started = time.GetTimestamp();
        try
        {
            return await work(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded })
        {
            span?.SetStatus(ActivityStatusCode.Error, "ended early");
            // A client hears that the call being served was cancelled before this turn's token does: no service says "cancelled" of its own accord.
            if (exception is RpcException { StatusCode: StatusCode.Cancelled } && !limit.IsCancellationRequested)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{stage} took longer than {budgetMilliseconds} ms", exception);
            throw;
        }
        finally
        {
            var took = time.GetElapsedTime(started);
            // The input check and the understanding run side by side and both end here.
            lock (_timings)
                _timings.Add(new StageTiming { Stage = stage, Duration = Duration.FromTimeSpan(took) });
            DialogTelemetry.Stage(stage, took);
        }
    }

    /// <summary>Whether a failure means that another service cannot be used now, rather than that this one is wrong.</summary>
    public static bool IsOutage(Exception exception) => exception is RpcException or TimeoutException or PurseEmptyException;

    private void Stamp(ConversationEvent next)
    {
        next.TenantId = State.Key.TenantId;
        next.ConversationId = State.Key.ConversationId;
        next.Sequence = State.LastSequence + 1;
        next.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        next.TurnId = TurnId;
        next.OwnerEpoch = State.OwnerEpoch;
        next.SchemaVersion = 1;
    }

    /// <summary>A piece of what will be said.</summary>
    internal sealed record Part(string Text, string Wording);
}
