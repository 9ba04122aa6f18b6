using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Mesh.Dialog.V1;
using Spectre.Console;

namespace Mesh.Benchmarks;

/// <summary>Customer turns through the Gateway: latency of each kind alone, and turns a second with many conversations at once.</summary>
internal static class TurnBenchmark
{
    /// <summary>One kind of turn: how it is called in the table, as whom, and what is said.</summary>
    private sealed record Kind(string Name, string Customer, string Text);

    private static readonly Kind[] Kinds =
    [
        new("chit-chat (guard, understanding)", "", "你好"),
        new("knowledge (search, citation)", "", "七天无理由退货从哪天开始算"),
        new("tool (order tracking)", "13800000001", "我的订单 SO2026110001 到哪了"),
        new("knowledge, English", "", "how long does a refund to a bank card take"),
    ];

    public static System.CommandLine.Command Create()
    {
        var address = new Option<Uri>("--address") { Description = "gRPC address of the Gateway", DefaultValueFactory = _ => new Uri("http://localhost:8081") };
        var key = new Option<string>("--key") { Description = "API key with scope chat", DefaultValueFactory = _ => "mesh-development-key" };
        var turns = new Option<int>("--turns") { Description = "Turns of each kind, alone", DefaultValueFactory = _ => 100 };
        var conversations = new Option<int>("--conversations") { Description = "Conversations at once", DefaultValueFactory = _ => 32 };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each of them", DefaultValueFactory = _ => 12 };
        var command = new System.CommandLine.Command("turns", "Latency of a turn alone (p50, p99) and turns a second with many conversations at once") { address, key, turns, conversations, rounds };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var channel = GrpcChannel.ForAddress(arguments.GetValue(address)!, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });
            var secret = arguments.GetValue(key)!;
            var dialog = new DialogService.DialogServiceClient(channel.Intercept(headers =>
            {
                headers.Add("x-api-key", secret);
                return headers;
            }));
            foreach (var kind in Kinds) await TurnAsync(dialog, kind, "", cancellationToken);

            var table = new Table().AddColumns("turns", "p50 ms", "p99 ms", "a second");
            foreach (var kind in Kinds)
            {
                var clock = Stopwatch.StartNew();
                var times = new List<double>();
                for (var i = 0; i < arguments.GetValue(turns); i++) times.Add((await TurnAsync(dialog, kind, "", cancellationToken)).Milliseconds);
                Row(table, kind.Name, times, clock.Elapsed);
            }
            var all = Stopwatch.StartNew();
            var concurrent = await Task.WhenAll(Enumerable.Range(0, arguments.GetValue(conversations)).Select(i => ConverseAsync(dialog, Kinds[i % Kinds.Length], arguments.GetValue(rounds), cancellationToken)));
            Row(table, $"all kinds, {arguments.GetValue(conversations)} conversations at once", [.. concurrent.SelectMany(t => t)], all.Elapsed);
            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }

    private static async Task<List<double>> ConverseAsync(DialogService.DialogServiceClient dialog, Kind kind, int rounds, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var conversation = "";
        for (var i = 0; i < rounds; i++)
        {
            (var milliseconds, conversation) = await TurnAsync(dialog, kind, conversation, cancellationToken);
            times.Add(milliseconds);
        }
        return times;
    }

    /// <summary>Time until the turn's last event. A turn that fails ends the run: its time would mean nothing.</summary>
    private static async Task<(double Milliseconds, string Conversation)> TurnAsync(
        DialogService.DialogServiceClient dialog, Kind kind, string conversation, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var request = new SendMessageRequest
        {
            Target = new ConversationTarget { ConversationId = conversation, CustomerId = kind.Customer, Channel = new Channel { Kind = "benchmark" } },
            Text = kind.Text,
        };
        using var call = dialog.SendMessage(request, cancellationToken: cancellationToken);
        TurnEvent? last = null;
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken)) last = item;
        return last?.TurnCompleted is not null
            ? (clock.Elapsed.TotalMilliseconds, last.ConversationId)
            : throw new InvalidOperationException($"'{kind.Text}' did not complete: {last?.Error?.Message ?? "no last event"}");
    }

    private static void Row(Table table, string name, List<double> times, TimeSpan elapsed)
    {
        times.Sort();
        table.AddRow(
            name,
            times[times.Count / 2].ToString("0.0", CultureInfo.InvariantCulture),
            times[Math.Min(times.Count - 1, (int)(times.Count * 0.99))].ToString("0.0", CultureInfo.InvariantCulture),
            (times.Count / elapsed.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture));
    }
}
