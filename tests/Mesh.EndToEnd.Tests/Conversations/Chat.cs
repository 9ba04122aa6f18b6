using Grpc.Core;
using Mesh.Dialog.V1;
using Mesh.EndToEnd.Tests.Running;

namespace Mesh.EndToEnd.Tests.Conversations;

/// <summary>One customer's conversation with the mesh, over the Gateway as a call centre speaks to it.</summary>
public sealed class Chat(RunningMesh mesh, string customer)
{
    /// <summary>Longest wait for a turn; the dialog itself gives up after 20 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    private readonly List<PlayedTurn> _turns = [];
    private readonly List<ConversationEvent> _events = [];

    public string Id { get; private set; } = "";

    public IReadOnlyList<PlayedTurn> Turns => _turns;

    /// <summary>All that is stored of it so far.</summary>
    public IReadOnlyList<ConversationEvent> Events => _events;

    public DialogService.DialogServiceClient Dialog { get; } = mesh.Dialog;

    public Task<PlayedTurn> SayAsync(string text, CancellationToken cancellationToken, string clientMessageId = "", Func<TurnEvent, Task>? during = null) =>
        SendAsync(new SendMessageRequest { Text = text, ClientMessageId = clientMessageId }, text, during, cancellationToken);

    public Task<PlayedTurn> PressAsync(bool approve, CancellationToken cancellationToken, string clientMessageId = "", Func<TurnEvent, Task>? during = null)
    {
        var asked = _turns.Select(turn => turn.Confirmation).LastOrDefault(confirmation => confirmation is not null)
            ?? throw new InvalidOperationException($"there is nothing to confirm\n\n{this}");
        return SendAsync(
            new SendMessageRequest { Confirmation = new ConfirmationReply { ConfirmationId = asked.ConfirmationId, Approve = approve }, ClientMessageId = clientMessageId },
            approve ? "[confirm]" : "[deny]",
            during,
            cancellationToken);
    }

    /// <summary>Does what a person at the desk does: "take_over", "hand_back", or writes.</summary>
    public async Task<PlayedTurn> PersonAsync(string act, CancellationToken cancellationToken)
    {
        switch (act)
        {
            case "take_over":
                await Dialog.TakeOverAsync(new TakeOverRequest { ConversationId = Id, AgentId = "agent-7", AgentName = "小王" }, cancellationToken: cancellationToken);
                break;
            case "hand_back":
                await Dialog.HandBackAsync(new HandBackRequest { ConversationId = Id, AgentId = "agent-7" }, cancellationToken: cancellationToken);
                break;
            default:
                await Dialog.PostAgentMessageAsync(new PostAgentMessageRequest { ConversationId = Id, AgentId = "agent-7", AgentName = "小王", Text = act }, cancellationToken: cancellationToken);
                break;
        }

        var turn = new PlayedTurn($"[person: {act}]", [], await ReadAsync(cancellationToken));
        _turns.Add(turn);
        return turn;
    }

    /// <summary>What was stored since the last look.</summary>
    public async Task<IReadOnlyList<ConversationEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        var fresh = new List<ConversationEvent>();
        using var tail = Dialog.TailEvents(
            new TailEventsRequest { ConversationId = Id, AfterSequence = _events.Count == 0 ? 0 : _events[^1].Sequence, StopAtEnd = true }, cancellationToken: cancellationToken);
        await foreach (var stored in tail.ResponseStream.ReadAllAsync(cancellationToken))
            fresh.Add(stored);
        _events.AddRange(fresh);
        return fresh;
    }

    /// <summary>The record holds together: no gap, nothing twice, every turn has ended, none was completed twice, every message is there once.</summary>
    public void AssertRecordWhole()
    {
        Assert.Equal(Enumerable.Range(1, _events.Count).Select(i => (long)i), _events.Select(stored => stored.Sequence));
        Assert.All(_events.Zip(_events.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position));
        var messages = _events.Where(stored => stored.CustomerMessage is not null).ToList();
        Assert.Equal(messages.Count, messages.DistinctBy(stored => stored.CustomerMessage.ClientMessageId).Count());
        foreach (var turn in _events.Where(stored => stored.TurnId.Length > 0).GroupBy(stored => stored.TurnId))
        {
            // One that failed may be tried again under the same client message id; nothing follows its completion.
            Assert.True(turn.Last() is { TurnCompleted: not null } or { TurnFailed: not null }, $"turn {turn.Key} has not ended");
            Assert.True(turn.Count(stored => stored.TurnCompleted is not null) <= 1, $"turn {turn.Key} was completed twice");
            Assert.Single(turn, stored => stored.CustomerMessage is not null);
        }

        foreach (var accepted in _turns.Select(turn => turn.Accepted).OfType<Accepted>())
            Assert.Equal(accepted.ClientMessageId, _events[(int)accepted.Sequence - 1].CustomerMessage?.ClientMessageId);
        var calls = _events.Where(stored => stored.ToolCalled is not null).ToList();
        Assert.Equal(calls.Count, calls.DistinctBy(stored => stored.ToolCalled.CallId).Count());
    }

    public override string ToString() => string.Concat(_turns);

    private async Task<PlayedTurn> SendAsync(SendMessageRequest request, string said, Func<TurnEvent, Task>? during, CancellationToken cancellationToken)
    {
        request.Target = new ConversationTarget { ConversationId = Id, CustomerId = customer, Channel = new Channel { Kind = "call-center" } };
        var shown = new List<TurnEvent>();
        try
        {
            using var call = Dialog.SendMessage(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellationToken);
            await foreach (var happened in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                Id = happened.ConversationId;
                shown.Add(happened);
                if (during is not null)
                    await during(happened);
            }
        }
        catch (RpcException exception) when (shown.Count > 0)
        {
            // The stream broke after the message was accepted: for the customer that is how the turn ended.
            shown.Add(new TurnEvent { ConversationId = Id, Error = new TurnError { Code = (int)exception.StatusCode, Message = exception.Status.Detail } });
            var broken = new PlayedTurn(said, shown, []);
            _turns.Add(broken);
            return broken;
        }

        var turn = new PlayedTurn(said, shown, await ReadAsync(cancellationToken));
        _turns.Add(turn);
        return turn;
    }
}
