using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Dialog.V1;

namespace Mesh.Gateway.Tests.Fakes;

/// <summary>
/// Stands for the dialog service at the border of the process: keeps conversations in memory and answers by what the customer writes. Records what reached it.
/// </summary>
public sealed class FakeDialog : DialogService.DialogServiceBase
{
    private readonly ConcurrentDictionary<string, FakeConversation> _conversations = new();
    private int _ids;

    /// <summary>What the latest call brought along.</summary>
    public Metadata Headers { get; private set; } = [];

    /// <summary>Deadline of the latest call; DateTime.MaxValue without one.</summary>
    public DateTime Deadline { get; private set; }

    /// <summary>Completed when a call that answers "wait" has been cancelled.</summary>
    public TaskCompletionSource Cancelled { get; private set; } = NewSignal();

    /// <summary>Completed when a call that answers "wait" has begun.</summary>
    public TaskCompletionSource Waiting { get; private set; } = NewSignal();

    /// <summary>Turns that were really worked on, not answered from the record.</summary>
    public int Turns { get; private set; }

    /// <summary>While set, an answer stops after its first words until it is completed.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>How many of the next messages break off after their first words.</summary>
    public int Breaks { get; set; }

    public FakeConversation Conversation(string id) => _conversations[id];

    public void Reset()
    {
        Cancelled = NewSignal();
        Waiting = NewSignal();
        Hold = null;
        Breaks = 0;
    }

    public override async Task SendMessage(SendMessageRequest request, IServerStreamWriter<TurnEvent> responseStream, ServerCallContext context)
    {
        See(context);
        await AnswerAsync(Open(request.Target), request.ClientMessageId, request.InputCase == SendMessageRequest.InputOneofCase.Confirmation ? request.Confirmation : null,
            request.Text, responseStream, context);
    }

    public override async Task Converse(IAsyncStreamReader<ConverseRequest> requestStream, IServerStreamWriter<TurnEvent> responseStream, ServerCallContext context)
    {
        See(context);
        FakeConversation? conversation = null;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (request.Open is { } target) conversation = Open(target);
            if (request.Input is { } input) await AnswerAsync(conversation!, input.ClientMessageId, input.Confirmation, input.Text, responseStream, context);
        }
    }

    public override Task<Conversation> GetConversation(GetConversationRequest request, ServerCallContext context)
    {
        See(context);
        return Task.FromResult(Find(request.ConversationId).Fold(request.HeaderOnly));
    }

    public override Task<SubmitFeedbackResponse> SubmitFeedback(SubmitFeedbackRequest request, ServerCallContext context)
    {
        See(context);
        var e = Find(request.ConversationId).Append(new ConversationEvent
        {
            FeedbackGiven = new FeedbackGiven { MessageId = request.MessageId, Rating = request.Rating, Comment = request.Comment },
        });
        return Task.FromResult(new SubmitFeedbackResponse { Sequence = e.Sequence });
    }

    public override Task<Conversation> TakeOver(TakeOverRequest request, ServerCallContext context)
    {
        See(context);
        var conversation = Find(request.ConversationId);
        conversation.Append(new ConversationEvent { OwnerChanged = new OwnerChanged { Owner = Owner.Agent, AgentId = request.AgentId, AgentName = request.AgentName } });
        return Task.FromResult(conversation.Fold(headerOnly: true));
    }

    public override Task<PostAgentMessageResponse> PostAgentMessage(PostAgentMessageRequest request, ServerCallContext context)
    {
        See(context);
        var e = Find(request.ConversationId).Append(request.PrivateNote
            ? new ConversationEvent { PrivateNote = new PrivateNote { AgentId = request.AgentId, Text = request.Text } }
            : new ConversationEvent { AgentMessage = new AgentMessage { MessageId = NextId("m"), AgentId = request.AgentId, AgentName = request.AgentName, Text = request.Text } });
        return Task.FromResult(new PostAgentMessageResponse { MessageId = e.AgentMessage?.MessageId ?? "", Sequence = e.Sequence });
    }

    public override Task<ListConversationsResponse> ListConversations(ListConversationsRequest request, ServerCallContext context)
    {
        See(context);
        return Task.FromResult(new ListConversationsResponse { Conversations = { _conversations.Values.Select(c => c.Fold(headerOnly: true)) } });
    }

    public override async Task TailEvents(TailEventsRequest request, IServerStreamWriter<ConversationEvent> responseStream, ServerCallContext context)
    {
        See(context);
        if (context.RequestHeaders.GetValue("x-mesh-scopes")?.Split(' ').Contains("events") != true)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "this needs the scope 'events'"));
        await foreach (var e in Find(request.ConversationId).TailAsync(request.AfterSequence, context.CancellationToken))
            await responseStream.WriteAsync(e, context.CancellationToken);
    }

    private FakeConversation Open(ConversationTarget target)
    {
        if (target.ConversationId.Length > 0) return Find(target.ConversationId);
        var conversation = new FakeConversation(NextId("c"), target);
        _conversations[conversation.Id] = conversation;
        return conversation;
    }

    private FakeConversation Find(string id) =>
        _conversations.TryGetValue(id, out var conversation) ? conversation : throw new RpcException(new Status(StatusCode.NotFound, $"conversation '{id}' was not found"));

    private async Task AnswerAsync(
        FakeConversation conversation, string clientMessageId, ConfirmationReply? confirmation, string text, IServerStreamWriter<TurnEvent> stream, ServerCallContext context)
    {
        var turn = NextId("t");
        var english = conversation.Target.Channel?.Locale.StartsWith("en", StringComparison.Ordinal) == true;
        var stored = conversation.Find(clientMessageId);
        if (stored is not null && conversation.Answer(clientMessageId) is { } answer)
        {
            await WriteAsync(new TurnEvent { Accepted = new Accepted { ClientMessageId = clientMessageId, Sequence = stored.Sequence, Duplicate = true } });
            await WriteAsync(new TurnEvent { TextDelta = new TextDelta { MessageId = answer.MessageId, Text = answer.Text } });
            await WriteAsync(new TurnEvent { TurnCompleted = new TurnDone { MessageId = answer.MessageId, Sequence = conversation.LastSequence, Owner = Owner.Bot } });
            return;
        }
        stored ??= conversation.Append(new ConversationEvent
        {
            TurnId = turn,
            CustomerMessage = new CustomerMessage
            {
                ClientMessageId = clientMessageId,
                Text = text ?? "",
                ConfirmationId = confirmation?.ConfirmationId ?? "",
                Approved = confirmation?.Approve ?? false,
            },
        });
        await WriteAsync(new TurnEvent { Accepted = new Accepted { ClientMessageId = clientMessageId, Sequence = stored.Sequence } });
        await WriteAsync(new TurnEvent { GuardVerdict = new GuardVerdict { Stage = "input", Action = "allow" } });
        await WriteAsync(new TurnEvent { Understanding = new Understanding { Language = english ? "en" : "zh", Commands = { new Command { Name = "secret_flow" } } } });
        if (text == "wait")
        {
            Waiting.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }
            finally
            {
                Cancelled.TrySetResult();
            }
        }
        if (conversation.Owner == Owner.Agent)
        {
            await WriteAsync(new TurnEvent { TurnCompleted = new TurnDone { Sequence = conversation.LastSequence, Owner = Owner.Agent } });
            return;
        }

        Turns++;
        var script = FakeScript.For(text ?? "", confirmation, english);
        if (script.Tool is { } tool)
        {
            await WriteAsync(new TurnEvent { ToolCall = new ToolCallStarted { CallId = "1", Name = tool, Arguments = Struct.Parser.ParseJson("{\"phone\":\"13800000001\"}") } });
            await WriteAsync(new TurnEvent { ToolResult = new ToolCallResult { CallId = "1", Name = tool, Status = "ok", Result = Value.ForString("internal") } });
        }
        if (script.Confirmation is { } ask)
        {
            conversation.Append(new ConversationEvent
            {
                TurnId = turn,
                ConfirmationAsked = new ConfirmationAsked { ConfirmationId = ask.ConfirmationId, Tool = ask.Tool, Summary = ask.Summary, ExpiresAt = ask.ExpiresAt },
            });
            await WriteAsync(new TurnEvent { ConfirmationRequest = ask });
        }
        var message = NextId("m");
        var pieces = script.Text.Chunk(4).Select(c => new string(c)).ToList();
        for (var i = 0; i < pieces.Count; i++)
        {
            await WriteAsync(new TurnEvent { TextDelta = new TextDelta { MessageId = message, Text = pieces[i] } });
            if (i != 2) continue;
            if (Hold is { } hold) await hold.Task.WaitAsync(context.CancellationToken);
            if (Breaks > 0)
            {
                Breaks--;
                context.GetHttpContext().Abort();
                return;
            }
        }
        foreach (var citation in script.Citations) await WriteAsync(new TurnEvent { Citation = citation });
        if (confirmation is not null)
            conversation.Append(new ConversationEvent { TurnId = turn, ConfirmationAnswered = new ConfirmationAnswered { ConfirmationId = confirmation.ConfirmationId, Approved = confirmation.Approve } });
        if (script.QuickReplies.Count > 0) await WriteAsync(new TurnEvent { QuickReplies = new QuickReplies { Replies = { script.QuickReplies } } });
        conversation.Append(new ConversationEvent
        {
            TurnId = turn,
            BotMessage = new BotMessage { MessageId = message, Text = script.Text, Citations = { script.Citations }, QuickReplies = { script.QuickReplies }, Model = "none", Wording = "template" },
        });
        if (script.HandOver)
        {
            conversation.Append(new ConversationEvent { TurnId = turn, HandOverRequested = new HandOverRequested { Reason = "customer_asked", Summary = "internal summary" } });
            conversation.Append(new ConversationEvent { TurnId = turn, OwnerChanged = new OwnerChanged { Owner = Owner.Waiting } });
            await WriteAsync(new TurnEvent { HandOver = new HandOver { Reason = "customer_asked", Summary = "internal summary", QueuePosition = 2 } });
        }
        conversation.Append(new ConversationEvent { TurnId = turn, TurnCompleted = new TurnCompleted() });
        await WriteAsync(new TurnEvent { TurnCompleted = new TurnDone { MessageId = message, Sequence = conversation.LastSequence, Owner = conversation.Owner, Degradations = { "rerank" } } });

        Task WriteAsync(TurnEvent e)
        {
            e.ConversationId = conversation.Id;
            e.TurnId = turn;
            e.Time = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
            return stream.WriteAsync(e, context.CancellationToken);
        }
    }

    private string NextId(string prefix) => $"{prefix}-{Interlocked.Increment(ref _ids)}";

    private void See(ServerCallContext context)
    {
        Headers = context.RequestHeaders;
        Deadline = context.Deadline;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
