using System.Text;
using Google.Protobuf.WellKnownTypes;
using Mesh.Common.V1;
using Mesh.Dialog.V1;
using Enum = System.Enum;

namespace Mesh.EndToEnd.Tests.Conversations;

/// <summary>What came of one message: the events that were streamed, and those that the turn stored.</summary>
public sealed record PlayedTurn(string Said, IReadOnlyList<TurnEvent> Shown, IReadOnlyList<ConversationEvent> Stored)
{
    public string Answer => string.Concat(Shown.Select(shown => shown.TextDelta?.Text));

    public IEnumerable<string> Commands => Shown.Where(shown => shown.Understanding is not null).SelectMany(shown => shown.Understanding.Commands).Select(Describe);

    public IEnumerable<Citation> Citations => Shown.Where(shown => shown.Citation is not null).Select(shown => shown.Citation);

    public IEnumerable<ToolCallResult> ToolResults => Shown.Where(shown => shown.ToolResult is not null).Select(shown => shown.ToolResult);

    public ConfirmationRequest? Confirmation => Shown.LastOrDefault(shown => shown.ConfirmationRequest is not null)?.ConfirmationRequest;

    public HandOver? HandOver => Shown.LastOrDefault(shown => shown.HandOver is not null)?.HandOver;

    public IEnumerable<QuickReply> QuickReplies => Shown.Where(shown => shown.QuickReplies is not null).SelectMany(shown => shown.QuickReplies.Replies);

    public Accepted? Accepted => Shown.FirstOrDefault(shown => shown.Accepted is not null)?.Accepted;

    public TurnDone? Done => Shown.LastOrDefault(shown => shown.TurnCompleted is not null)?.TurnCompleted;

    public TurnError? Error => Shown.LastOrDefault(shown => shown.Error is not null)?.Error;

    public IEnumerable<SlotSet> Slots => Stored.Where(stored => stored.SlotSet is not null).Select(stored => stored.SlotSet);

    /// <summary>"start_flow return_request", "set_slot order_id=SO2026110002".</summary>
    private static string Describe(Command command) =>
        Snake(command.Type) + (command.Name.Length > 0 ? $" {command.Name}" : "") + (command.Value.Length > 0 && command.Name.Length > 0 ? $"={command.Value}" : "");

    public static string Snake(Enum value) => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    public static string Text(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue,
        _ => value.ToString(),
    };

    public override string ToString()
    {
        var text = new StringBuilder($"> {Said}\n");
        foreach (var shown in Shown)
        {
            switch (shown.EventCase)
            {
                case TurnEvent.EventOneofCase.Understanding:
                    text.AppendLine($"    commands: {string.Join("; ", shown.Understanding.Commands.Select(command => $"{Describe(command)} ({command.Score:0.00})"))} [{shown.Understanding.Language}]");
                    break;
                case TurnEvent.EventOneofCase.GuardVerdict when shown.GuardVerdict.Findings.Count > 0:
                    text.AppendLine($"    guard {shown.GuardVerdict.Stage}: {shown.GuardVerdict.Action} ({string.Join(", ", shown.GuardVerdict.Findings.Select(f => $"{f.Scanner}/{f.Category} {f.Action}"))})");
                    break;
                case TurnEvent.EventOneofCase.ToolCall:
                    text.AppendLine($"    call {shown.ToolCall.Name} {shown.ToolCall.Arguments}");
                    break;
                case TurnEvent.EventOneofCase.ToolResult:
                    text.AppendLine($"    {shown.ToolResult.Name}: {shown.ToolResult.Status} {shown.ToolResult.ErrorCode}");
                    break;
                case TurnEvent.EventOneofCase.Passages:
                    text.AppendLine($"    passages: {string.Join(", ", shown.Passages.Passages_.Select(p => p.DocumentId))}; answerable: {shown.Passages.Answerable}");
                    break;
                case TurnEvent.EventOneofCase.Citation:
                    text.AppendLine($"    cites {shown.Citation.DocumentId}");
                    break;
                case TurnEvent.EventOneofCase.ConfirmationRequest:
                    text.AppendLine($"    asks to confirm: {shown.ConfirmationRequest.Summary}");
                    break;
                case TurnEvent.EventOneofCase.HandOver:
                    text.AppendLine($"    hand-over: {shown.HandOver.Reason}");
                    break;
                case TurnEvent.EventOneofCase.QuickReplies:
                    text.AppendLine($"    offers: {string.Join(" | ", shown.QuickReplies.Replies.Select(reply => reply.Title))}");
                    break;
                case TurnEvent.EventOneofCase.TurnCompleted:
                    text.AppendLine($"    done: {Snake(shown.TurnCompleted.Owner)} {string.Join(",", shown.TurnCompleted.Degradations)}");
                    break;
                case TurnEvent.EventOneofCase.Error:
                    text.AppendLine($"    error {shown.Error.Code}: {shown.Error.Message}");
                    break;
            }
        }

        return text.Append("< ").AppendLine(Answer.Replace("\n", "\n< ", StringComparison.Ordinal)).ToString();
    }
}
