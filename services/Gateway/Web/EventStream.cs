using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using Mesh.Dialog.V1;

namespace Mesh.Gateway.Web;

/// <summary>gRPC streams as server-sent events.</summary>
internal static class EventStream
{
    public const string TurnEvent = "turn";
    public const string HistoryEvent = "history";
    public const string ProblemEvent = "problem";
    public const string PingEvent = "ping";

    /// <summary>The events of one turn, as the customer sees them.</summary>
    /// <param name="current">Whether the stream already stands on its first event.</param>
    public static IAsyncEnumerable<SseItem<string>> OfTurn(
        AsyncServerStreamingCall<TurnEvent> call, bool current, string language, CancellationToken cancellationToken) =>
        Of(call, current, e => CustomerView.Of(e) is { } seen ? new(ChatJson.Format(seen), TurnEvent) : null, language, cancellationToken);

    /// <summary>The stored events of a conversation as the customer sees them, then new ones as they are written.</summary>
    public static async IAsyncEnumerable<SseItem<string>> OfHistory(
        AsyncServerStreamingCall<ConversationEvent> call, string language, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Answers at once, so that the page knows that it is connected.
        yield return new("{}", PingEvent);
        var items = Of(
            call, current: false,
            e => CustomerView.Of(e) is { } seen
                ? new(ChatJson.Format(seen), HistoryEvent) { EventId = e.Sequence.ToString(CultureInfo.InvariantCulture) }
                : null,
            language, cancellationToken);
        await foreach (var item in items) yield return item;
    }

    // A failure half-way is the last event: nothing else could tell the page.
    private static async IAsyncEnumerable<SseItem<string>> Of<T>(
        AsyncServerStreamingCall<T> call, bool current, Func<T, SseItem<string>?> show, string language, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (call)
        {
            var stream = call.ResponseStream;
            while (true)
            {
                if (current && show(stream.Current) is { } seen) yield return seen;
                Problem? failure = null;
                try
                {
                    current = await stream.MoveNext(cancellationToken);
                }
                catch (Exception e) when (e is RpcException or OperationCanceledException or IOException)
                {
                    if (cancellationToken.IsCancellationRequested) yield break;
                    failure = Problem.Of(e, language);
                    current = false;
                }
                if (failure is not null) yield return new(JsonSerializer.Serialize(failure, ChatJson.Options), ProblemEvent);
                if (!current) yield break;
            }
        }
    }

    /// <summary>Puts a ping into every pause, so that nothing between here and the browser takes the stream for dead.</summary>
    public static async IAsyncEnumerable<SseItem<string>> WithPings(
        this IAsyncEnumerable<SseItem<string>> items, TimeSpan interval, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var source = items.GetAsyncEnumerator(ending.Token);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using (var pause = CancellationTokenSource.CreateLinkedTokenSource(ending.Token))
                {
                    // Not a wait for something to have happened: the interval itself is what is wanted.
                    var first = await Task.WhenAny(next, Task.Delay(interval, time, pause.Token));
                    await pause.CancelAsync();
                    if (first != next && !ending.IsCancellationRequested)
                    {
                        yield return new("{}", PingEvent);
                        continue;
                    }
                }
                if (!await next) yield break;
                yield return source.Current;
                next = source.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // The browser may be gone while the source is still being waited for: it must be at rest before it is disposed of.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync();
        }
    }
}
