using System.Net.ServerSentEvents;
using Mesh.Dialog.V1;
using Mesh.Gateway.Limits;
using Mesh.Retrieval.V1;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway.Web;

/// <summary>What the web chat asks for, over HTTP.</summary>
internal sealed partial class ChatApi(
    VisitorSessions sessions, VisitorConversations conversations, CustomerTokens tokens, RateLimits limits, CallerAccessor callers,
    DialogService.DialogServiceClient dialog, RetrievalService.RetrievalServiceClient retrieval, IOptions<GatewayOptions> options, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<ChatApi> log)
{
    private const int MessageCharacters = 4_000;
    private const int PassageContext = 600;

    /// <summary>For everything but a turn: long enough for a busy service, short enough for somebody who waits.</summary>
    internal static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(10);

    private readonly GatewayOptions _options = options.Value;

    public static void Map(IEndpointRouteBuilder app, WebOptions web)
    {
        var group = app.MapGroup("/api/chat").WithMetadata(new RequestSizeLimitAttribute(web.MaxBodyBytes)).AddEndpointFilter(AnswerAsync);
        group.MapPost("/session", (HttpContext http, ChatApi api) => api.SessionAsync(http));
        group.MapPost("/messages", (HttpContext http, ChatApi api) => api.SendAsync(http));
        group.MapPost("/feedback", (HttpContext http, ChatApi api) => api.FeedbackAsync(http));
        group.MapGet("/conversations/{id}", (HttpContext http, ChatApi api, string id) => api.ConversationAsync(http, id));
        group.MapGet("/conversations/{id}/events", (HttpContext http, ChatApi api, string id, long? after) => api.EventsAsync(http, id, after));
        group.MapGet("/passages/{**chunkId}", (HttpContext http, ChatApi api, string chunkId) => api.PassageAsync(http, chunkId));
    }

    /// <summary>Around every endpoint: nothing from other sites, nothing kept by caches, and every failure a problem document.</summary>
    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var http = invocation.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            SameOrigin.Demand(http.Request);
            return await next(invocation);
        }
        catch (Exception e)
        {
            if (http.RequestAborted.IsCancellationRequested) return Results.Empty;
            var problem = Problem.Of(e, Problem.Language(http.Request));
            if (problem.Status == StatusCodes.Status500InternalServerError) http.RequestServices.GetRequiredService<ChatApi>().LogFailed(http.Request.Path, e);
            await problem.WriteAsync(http);
            return Results.Empty;
        }
    }

    private async Task<IResult> SessionAsync(HttpContext http)
    {
        var request = await ChatJson.ReadAsync<SessionRequest>(http.Request, http.RequestAborted);
        var session = sessions.Find(http);
        if (request.CustomerToken is { } token)
        {
            var (customerId, name) = await tokens.CheckAsync(token);
            // Reloading the page with another token of the same customer goes on with the same session.
            if (session?.CustomerId != customerId) session = Start(http, customerId, name);
        }
        else if (request.SampleCustomer is { } sample)
        {
            if (!_options.SampleSignIn.Enabled) throw new PreconditionException("SAMPLE_SIGN_IN_OFF", "sample sign-in is off: Gateway:SampleSignIn:Enabled is not set");
            var customer = SampleCustomer.All.FirstOrDefault(c => c.Id == sample);
            if (customer is null && sample.Length > 0) throw new NotFoundException("customer", sample);
            session = Start(http, customer?.Id ?? "", customer?.Name ?? "");
        }
        session ??= Start(http, "", "");
        return Results.Json(
            new SessionInfo(
                session.PublicId,
                new ShopInfo(_options.Web.ShopName, _options.Web.ShopNameEnglish),
                session.CustomerId.Length > 0 ? new CustomerInfo(session.CustomerId, session.CustomerName) : null,
                _options.SampleSignIn.Enabled ? SampleCustomer.All : null,
                MessageCharacters),
            ChatJson.Options);
    }

    private VisitorSession Start(HttpContext http, string customerId, string name)
    {
        limits.ChargeNewSession(http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        return sessions.Start(http, customerId, name);
    }

    private async Task<IResult> SendAsync(HttpContext http)
    {
        var session = sessions.Require(http);
        var language = Problem.Language(http.Request);
        var request = await ChatJson.ReadAsync<MessageRequest>(http.Request, http.RequestAborted);
        Require.Length(request.ClientMessageId, "clientMessageId", 1, 64);
        if (request.Locale is not (null or "zh" or "en")) throw new InvalidRequestException("locale", "must be 'zh' or 'en'");
        if (request.Text is null == request.Confirmation is null) throw new InvalidRequestException("text", "either text or confirmation is needed, and not both");

        var message = new SendMessageRequest { ClientMessageId = request.ClientMessageId };
        if (request.Confirmation is { } answer)
            message.Confirmation = new ConfirmationReply { ConfirmationId = Require.Length(answer.ConfirmationId, "confirmation.confirmationId", 1, 256), Approve = answer.Approve };
        else
            message.Text = Require.Length(request.Text!.Trim(), "text", 1, MessageCharacters);

        limits.ChargeMessage(session.PublicId, session.Tenant);
        using var caller = callers.Use(session.ToCaller());
        message.Target = VisitorConversations.Open(session, request.Locale == "en" ? "en" : "zh-CN");
        if (request.ConversationId is { Length: > 0 } id)
        {
            await conversations.DemandAsync(session, id, http.RequestAborted);
            message.Target.ConversationId = id;
        }

        var call = dialog.SendMessage(message, deadline: Until(_options.Web.TurnDeadline), cancellationToken: http.RequestAborted);
        bool any;
        try
        {
            // Only after the first event is it clear that there is something to stream; until then a failure is an ordinary answer.
            any = await call.ResponseStream.MoveNext(http.RequestAborted);
        }
        catch
        {
            call.Dispose();
            throw;
        }
        if (any && call.ResponseStream.Current.ConversationId is { Length: > 0 } opened) conversations.Remember(session, opened);
        return Stream(http, EventStream.OfTurn(call, any, language, http.RequestAborted));
    }

    private async Task<IResult> ConversationAsync(HttpContext http, string id)
    {
        var session = RequireReader(http);
        using var caller = callers.Use(session.ToCaller());
        var conversation = await conversations.GetAsync(session, id, headerOnly: false, http.RequestAborted);
        return Json(CustomerView.Of(conversation));
    }

    private async Task<IResult> EventsAsync(HttpContext http, string id, long? after)
    {
        var session = RequireReader(http);
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        var position = last.Length > 0 ? long.TryParse(last, out var seen) ? seen : -1 : after ?? 0;
        if (position < 0) throw new InvalidRequestException("after", "must be a sequence, 0 or more");
        using var caller = callers.Use(session.ToCaller());
        await conversations.DemandAsync(session, id, http.RequestAborted);

        http.Response.RegisterForDispose(limits.OpenStream(session.PublicId));
        var end = new CancellationTokenSource(_options.Web.EventStreamLifetime, time);
        http.Response.RegisterForDispose(end);
        var life = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, end.Token, lifetime.ApplicationStopping);
        http.Response.RegisterForDispose(life);
        using var reader = callers.Use(session.ToReader());
        var call = dialog.TailEvents(new TailEventsRequest { ConversationId = id, AfterSequence = position }, cancellationToken: life.Token);
        return Stream(http, EventStream.OfHistory(call, Problem.Language(http.Request), life.Token));
    }

    private async Task<IResult> FeedbackAsync(HttpContext http)
    {
        var session = RequireReader(http);
        var request = await ChatJson.ReadAsync<FeedbackRequest>(http.Request, http.RequestAborted);
        Require.Length(request.MessageId, "messageId", 1, 64);
        Require.Length(request.Comment, "comment", 0, 1_000);
        if (request.Rating is not (-1 or 1)) throw new InvalidRequestException("rating", "must be -1 or 1");
        using var caller = callers.Use(session.ToCaller());
        await conversations.DemandAsync(session, request.ConversationId, http.RequestAborted);
        await dialog.SubmitFeedbackAsync(
            new SubmitFeedbackRequest { ConversationId = request.ConversationId, MessageId = request.MessageId, Rating = request.Rating, Comment = request.Comment ?? "" },
            deadline: Until(ReadDeadline), cancellationToken: http.RequestAborted);
        return Results.NoContent();
    }

    private async Task<IResult> PassageAsync(HttpContext http, string chunkId)
    {
        var session = RequireReader(http);
        var request = new GetPassageRequest
        {
            ChunkId = Require.Length(chunkId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), "chunkId", 1, 256),
            SnapshotId = Require.Length(http.Request.Query["snapshot"], "snapshot", 0, 64),
            Context = PassageContext,
        };
        using var caller = callers.Use(session.ToCaller());
        var found = await retrieval.GetPassageAsync(request, deadline: Until(ReadDeadline), cancellationToken: http.RequestAborted);
        return Json(found);
    }

    private VisitorSession RequireReader(HttpContext http)
    {
        var session = sessions.Require(http);
        limits.ChargeRead(session.PublicId);
        return session;
    }

    private static IResult Json(Google.Protobuf.IMessage message) => Results.Text(ChatJson.Format(message), "application/json");

    private ServerSentEventsResult<string> Stream(HttpContext http, IAsyncEnumerable<SseItem<string>> items)
    {
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(items.WithPings(_options.Web.PingInterval, time, http.RequestAborted));
    }

    private DateTime Until(TimeSpan span) => (time.GetUtcNow() + span).UtcDateTime;

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "{Path} failed")]
    private partial void LogFailed(string path, Exception exception);
}
