using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Mesh.Dialog.Events;
using Mesh.Dialog.V1;

namespace Mesh.Dialog.Conversations;

/// <summary>What a conversation is after its events: a fold, nothing more. Immutable; <see cref="Apply"/> gives the next one.</summary>
internal sealed record ConversationState(ConversationKey Key)
{
    /// <summary>Customer turns after which a value said earlier is no longer taken up by itself.</summary>
    private const int MemoryTurns = 3;

    public string CustomerId { get; init; } = "";
    public Channel Channel { get; init; } = new();
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public long LastSequence { get; init; }

    /// <summary>"zh", "en", or empty while unknown.</summary>
    public string Language { get; init; } = "";

    public Owner Owner { get; init; } = Owner.Bot;
    public long OwnerEpoch { get; init; } = 1;
    public string AgentId { get; init; } = "";
    public string AgentName { get; init; } = "";
    public HandOverState? HandOver { get; init; }
    public bool Closed { get; init; }

    /// <summary>Open flows, innermost last.</summary>
    public ImmutableList<Frame> Frames { get; init; } = [];

    public QuestionState? Question { get; init; }
    public ConfirmationState? Confirmation { get; init; }

    /// <summary>Turns in a row that could not be handled.</summary>
    public int Unhandled { get; init; }

    public ImmutableList<Message> Messages { get; init; } = [];

    /// <summary>By client message id.</summary>
    public ImmutableDictionary<string, TurnState> Turns { get; init; } = ImmutableDictionary.Create<string, TurnState>(StringComparer.Ordinal);

    /// <summary>The turn that has begun and not ended; null if none.</summary>
    public TurnState? OpenTurn { get; init; }

    public int CustomerTurns { get; init; }
    public int ToolCalls { get; init; }

    /// <summary>Calls whose last word is still out, by call id.</summary>
    public ImmutableDictionary<string, ToolCalled> OpenCalls { get; init; } = ImmutableDictionary.Create<string, ToolCalled>(StringComparer.Ordinal);

    /// <summary>The last few tool results, oldest first, for summaries.</summary>
    public ImmutableList<ToolReturned> LastResults { get; init; } = [];

    /// <summary>Values that the customer gave, by slot, with the customer turn in which that was.</summary>
    public ImmutableDictionary<string, (Value Value, int Turn)> Memory { get; init; } = ImmutableDictionary.Create<string, (Value, int)>(StringComparer.Ordinal);

    public Frame? Top => Frames.Count > 0 ? Frames[^1] : null;

    public IEnumerable<Message> CustomerMessages => Messages.Where(message => message.Author == Message.Types.Author.Customer);

    /// <summary>The value last given for a slot within the last few turns.</summary>
    public Value? Remembered(string slot) => Memory.TryGetValue(slot, out var remembered) && CustomerTurns - remembered.Turn <= MemoryTurns ? remembered.Value : null;

    public static ConversationState Fold(ConversationKey key, IEnumerable<ConversationEvent> events) =>
        events.Aggregate(new ConversationState(key), (state, next) => state.Apply(next));

    /// <exception cref="InvalidOperationException">The event does not follow the last one.</exception>
    public ConversationState Apply(ConversationEvent next)
    {
        if (next.Sequence != LastSequence + 1)
            throw new InvalidOperationException($"Event {next.Sequence} does not follow {LastSequence}.");
        return Change(next) with { LastSequence = next.Sequence, UpdatedAt = next.Time.ToDateTimeOffset() };
    }

    private ConversationState Change(ConversationEvent next) => next.PayloadCase switch
    {
        ConversationEvent.PayloadOneofCase.ConversationStarted => this with
        {
            CustomerId = next.ConversationStarted.CustomerId,
            Channel = next.ConversationStarted.Channel ?? new Channel(),
            StartedAt = next.Time.ToDateTimeOffset(),
        },
        ConversationEvent.PayloadOneofCase.CustomerMessage => Heard(next),
        ConversationEvent.PayloadOneofCase.Understood => this with { Unhandled = UnhandledAfter(next.Understood) },
        ConversationEvent.PayloadOneofCase.PassagesFound => this with { Unhandled = next.PassagesFound.Answerable ? 0 : Unhandled },
        ConversationEvent.PayloadOneofCase.FlowStarted => this with { Frames = Frames.Add(new Frame(next.FlowStarted.Flow)) },
        ConversationEvent.PayloadOneofCase.FlowStepEntered => InFrame(next.FlowStepEntered.Flow, frame => frame with { Step = next.FlowStepEntered.Step, StepOutcome = "" }),
        ConversationEvent.PayloadOneofCase.FlowEnded => Ended(next.FlowEnded.Flow),
        ConversationEvent.PayloadOneofCase.SlotSet => Given(next.SlotSet),
        ConversationEvent.PayloadOneofCase.SlotCleared => InFrame(next.SlotCleared.Flow, frame => frame with { Slots = frame.Slots.Remove(next.SlotCleared.Slot) }),
        ConversationEvent.PayloadOneofCase.SlotAsked => InFrame(next.SlotAsked.Flow, frame => frame with
        {
            AskedSlot = next.SlotAsked.Slot,
            Attempts = frame.Attempts.SetItem(next.SlotAsked.Slot, next.SlotAsked.Attempt),
        }) with
        { Question = new QuestionState("slot", next.SlotAsked.Flow, [.. next.SlotAsked.Options], next.TurnId) },
        ConversationEvent.PayloadOneofCase.QuestionAsked => this with
        {
            Question = new QuestionState(next.QuestionAsked.Kind, next.QuestionAsked.Flow, [.. next.QuestionAsked.Options], next.TurnId),
        },
        ConversationEvent.PayloadOneofCase.ToolCalled => this with
        {
            ToolCalls = ToolCalls + 1,
            OpenCalls = OpenCalls.SetItem(next.ToolCalled.CallId, next.ToolCalled),
        },
        ConversationEvent.PayloadOneofCase.ToolReturned => Returned(next.ToolReturned),
        ConversationEvent.PayloadOneofCase.ConfirmationAsked => Asked(next),
        ConversationEvent.PayloadOneofCase.ConfirmationAnswered => this with
        {
            Confirmation = Confirmation?.ConfirmationId == next.ConfirmationAnswered.ConfirmationId ? null : Confirmation,
        },
        ConversationEvent.PayloadOneofCase.BotMessage => Said(next),
        ConversationEvent.PayloadOneofCase.AgentMessage => this with
        {
            Messages = Messages.Add(new Message
            {
                MessageId = next.AgentMessage.MessageId,
                Author = Message.Types.Author.Agent,
                Text = next.AgentMessage.Text,
                AgentName = next.AgentMessage.AgentName,
                Time = next.Time,
                Sequence = next.Sequence,
            }),
        },
        ConversationEvent.PayloadOneofCase.PrivateNote => this with
        {
            Messages = Messages.Add(new Message
            {
                Author = Message.Types.Author.System,
                Text = next.PrivateNote.Text,
                AgentName = next.PrivateNote.AgentId,
                Time = next.Time,
                Sequence = next.Sequence,
            }),
        },
        ConversationEvent.PayloadOneofCase.HandOverRequested => this with
        {
            HandOver = new HandOverState(next.HandOverRequested.Reason, next.HandOverRequested.Summary, next.Time.ToDateTimeOffset()),
        },
        ConversationEvent.PayloadOneofCase.OwnerChanged => this with
        {
            Owner = next.OwnerChanged.Owner,
            OwnerEpoch = next.OwnerChanged.Epoch,
            AgentId = next.OwnerChanged.AgentId,
            AgentName = next.OwnerChanged.AgentName,
            HandOver = next.OwnerChanged.Owner == Owner.Bot ? null : HandOver,
            Unhandled = 0,
        },
        ConversationEvent.PayloadOneofCase.FeedbackGiven => Rated(next.FeedbackGiven),
        ConversationEvent.PayloadOneofCase.TurnCompleted => Closing(next, TurnStatus.Completed) with
        {
            Question = Question?.TurnId == next.TurnId ? Question : null,
        },
        ConversationEvent.PayloadOneofCase.TurnFailed => Closing(next, TurnStatus.Failed),
        ConversationEvent.PayloadOneofCase.ConversationClosed => this with { Closed = true },
        _ => this,
    };

    private ConversationState Heard(ConversationEvent next)
    {
        var message = next.CustomerMessage;
        var turn = new TurnState(next.TurnId, message.ClientMessageId, next.Sequence, TurnStatus.Open);
        return this with
        {
            CustomerTurns = CustomerTurns + 1,
            Turns = Turns.SetItem(message.ClientMessageId, turn),
            OpenTurn = turn,
            Messages = Messages.Add(new Message
            {
                MessageId = message.ClientMessageId,
                Author = Message.Types.Author.Customer,
                Text = message.Text,
                Time = next.Time,
                Sequence = next.Sequence,
            }),
        };
    }

    private ConversationState Said(ConversationEvent next)
    {
        var said = new Message
        {
            MessageId = next.BotMessage.MessageId,
            Author = Message.Types.Author.Bot,
            Text = next.BotMessage.Text,
            Time = next.Time,
            Sequence = next.Sequence,
        };
        said.Citations.Add(next.BotMessage.Citations);
        said.QuickReplies.Add(next.BotMessage.QuickReplies);
        return this with { Messages = Messages.Add(said), Language = next.BotMessage.Language };
    }

    private ConversationState Given(SlotSet given)
    {
        var state = InFrame(given.Flow, frame => frame with
        {
            Slots = frame.Slots.SetItem(given.Slot, given.Value),
            AskedSlot = frame.AskedSlot == given.Slot ? "" : frame.AskedSlot,
        });
        return given.Source is "flow" or "memory" ? state : state with { Memory = state.Memory.SetItem(given.Slot, (given.Value, CustomerTurns)) };
    }

    private ConversationState Returned(ToolReturned returned)
    {
        if (!OpenCalls.TryGetValue(returned.CallId, out var call) || returned.Status == "needs_confirmation")
            return this;
        // A call that was not answered may be repeated under its key.
        var last = returned.Status is not ("unavailable" or "timeout");
        var state = this with
        {
            OpenCalls = last ? OpenCalls.Remove(returned.CallId) : OpenCalls,
            LastResults = (LastResults.Count < 5 ? LastResults : LastResults.RemoveAt(0)).Add(returned),
        };
        return state.InFrame(call.Flow, frame => (returned.Status == "ok"
            ? frame with { Results = call.SaveAs.Length > 0 ? frame.Results.SetItem(call.SaveAs, returned.Result) : frame.Results, Error = null }
            : frame with { Error = new ToolError(returned.ErrorCode.Length > 0 ? returned.ErrorCode : returned.Status, returned.ErrorMessage) }) with
        { StepOutcome = frame.Step == call.Step && last ? returned.Status : frame.StepOutcome });
    }

    private ConversationState Asked(ConversationEvent next)
    {
        var asked = next.ConfirmationAsked;
        var call = OpenCalls.GetValueOrDefault(asked.CallId);
        return this with
        {
            Confirmation = new ConfirmationState(
                asked.ConfirmationId, asked.CallId, asked.Tool, asked.Summary, asked.ExpiresAt?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue, call?.Flow ?? "", call?.Step ?? ""),
            Question = new QuestionState("confirmation", call?.Flow ?? "", [], next.TurnId),
        };
    }

    private ConversationState Ended(string flow)
    {
        var index = Frames.FindLastIndex(frame => frame.Flow == flow);
        return index < 0 ? this : this with
        {
            Frames = Frames.RemoveAt(index),
            OpenCalls = OpenCalls.RemoveRange(OpenCalls.Values.Where(call => call.Flow == flow).Select(call => call.CallId)),
            Confirmation = Confirmation?.Flow == flow ? null : Confirmation,
            Question = Question?.Flow == flow ? null : Question,
        };
    }

    private ConversationState Rated(FeedbackGiven feedback)
    {
        var index = Messages.FindLastIndex(message => message.MessageId == feedback.MessageId);
        if (index < 0)
            return this;
        var rated = Messages[index].Clone();
        rated.Rating = feedback.Rating;
        return this with { Messages = Messages.SetItem(index, rated) };
    }

    // A turn that runs again after a failure ends under its new id; its message is found by the client's.
    private ConversationState Closing(ConversationEvent next, TurnStatus status)
    {
        var ended = Turns.Values.FirstOrDefault(turn => turn.TurnId == next.TurnId);
        return this with
        {
            OpenTurn = OpenTurn?.TurnId == next.TurnId ? null : OpenTurn,
            Turns = ended is null ? Turns : Turns.SetItem(ended.ClientMessageId, ended with { Status = status }),
        };
    }

    private int UnhandledAfter(Understood understood)
    {
        var types = understood.Commands.Select(command => command.Type).ToHashSet();
        if (types.Contains(Command.Types.Type.CannotHandle))
            return Unhandled + 1;
        // Whether a question was answered is known when passages were found.
        return types.Contains(Command.Types.Type.AskKnowledge) ? Unhandled : 0;
    }

    private ConversationState InFrame(string flow, Func<Frame, Frame> change)
    {
        var index = Frames.FindLastIndex(frame => frame.Flow == flow);
        return index < 0 ? this : this with { Frames = Frames.SetItem(index, change(Frames[index])) };
    }
}
