using System.Globalization;
using Mesh.Dialog.V1;
using Spectre.Console;

namespace Mesh.Cli.Conversations;

internal static class ChatCommand
{
    public static System.CommandLine.Command Create(ConnectionOptions connection)
    {
        var conversation = new ConversationOptions();
        var command = new System.CommandLine.Command("chat", "Talks with the mesh in this terminal; an empty line or Ctrl+D ends it");
        conversation.AddTo(command);
        command.SetAction((arguments, cancellationToken) => connection.RunAsync(arguments, async invoker =>
        {
            await ChatAsync(new DialogService.DialogServiceClient(invoker), conversation.Target(arguments), cancellationToken);
            return 0;
        }));
        return command;
    }

    private static async Task ChatAsync(DialogService.DialogServiceClient dialog, ConversationTarget target, CancellationToken cancellationToken)
    {
        AnsiConsole.MarkupLine("[grey]Say something. A number picks a suggestion, an empty line ends.[/]");
        IReadOnlyList<QuickReply> offered = [];
        ConfirmationRequest? pending = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            AnsiConsole.Markup("[bold]> [/]");
            var line = await Console.In.ReadLineAsync(cancellationToken);
            if (string.IsNullOrWhiteSpace(line)) return;
            var request = new SendMessageRequest { Target = target, ClientMessageId = ConversationOptions.NewMessageId() };
            if (pending is not null && line.Trim() is "y" or "n")
                request.Confirmation = new ConfirmationReply { ConfirmationId = pending!.ConfirmationId, Approve = line.Trim() == "y" };
            else
                request.Text = Picked(line, offered);
            var turn = await Turn.SendAsync(dialog, request, Show, cancellationToken);
            AnsiConsole.WriteLine();
            ShowRest(turn);
            target.ConversationId = turn.Conversation;
            offered = turn.QuickReplies;
            pending = turn.Confirmation;
        }
    }

    private static string Picked(string line, IReadOnlyList<QuickReply> offered) =>
        int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= offered.Count
            ? offered[number - 1].Message
            : line;

    private static void Show(TurnEvent item)
    {
        switch (item.EventCase)
        {
            case TurnEvent.EventOneofCase.TextDelta:
                AnsiConsole.Write(item.TextDelta.Text);
                break;
            case TurnEvent.EventOneofCase.TextReplaced:
                AnsiConsole.WriteLine();
                AnsiConsole.MarkupLine($"[grey]({Markup.Escape(item.TextReplaced.Reason)})[/]");
                AnsiConsole.Write(item.TextReplaced.Text);
                break;
            case TurnEvent.EventOneofCase.ToolCall:
                AnsiConsole.MarkupLine($"[grey]… {Markup.Escape(item.ToolCall.Name)}[/]");
                break;
        }
    }

    private static void ShowRest(Turn turn)
    {
        foreach (var citation in turn.Citations)
            AnsiConsole.MarkupLine($"[blue][[{citation.Index}]][/] {Markup.Escape(citation.Title)} [grey]{Markup.Escape(citation.DocumentId)}[/]");
        if (turn.Confirmation is { } confirmation)
            AnsiConsole.Write(new Panel(Markup.Escape(confirmation.Summary)) { Header = new PanelHeader("y / n") });
        for (var i = 0; i < turn.QuickReplies.Count; i++)
            AnsiConsole.MarkupLine($"[green]{i + 1}[/] {Markup.Escape(turn.QuickReplies[i].Title)}");
        if (turn.HandOver is not null) AnsiConsole.MarkupLine("[yellow]A person has been asked for.[/]");
        if (turn.Error is { } error) AnsiConsole.MarkupLine($"[red]{Markup.Escape(error.Message)}[/]");
    }
}
