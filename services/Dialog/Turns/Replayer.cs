using System.Runtime.CompilerServices;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Turns;

/// <summary>A stored conversation folded again, with what today's flows and understanding make of each message. Nothing is called and nothing is written.</summary>
internal sealed class Replayer(IEventStore events, IUnderstanding understanding, FlowCatalogue catalogue, IOptions<DialogOptions> options)
{
    public async IAsyncEnumerable<ReplayEvent> ReplayAsync(ConversationKey key, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stored = await events.ReadAsync(key, 0, cancellationToken);
        var state = new ConversationState(key);
        foreach (var next in stored.TakeWhile(next => upTo == 0 || next.Sequence <= upTo))
        {
            state = state.Apply(next);
            var replayed = new ReplayEvent { Original = next };
            if (next.CustomerMessage is { ConfirmationId.Length: 0 } message)
            {
                var now = next.Time.ToDateTimeOffset().ToOffset(TimeSpan.FromHours(options.Value.UtcOffsetHours));
                var understood = await understanding.UnderstandAsync(UnderstandingInputs.Of(state, message.Text, catalogue, now), cancellationToken);
                replayed.Understanding = new V1.Understanding { Language = understood.Language };
                replayed.Understanding.Commands.Add(understood.Commands);
                var recorded = stored.LastOrDefault(other => other.TurnId == next.TurnId && other.Understood is not null)?.Understood;
                replayed.Differs = recorded is not null && !Meaning(recorded.Commands).SequenceEqual(Meaning(understood.Commands));
            }

            yield return replayed;
        }
    }

    // Scores move with every training; what was understood is what differs.
    private static IEnumerable<(Command.Types.Type, string, string)> Meaning(IEnumerable<Command> commands) =>
        commands.Select(command => (command.Type, command.Name, command.Value));
}
