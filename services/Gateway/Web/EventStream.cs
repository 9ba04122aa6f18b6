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

    /// <summary>The events of one turn, as the customer sees them. A failure half-way is the last event; nothing else could tell the page.</summary>
    /// <param name="current">Whether the stream already stands on its first event.</param>
    public static async IAsyncEnumerable<SseItem<string>> OfTurn(
        AsyncServerStreamingCall<TurnEvent> call, bool current, string language, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using (call)
        {
            var stream = call.ResponseStream;
            while (true)
            {
                if (current && CustomerView.Of(stream.Current) is { } seen) yield return new(ChatJson.Format(seen), TurnEvent);
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

    /// <summary>
    /// The stored events of a conversation as the customer sees them, then new ones as they are written. When the log cannot be read on, that is the last event;
    /// the page comes back.
    /// </summary>
    public static async IAsyncEnumerable<SseItem<string>> OfHistory(
        AsyncServerStreamingCall<ConversationEvent> call, string language, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using (call)
        {
            // Answers at once, so that the page knows that it is connected.
            yield return new("{}", PingEvent);
            while (true)
            {
                var more = false;
                Problem? failure = null;
                try
                {
                    more = await call.ResponseStream.MoveNext(cancellationToken);
                }
                catch (Exception e) when (e is RpcException or OperationCanceledException or IOException)
                {
                    if (cancellationToken.IsCancellationRequested) yield break;
                    failure = Problem.Of(e, language);
                }
                if (failure is not null) yield return new(JsonSerializer.Serialize(failure, ChatJson.Options), ProblemEvent);
                if (!more) yield break;
                var stored = call.ResponseStream.Current;
                if (CustomerView.Of(stored) is { } seen)
                    yield return new(ChatJson.Format(seen), HistoryEvent) { EventId = stored.Sequence.ToString(CultureInfo.InvariantCulture) };
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
