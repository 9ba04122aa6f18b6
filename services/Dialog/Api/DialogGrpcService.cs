using Grpc.Core;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Api;

/// <summary>The service as <c>dialog.proto</c> states it: who may, what is well-formed, and where it is done.</summary>
internal sealed class DialogGrpcService(
    TurnPipeline pipeline, ConversationGates gates, ConversationStore conversations, ConversationWriter writer, EventTail tail, IEventStore events, Replayer replayer, TimeProvider time)
    : DialogService.DialogServiceBase
{
    private const string Chat = "chat";
    private const string Agent = "agent";
    private const string Events = "events";

    public override async Task SendMessage(SendMessageRequest request, IServerStreamWriter<TurnEvent> responseStream, ServerCallContext context)
    {
        var caller = Demand(context, Chat);
        var place = RequestReader.Target(request.Target, caller.TenantId, time);
        if (request.InputCase == SendMessageRequest.InputOneofCase.None)
            throw new InvalidRequestException("text", "must not be empty");
        var turn = RequestReader.Message(request.Target, place, request.ClientMessageId, request.Text, request.Confirmation, Deadline(context), time);
        await pipeline.RunAsync(turn, shown => new ValueTask(responseStream.WriteAsync(shown, context.CancellationToken)), context.CancellationToken);
    }

    public override async Task Converse(IAsyncStreamReader<ConverseRequest> requestStream, IServerStreamWriter<TurnEvent> responseStream, ServerCallContext context)
    {
        var caller = Demand(context, Chat);
        if (!await requestStream.MoveNext(context.CancellationToken))
            return;
        var target = requestStream.Current.Open ?? throw new InvalidRequestException("open", "must come first");
        var place = RequestReader.Target(target, caller.TenantId, time);
        if (!place.Opens)
            await RequireAsync(place.Key, target.CustomerId, context);
        await new ConverseSession(pipeline, gates, conversations, tail, time, target, place)
            .RunAsync(requestStream, responseStream, Deadline(context), context.CancellationToken);
    }

    public override async Task<Conversation> GetConversation(GetConversationRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        if (!caller.Has(Agent))
            caller.Demand(Chat);
        var state = await RequireAsync(RequestReader.Key(caller.TenantId, request.ConversationId), "", context);
        return ConversationView.Of(state, !request.HeaderOnly, caller.Has(Agent));
    }

    public override async Task<ListConversationsResponse> ListConversations(ListConversationsRequest request, ServerCallContext context)
    {
        var caller = Demand(context, Agent);
        Require.Length(request.CustomerId, "customer_id", 0, 64);
        Require.Range(request.PageSize, "page_size", 0, 200);
        var size = request.PageSize == 0 ? 50 : request.PageSize;
        var listed = await events.ListAsync(
            new ListConversationsQuery(caller.TenantId, request.Owner, request.CustomerId, size + 1, PageToken.Read(request.PageToken)), context.CancellationToken);
        var response = new ListConversationsResponse();
        foreach (var conversation in listed.Take(size))
        {
            var state = await conversations.RequireAsync(new ConversationKey(caller.TenantId, conversation.ConversationId), context.CancellationToken);
            response.Conversations.Add(ConversationView.Of(state, withMessages: false, forAgent: true));
        }

        if (listed.Count > size)
            response.NextPageToken = PageToken.Write(listed[size - 1]);
        return response;
    }

    public override async Task<Conversation> TakeOver(TakeOverRequest request, ServerCallContext context)
    {
        var caller = Demand(context, Agent);
        CheckAgent(request.AgentId, request.AgentName);
        var state = await writer.TakeOverAsync(
            RequestReader.Key(caller.TenantId, request.ConversationId), request.AgentId, request.AgentName, request.OwnerEpoch, context.CancellationToken);
        return ConversationView.Of(state, withMessages: true, forAgent: true);
    }

    public override async Task<Conversation> HandBack(HandBackRequest request, ServerCallContext context)
    {
        var caller = Demand(context, Agent);
        CheckAgent(request.AgentId, "");
        var state = await writer.HandBackAsync(RequestReader.Key(caller.TenantId, request.ConversationId), request.AgentId, request.OwnerEpoch, context.CancellationToken);
        return ConversationView.Of(state, withMessages: true, forAgent: true);
    }

    public override async Task<PostAgentMessageResponse> PostAgentMessage(PostAgentMessageRequest request, ServerCallContext context)
    {
        var caller = Demand(context, Agent);
        CheckAgent(request.AgentId, request.AgentName);
        Require.Length(request.ClientMessageId, "client_message_id", 0, 64);
        Require.Length(request.Suggestion, "suggestion", 0, CustomerText.MaxLength);
        var key = RequestReader.Key(caller.TenantId, request.ConversationId);
        var text = CustomerText.Normalise(request.Text, "text");
        if (request.PrivateNote)
        {
            var noted = await writer.NoteAsync(key, new PrivateNote { AgentId = request.AgentId, Text = text }, context.CancellationToken);
            return new PostAgentMessageResponse { Sequence = noted.LastSequence, OwnerEpoch = noted.OwnerEpoch };
        }

        var message = new AgentMessage
        {
            MessageId = request.ClientMessageId.Length > 0 ? request.ClientMessageId : RequestReader.NewId(time),
            AgentId = request.AgentId,
            AgentName = request.AgentName,
            Text = text,
            Suggestion = request.Suggestion,
        };
        var (state, said) = await writer.PostAsync(key, message, request.OwnerEpoch, context.CancellationToken);
        return new PostAgentMessageResponse { MessageId = said.MessageId, Sequence = said.Sequence, OwnerEpoch = state.OwnerEpoch };
    }

    public override async Task<SubmitFeedbackResponse> SubmitFeedback(SubmitFeedbackRequest request, ServerCallContext context)
    {
        var caller = Demand(context, Chat);
        Require.Length(request.MessageId, "message_id", 1, 64);
        Require.Length(request.Comment, "comment", 0, 1_000);
        if (request.Rating is not (-1 or 1))
            throw new InvalidRequestException("rating", "must be -1 or 1");
        var comment = request.Comment.Length > 0 ? CustomerText.Normalise(request.Comment, "comment") : "";
        var state = await writer.RateAsync(
            RequestReader.Key(caller.TenantId, request.ConversationId),
            new FeedbackGiven { MessageId = request.MessageId, Rating = request.Rating, Comment = comment },
            context.CancellationToken);
        return new SubmitFeedbackResponse { Sequence = state.LastSequence };
    }

    public override async Task TailEvents(TailEventsRequest request, IServerStreamWriter<ConversationEvent> responseStream, ServerCallContext context)
    {
        var caller = Demand(context, Events);
        if (request.AllTenants && !caller.Has(Caller.InternalScope))
            throw new PermissionDeniedException("all_tenants is for the mesh's own services");
        Require.Range(request.AfterPosition, "after_position", 0, long.MaxValue);
        Require.Range(request.AfterSequence, "after_sequence", 0, long.MaxValue);
        var found = request.ConversationId.Length > 0
            ? tail.ConversationAsync(RequestReader.Key(caller.TenantId, request.ConversationId), request.AfterSequence, request.StopAtEnd, context.CancellationToken)
            : tail.LogAsync(request.AllTenants ? null : caller.TenantId, request.AfterPosition, request.StopAtEnd, context.CancellationToken);
        await foreach (var next in found)
            await responseStream.WriteAsync(next, context.CancellationToken);
    }

    public override async Task Replay(ReplayRequest request, IServerStreamWriter<ReplayEvent> responseStream, ServerCallContext context)
    {
        var caller = Demand(context, Events);
        Require.Range(request.UpToSequence, "up_to_sequence", 0, long.MaxValue);
        var key = RequestReader.Key(caller.TenantId, request.ConversationId);
        await RequireAsync(key, "", context);
        await foreach (var replayed in replayer.ReplayAsync(key, request.UpToSequence, context.CancellationToken))
            await responseStream.WriteAsync(replayed, context.CancellationToken);
    }

    private async Task<ConversationState> RequireAsync(ConversationKey key, string customerId, ServerCallContext context)
    {
        var state = await conversations.RequireAsync(key, context.CancellationToken);
        return customerId.Length == 0 || customerId == state.CustomerId ? state : throw new NotFoundException("conversation", key.ConversationId);
    }

    private static Caller Demand(ServerCallContext context, string scope)
    {
        var caller = context.GetCaller();
        caller.Demand(scope);
        return caller;
    }

    private static DateTimeOffset? Deadline(ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? null : new DateTimeOffset(DateTime.SpecifyKind(context.Deadline, DateTimeKind.Utc));

    private static void CheckAgent(string id, string name)
    {
        Require.Length(id, "agent_id", 1, 64);
        Require.Length(name, "agent_name", 0, 40);
    }
}
