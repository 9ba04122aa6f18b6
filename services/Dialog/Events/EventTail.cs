using System.Runtime.CompilerServices;
using Mesh.Dialog.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Events;

/// <summary>Reads events as they are written: woken in this process, by polling for those of other replicas.</summary>
internal sealed class EventTail(IEventStore events, EventSignal signal, IOptions<DialogOptions> options)
{
    private const int Batch = 500;

    /// <summary>All events of a tenant, or of all when null, after a log position.</summary>
    public IAsyncEnumerable<ConversationEvent> LogAsync(string? tenantId, long afterPosition, bool stopAtEnd, CancellationToken cancellationToken) => FollowAsync(
        afterPosition, (after, token) => events.ReadLogAsync(tenantId, after, Batch, token), next => next.Position, stopAtEnd, cancellationToken);

    /// <summary>Events of one conversation after a sequence.</summary>
    public IAsyncEnumerable<ConversationEvent> ConversationAsync(ConversationKey key, long afterSequence, bool stopAtEnd, CancellationToken cancellationToken) => FollowAsync(
        afterSequence, (after, token) => events.ReadAsync(key, after, token), next => next.Sequence, stopAtEnd, cancellationToken);

    private async IAsyncEnumerable<ConversationEvent> FollowAsync(
        long after, Func<long, CancellationToken, Task<IReadOnlyList<ConversationEvent>>> read, Func<ConversationEvent, long> place, bool stopAtEnd,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var appended = signal.Next;
            var found = await read(after, cancellationToken);
            foreach (var next in found)
            {
                after = place(next);
                yield return next;
            }

            if (found.Count > 0)
                continue;
            if (stopAtEnd)
                yield break;
            await signal.WaitAsync(appended, TimeSpan.FromMilliseconds(options.Value.TailPollMilliseconds), cancellationToken);
        }
    }
}
