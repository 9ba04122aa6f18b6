using Grpc.Core;
using Mesh.Dialog.V1;

namespace Mesh.Cli.Conversations;

/// <summary>What came of one customer message: the turn's events, gathered as they stream in.</summary>
internal sealed class Turn
{
    public string Conversation { get; private set; } = "";
    public string Answer { get; private set; } = "";
    public List<Common.V1.Citation> Citations { get; } = [];
    public List<Command> Commands { get; } = [];
    public List<(ToolCallStarted Call, ToolCallResult? Result)> ToolCalls { get; } = [];
    public List<QuickReply> QuickReplies { get; } = [];
    public ConfirmationRequest? Confirmation { get; private set; }
    public HandOver? HandOver { get; private set; }
    public TurnDone? Done { get; private set; }
    public TurnError? Error { get; private set; }

    /// <summary>Sends the message and gathers its events.</summary>
    /// <param name="onEvent">Called with each event as it arrives.</param>
    public static async Task<Turn> SendAsync(DialogService.DialogServiceClient dialog, SendMessageRequest request, Action<TurnEvent> onEvent, CancellationToken cancellationToken)
    {
        var turn = new Turn();
        using var call = dialog.SendMessage(request, cancellationToken: cancellationToken);
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            turn.Add(item);
            onEvent(item);
        }
        return turn;
    }

    public void Add(TurnEvent item)
    {
        Conversation = item.ConversationId;
        switch (item.EventCase)
        {
            case TurnEvent.EventOneofCase.Understanding: Commands.AddRange(item.Understanding.Commands); break;
            case TurnEvent.EventOneofCase.ToolCall: ToolCalls.Add((item.ToolCall, null)); break;
            case TurnEvent.EventOneofCase.ToolResult:
                var index = ToolCalls.FindIndex(c => c.Call.CallId == item.ToolResult.CallId);
                if (index >= 0) ToolCalls[index] = (ToolCalls[index].Call, item.ToolResult);
                break;
            case TurnEvent.EventOneofCase.TextDelta: Answer += item.TextDelta.Text; break;
            case TurnEvent.EventOneofCase.TextReplaced: Answer = item.TextReplaced.Text; break;
            case TurnEvent.EventOneofCase.Citation: Citations.Add(item.Citation); break;
            case TurnEvent.EventOneofCase.QuickReplies: QuickReplies.AddRange(item.QuickReplies.Replies); break;
            case TurnEvent.EventOneofCase.ConfirmationRequest: Confirmation = item.ConfirmationRequest; break;
            case TurnEvent.EventOneofCase.HandOver: HandOver = item.HandOver; break;
            case TurnEvent.EventOneofCase.TurnCompleted: Done = item.TurnCompleted; break;
            case TurnEvent.EventOneofCase.Error: Error = item.Error; break;
        }
    }
}
