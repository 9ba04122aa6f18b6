using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Mesh.Dialog.V1;
using Spectre.Console;

namespace Mesh.Cli.Events;

internal static class EventsCommand
{
    public static System.CommandLine.Command Create(ConnectionOptions connection)
    {
        var conversation = new Option<string>("--conversation") { Description = "Only this conversation's", DefaultValueFactory = _ => "" };
        var after = new Option<long>("--after") { Description = "Log position (with --conversation: sequence) after which to begin" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Wait for more" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line" };
        var command = new System.CommandLine.Command("events", "Prints what was recorded") { conversation, after, follow, json };
        command.SetAction((arguments, cancellationToken) => connection.RunAsync(arguments, async invoker =>
        {
            var id = arguments.GetValue(conversation)!;
            var request = new TailEventsRequest
            {
                ConversationId = id,
                AfterPosition = id.Length == 0 ? arguments.GetValue(after) : 0,
                AfterSequence = id.Length > 0 ? arguments.GetValue(after) : 0,
                StopAtEnd = !arguments.GetValue(follow),
            };
            using var call = new DialogService.DialogServiceClient(invoker).TailEvents(request, cancellationToken: cancellationToken);
            await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (arguments.GetValue(json)) Console.WriteLine(JsonFormatter.Default.Format(item));
                else AnsiConsole.MarkupLine(Line(item));
            }
            return 0;
        }));
        return command;
    }

    private static string Line(ConversationEvent item)
    {
        var field = ConversationEvent.Descriptor.FindFieldByNumber((int)item.PayloadCase);
        var payload = field is null ? "" : JsonFormatter.Default.Format((IMessage)field.Accessor.GetValue(item));
        var time = item.Time.ToDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"[grey]{item.Position,6} {time} {Markup.Escape(item.ConversationId)}/{item.Sequence}[/] [bold]{field?.Name ?? "unknown"}[/] {Markup.Escape(payload)}";
    }
}
