using CsCheck;
using Google.Protobuf;
using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Dialog.Tests.Conversations;

/// <summary>Whatever customers say in whatever order, and whichever service is away: what must always hold.</summary>
public sealed class RandomWalkTests
{
    private static readonly Gen<string> Lines = Pick.From(
        "start track_order", "start cancel_order", "start change_address", "start return_request", "start coupons", "start complaint", "start stock_check", "start invoice_request",
        "start track_order; start coupons", "start cancel_order; set order_id=SO2026110003; set cancel_reason=other",
        "set order_id=SO2026110001", "set order_id=SO2026110003", "set order_id=SO1", "set cancel_reason=other", "set address=浙江省杭州市西湖区文三路1号",
        "set return_reason=no_reason", "set complaint_detail=坏了", "correct order_id=SO2026110003", "correct address=浙江省杭州市西湖区文三路2号",
        "affirm", "deny", "cancel", "repeat", "chat greet", "ask 运费", "gibberish", "clarify track_order,coupons", "affirm; correct order_id=SO2026110003");

    [Fact]
    public async Task RandomConversations_KeepTheirPromises()
    {
        await using var host = await DialogHost.StartAsync();
        host.Retrieval.Answers(FakeRetrieval.Passage("满99元包邮。"));
        var store = host.Services.GetRequiredService<ConversationStore>();
        var walks = Gen.Select(Lines, Gen.Int[0, 12].Select(roll => roll == 0 ? Mood.Down : Mood.Up)).Array[4, 14];
        await walks.SampleAsync(
            async walk =>
            {
                var conversation = "";
                foreach (var (line, mood) in walk)
                {
                    // Away for this turn: the shared fakes answer one conversation at a time here.
                    host.Tools.Mood = mood;
                    var effects = host.Tools.Effects.Count;
                    var open = conversation.Length > 0 ? (await host.ConversationAsync(conversation)).PendingConfirmation : null;
                    var turn = await host.SayAsync(line, conversation);
                    conversation = turn.Conversation;

                    Assert.True(turn.Done is not null, $"{line}: {turn.Error?.Message}");
                    Assert.True(turn.Text.Length > 0, $"nothing was said to '{line}'");
                    // An effect needs an open confirmation and a plain yes.
                    if (host.Tools.Effects.Count > effects)
                    {
                        Assert.NotNull(open);
                        Assert.Equal("affirm", line);
                    }
                }

                var key = new ConversationKey("default", conversation);
                var events = await host.EventsAsync(conversation);
                Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(next => next.Sequence));
                Assert.Equal(walk.Length, events.Count(next => next.TurnCompleted is not null));
                var folded = ConversationView.Of(ConversationState.Fold(key, events), true, true);
                var kept = ConversationView.Of(await store.LoadAsync(key, CancellationToken.None), true, true);
                Assert.Equal(JsonFormatter.Default.Format(folded), JsonFormatter.Default.Format(kept));
                // Confirmations are approved at most once, and only what was asked.
                var approved = events.Where(next => next.ConfirmationAnswered is { Approved: true }).Select(next => next.ConfirmationAnswered.ConfirmationId).ToList();
                Assert.Subset(events.Where(next => next.ConfirmationAsked is not null).Select(next => next.ConfirmationAsked.ConfirmationId).ToHashSet(), approved.ToHashSet());
                Assert.Null(ConversationState.Fold(key, events).OpenTurn);
                Assert.True(folded.Flows.Count <= 5);
            },
            iter: 100,
            threads: 1,
            seed: "0000KPB7pfG2");
    }
}
