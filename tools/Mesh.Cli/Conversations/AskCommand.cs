using System.CommandLine;
using Mesh.Dialog.V1;

namespace Mesh.Cli.Conversations;

internal static class AskCommand
{
    public static System.CommandLine.Command Create(ConnectionOptions connection)
    {
        var conversation = new ConversationOptions();
        var text = new Argument<string>("text") { Description = "What the customer says" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: answer, citations, tool_calls, commands, timings_ms, conversation" };
        var command = new System.CommandLine.Command("ask", "Says one thing and prints the answer") { text, json };
        conversation.AddTo(command);
        command.SetAction((arguments, cancellationToken) => connection.RunAsync(arguments, async invoker =>
        {
            var request = new SendMessageRequest
            {
                Target = conversation.Target(arguments),
                ClientMessageId = ConversationOptions.NewMessageId(),
                Text = arguments.GetValue(text),
            };
            var turn = await Turn.SendAsync(new DialogService.DialogServiceClient(invoker), request, _ => { }, cancellationToken);
            if (turn.Error is { } error)
            {
                Console.Error.WriteLine($"{Failure.StatusName((Grpc.Core.StatusCode)error.Code)}: {error.Message}");
                return 1;
            }
            Console.WriteLine(arguments.GetValue(json) ? TurnJson.Write(turn) : Plain(turn));
            return 0;
        }));
        return command;
    }

    private static string Plain(Turn turn)
    {
        var lines = new List<string> { turn.Answer };
        lines.AddRange(turn.Citations.Select(c => $"[{c.Index}] {c.Title} ({c.DocumentId})"));
        if (turn.QuickReplies.Count > 0) lines.Add(string.Join("  ", turn.QuickReplies.Select(r => $"‹{r.Title}›")));
        lines.Add($"conversation {turn.Conversation}");
        return string.Join(Environment.NewLine, lines);
    }
}
