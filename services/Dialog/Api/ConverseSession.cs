using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Turns;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Api;

/// <summary>One open conversation over a stream: messages in, turns and people's messages out, in one order.</summary>
internal sealed class ConverseSession(
    TurnPipeline pipeline, ConversationGates gates, ConversationStore conversations, EventTail tail, TimeProvider time, ConversationTarget target, (ConversationKey Key, bool Opens) place)
{
    private readonly Channel<TurnEvent> _out = System.Threading.Channels.Channel.CreateBounded<TurnEvent>(new BoundedChannelOptions(256) { SingleReader = true });

    public async Task RunAsync(IAsyncStreamReader<ConverseRequest> requests, IServerStreamWriter<TurnEvent> responses, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(responses, cancellationToken);
        var people = PeopleAsync(ending.Token);
        List<Task> turns = [];
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                turns.RemoveAll(turn => turn.IsCompletedSuccessfully);
                Take(requests.Current, turns, deadline, cancellationToken);
            }

            await Task.WhenAll(turns);
        }
        finally
        {
            await ending.CancelAsync();
            await people;
            _out.Writer.Complete();
        }

        await writing;
    }

    private void Take(ConverseRequest request, List<Task> turns, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        switch (request.MessageCase)
        {
            case ConverseRequest.MessageOneofCase.Input:
                if (request.Input.BargeIn)
                    gates.CancelTurn(place.Key);
                // Turns enter the conversation's gate in the order of these calls.
                turns.Add(TurnAsync(request.Input, deadline, cancellationToken));
                break;
            case ConverseRequest.MessageOneofCase.Cancel:
                gates.CancelTurn(place.Key, request.Cancel.TurnId);
                break;
            case ConverseRequest.MessageOneofCase.Open:
                throw new InvalidRequestException("open", "the conversation is open; it comes first and only then");
            case ConverseRequest.MessageOneofCase.None:
                throw new InvalidRequestException("message", "is missing");
        }
    }

    /// <summary>A message that is refused does not end the stream.</summary>
    private async Task TurnAsync(CustomerInput input, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        try
        {
            var request = RequestReader.Message(target, place, input.ClientMessageId, input.Text, input.Confirmation, deadline, time);
            await pipeline.RunAsync(request, shown => _out.Writer.WriteAsync(shown, cancellationToken), cancellationToken);
        }
        catch (MeshException refused)
        {
            var status = ErrorTable.ToStatus(refused, deadlinePassed: false);
            await _out.Writer.WriteAsync(
                new TurnEvent
                {
                    ConversationId = place.Key.ConversationId,
                    Time = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
                    Error = new TurnError { Code = status.Code, Message = status.Message, RetryAfter = refused is OverloadedException busy ? Duration.FromTimeSpan(busy.RetryAfter) : null },
                },
                cancellationToken);
        }
    }

    /// <summary>What people write and take over while the stream is open.</summary>
    private async Task PeopleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = await conversations.LoadAsync(place.Key, cancellationToken);
            await foreach (var next in tail.ConversationAsync(place.Key, state.LastSequence, stopAtEnd: false, cancellationToken))
            {
                if (next.TurnId.Length > 0 || next.PayloadCase is not (ConversationEvent.PayloadOneofCase.AgentMessage or ConversationEvent.PayloadOneofCase.OwnerChanged))
                    continue;
                foreach (var shown in TurnEvents.Of(next, Owner.Unspecified, "", ""))
                    await _out.Writer.WriteAsync(shown, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The stream ends.
        }
    }

    private async Task WriteAsync(IServerStreamWriter<TurnEvent> responses, CancellationToken cancellationToken)
    {
        await foreach (var shown in _out.Reader.ReadAllAsync(cancellationToken))
            await responses.WriteAsync(shown, cancellationToken);
    }
}
