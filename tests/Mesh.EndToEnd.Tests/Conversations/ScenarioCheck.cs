using Mesh.Dialog.V1;
using Mesh.EndToEnd.Tests.Running;

namespace Mesh.EndToEnd.Tests.Conversations;

/// <summary>Compares what happened with what was expected; gathers every difference of a turn instead of stopping at the first.</summary>
internal sealed class ScenarioCheck
{
    private readonly List<string> _wrong = [];

    public IReadOnlyList<string> Wrong => _wrong;

    public void Turn(int number, Expectation expected, PlayedTurn turn, IReadOnlyList<ConversationEvent> record)
    {
        if (turn.Error is { } error)
            Report(number, $"ended with error {error.Code}: {error.Message}");
        foreach (var command in expected.Commands ?? [])
            Expect(number, turn.Commands.Contains(command), $"lacks the command '{command}'");
        foreach (var (slot, value) in expected.Slots ?? [])
            Expect(number, turn.Slots.Any(set => set.Slot == slot && PlayedTurn.Text(set.Value) == value), $"did not set {slot} to '{value}'");
        if (expected.ToolCalls is { } calls)
            ToolCalls(number, calls, turn, record);
        Answer(number, expected, turn);
        Is(number, "confirmation", expected.Confirmation, turn.Confirmation is not null);
        Is(number, "hand_over", expected.HandOver, turn.HandOver is not null);
        Is(number, "hand_over_reason", expected.HandOverReason, turn.HandOver?.Reason);
        Is(number, "quick_replies", expected.QuickReplies, turn.QuickReplies.Any());
        Is(number, "duplicate", expected.Duplicate, turn.Accepted?.Duplicate);
        if (expected.Owner is not null)
            Is(number, "owner", expected.Owner, turn.Done is { } done ? PlayedTurn.Snake(done.Owner) : record.LastOrDefault(e => e.OwnerChanged is not null)?.OwnerChanged.Owner.ToString().ToLowerInvariant());
        if (expected.Language is not null)
            Is(number, "language", expected.Language, turn.Stored.LastOrDefault(e => e.BotMessage is not null)?.BotMessage.Language);
    }

    public async Task ShopAsync(ShopClient shop, string customer, ShopOrder expected, CancellationToken cancellationToken)
    {
        var owner = expected.Customer ?? customer;
        var order = await shop.GetAsync(owner, $"orders/{expected.Order}", cancellationToken);
        if (expected.Status is not null)
            Shop(expected, "status", expected.Status, (string?)order?["status"]);
        if (expected.Address is not null)
            Shop(expected, "address", expected.Address, (string?)order?["delivery"]?["address"]);
        if (expected.Refund is not null)
            Shop(expected, "refund", expected.Refund, (string?)(await shop.GetAsync(owner, $"orders/{expected.Order}/refund", cancellationToken))?["status"] ?? "none");
        if (expected.Invoice is not null)
            Shop(expected, "invoice", expected.Invoice, (string?)(await shop.GetAsync(owner, $"orders/{expected.Order}/invoice", cancellationToken))?["title"] ?? "none");
    }

    private void ToolCalls(int number, List<ExpectedToolCall> expected, PlayedTurn turn, IReadOnlyList<ConversationEvent> record)
    {
        var results = turn.ToolResults.ToList();
        var told = string.Join(", ", results.Select(result => $"{result.Name} {result.Status}"));
        Expect(number, expected.Select(call => (call.Name, call.Status)).SequenceEqual(results.Select(result => (result.Name, result.Status))),
            $"called [{told}] instead of [{string.Join(", ", expected.Select(call => $"{call.Name} {call.Status}"))}]");
        foreach (var (call, result) in expected.Zip(results))
        {
            var made = record.LastOrDefault(stored => stored.ToolCalled?.CallId == result.CallId)?.ToolCalled;
            foreach (var (name, value) in call.Arguments)
                Is(number, $"{call.Name}'s argument {name}", value, made?.Arguments.Fields.GetValueOrDefault(name) is { } given ? PlayedTurn.Text(given) : null);
        }
    }

    private void Answer(int number, Expectation expected, PlayedTurn turn)
    {
        foreach (var part in expected.AnswerContains)
            Expect(number, part.Split('|').Any(word => turn.Answer.Contains(word, StringComparison.OrdinalIgnoreCase)), $"does not say '{part}'");
        foreach (var part in expected.AnswerLacks)
            Expect(number, !turn.Answer.Contains(part, StringComparison.OrdinalIgnoreCase), $"says '{part}'");
        var cited = turn.Citations.Select(citation => citation.DocumentId).ToList();
        if (expected.Citations is { Count: 0 })
            Expect(number, cited.Count == 0, $"cites {string.Join(", ", cited)}");
        else if (expected.Citations is { } wanted)
            Expect(number, wanted.Exists(cited.Contains), $"cites [{string.Join(", ", cited)}], none of [{string.Join(", ", wanted)}]");
        foreach (var citation in turn.Citations)
            Expect(number, citation.Excerpt.Length > 0 && citation.ChunkHash.Length == 64 && citation.Span is not null && citation.SnapshotId.Length > 0, $"citation {citation.Index} does not say where it is from");
    }

    private void Is<T>(int number, string what, T? expected, T? actual)
    {
        if (expected is not null)
            Expect(number, EqualityComparer<T>.Default.Equals(expected, actual), $"{what} is '{actual}' instead of '{expected}'");
    }

    private void Shop(ShopOrder order, string what, string expected, string? actual)
    {
        if (expected != actual)
            _wrong.Add($"the shop's {what} of {order.Order} is '{actual}' instead of '{expected}'");
    }

    private void Expect(int number, bool holds, string wrong)
    {
        if (!holds)
            Report(number, wrong);
    }

    private void Report(int number, string wrong) => _wrong.Add($"turn {number} {wrong}");
}
