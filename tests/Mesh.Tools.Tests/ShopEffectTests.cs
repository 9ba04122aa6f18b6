using Grpc.Core;
using Mesh.Tools.V1;
using Microsoft.Extensions.Time.Testing;
using Status = Mesh.Tools.V1.ToolResult.Types.Status;

namespace Mesh.Tools.Tests;

/// <summary>The sample's tools against the real shop: what changes something. Each test begins with the seeded data and a key of its own.</summary>
public sealed class ShopEffectTests(ShopAndTools fixture) : IClassFixture<ShopAndTools>, IAsyncLifetime
{
    private readonly ShopSystem shop = fixture.Shop;
    private readonly ToolsHost tools = fixture.Tools;

    public async ValueTask InitializeAsync() => await shop.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Confirm_Approved_DoesWhatWasAskedAndOnlyThen()
    {
        var asked = (await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003", reason = "changed_mind" }, "cancel-1"))).ConfirmationRequired;
        Assert.Equal("确认取消订单 SO2026110003 吗？取消后不能恢复，已付款项会原路退回。", asked.Summary);
        Assert.Equal("paid", (string)(await shop.OrderAsync("SO2026110003"))["status"]!);

        var result = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;

        Assert.Equal((Status.Ok, "cancelled"), (result.Status, result.Value.StructValue.Fields["status"].StringValue));
        Assert.Equal("cancelled", (string)(await shop.OrderAsync("SO2026110003"))["status"]!);
        Assert.Equal("changed_mind", result.Arguments.Fields["reason"].StringValue);
        // The token is used up; the key still answers.
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => tools.ConfirmAsync(asked.ConfirmationId))).StatusCode);
        var again = await tools.CallAsync("cancel_order", new { reason = "changed_mind", order_number = "SO2026110003" }, "cancel-1");
        Assert.True(again.Replayed);
        Assert.Equal(result.Value, again.Value);
    }

    [Fact]
    public async Task Confirm_English_AsksInEnglish()
    {
        var asked = (await tools.InvokeAsync(ToolsHost.Request(
            "request_return", new { order_number = "SO2026110002", reason = "quality", kind = "exchange" }, "return-1", language: "en"))).ConfirmationRequired;

        Assert.Equal("Request an exchange for order SO2026110002? Reason: quality.", asked.Summary);
        Assert.Equal("return in progress", (await tools.ConfirmAsync(asked.ConfirmationId)).Result.Value.StructValue.Fields["status_text"].StringValue);
    }

    [Fact]
    public async Task Confirm_Declined_DoesNothing()
    {
        var request = ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "cancel-2");
        var asked = (await tools.InvokeAsync(request)).ConfirmationRequired;

        Assert.Equal(Status.Declined, (await tools.ConfirmAsync(asked.ConfirmationId, approve: false)).Result.Status);

        Assert.Equal("paid", (string)(await shop.OrderAsync("SO2026110003"))["status"]!);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => tools.ConfirmAsync(asked.ConfirmationId))).StatusCode);
        Assert.Equal((Status.Declined, true), (await tools.InvokeAsync(request)) is { Result: var r } ? (r.Status, r.Replayed) : default);
    }

    [Theory]
    [InlineData(ToolsHost.Other, ToolsHost.Conversation, "default")]
    [InlineData(ToolsHost.Customer, "conversation-2", "default")]
    [InlineData(ToolsHost.Customer, ToolsHost.Conversation, "another-tenant")]
    [InlineData("", ToolsHost.Conversation, "default")]
    public async Task Confirm_ByAnotherCustomerConversationOrTenant_IsNotFound(string customer, string conversation, string tenant)
    {
        var asked = (await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, $"cancel-3-{customer}-{conversation}-{tenant}"))).ConfirmationRequired;

        var error = await Assert.ThrowsAsync<RpcException>(() => tools.ConfirmAsync(asked.ConfirmationId, true, customer, conversation, tenant));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("paid", (string)(await shop.OrderAsync("SO2026110003"))["status"]!);
        Assert.Equal(Status.Ok, (await tools.ConfirmAsync(asked.ConfirmationId)).Result.Status);
    }

    [Fact]
    public async Task Invoke_SameKeyBeforeTheDecision_AsksTheSameQuestion()
    {
        var request = ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "cancel-4");

        var first = (await tools.InvokeAsync(request)).ConfirmationRequired;
        var second = (await tools.InvokeAsync(request)).ConfirmationRequired;

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("cancel_order", "SO2026110001", ToolsHost.Conversation)]
    [InlineData("cancel_order", "SO2026110003", "conversation-2")]
    public async Task Invoke_SameKeyForAnotherCall_IsRefused(string tool, string order, string conversation)
    {
        var key = $"cancel-5-{order}-{conversation}";
        await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, key));

        var error = await Assert.ThrowsAsync<RpcException>(() => tools.InvokeAsync(ToolsHost.Request(tool, new { order_number = order }, key, conversation: conversation)));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("idempotency_key", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirm_TwiceAtOnce_HasOneEffectAndOneResult()
    {
        var asked = (await tools.InvokeAsync(ToolsHost.Request("request_return", new { order_number = "SO2026110002", reason = "no_reason" }, "return-2"))).ConfirmationRequired;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await tools.ConfirmAsync(asked.ConfirmationId)).Result;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                return null;
            }
        }));

        var results = answers.OfType<ToolResult>().ToList();
        Assert.NotEmpty(results);
        Assert.All(results, r => Assert.Equal((Status.Ok, "RT2026110002"), (r.Status, r.Value.StructValue.Fields["return_number"].StringValue)));
        Assert.Equal("returning", (string)(await shop.OrderAsync("SO2026110002"))["status"]!);
    }

    [Fact]
    public async Task Confirm_AnswerLostOnTheWay_IsSentAgainAndDoneOnce()
    {
        var asked = (await tools.InvokeAsync(ToolsHost.Request("request_return", new { order_number = "SO2026110002", reason = "no_reason" }, "return-3"))).ConfirmationRequired;
        await shop.FaultsAsync(new { fail_rate = 1.0, lose_answer = true, count = 1 });

        var result = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;

        // Without the key the second attempt would be refused: already_requested.
        Assert.Equal((Status.Ok, 2), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task Confirm_ShopFails_LeavesTheConfirmationOpen()
    {
        var asked = (await tools.InvokeAsync(ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "cancel-6"))).ConfirmationRequired;
        await shop.FaultsAsync(new { fail_rate = 1.0 });
        var failed = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;
        await shop.FaultsAsync(new { });

        var result = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;

        Assert.Equal((Status.Unavailable, "system_failed", 503, 3), (failed.Status, failed.ErrorCode, failed.HttpStatus, failed.Attempts));
        Assert.Equal(Status.Ok, result.Status);
    }

    [Fact]
    public async Task Confirm_Rejected_KeepsTheRejection()
    {
        var request = ToolsHost.Request("cancel_order", new { order_number = "SO2026110001" }, "cancel-7");
        var asked = (await tools.InvokeAsync(request)).ConfirmationRequired;

        var result = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;

        Assert.Equal((Status.Rejected, "not_cancellable", "订单 SO2026110001运输中，不能取消。"), (result.Status, result.ErrorCode, result.ErrorMessage));
        Assert.True((await tools.InvokeAsync(request)).Result.Replayed);
    }

    [Fact]
    public async Task Confirm_AfterItsTime_HasExpiredAndIsAskedAnew()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var clocked = await ToolsHost.StartAsync(shop.Address, time);
        var request = ToolsHost.Request("cancel_order", new { order_number = "SO2026110003" }, "cancel-8");
        var asked = (await clocked.InvokeAsync(request)).ConfirmationRequired;
        Assert.Equal(time.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds(), asked.ExpiresAt.ToDateTimeOffset().ToUnixTimeMilliseconds());
        time.Advance(TimeSpan.FromMinutes(10));

        var error = await Assert.ThrowsAsync<RpcException>(() => clocked.ConfirmAsync(asked.ConfirmationId));
        var anew = (await clocked.InvokeAsync(request)).ConfirmationRequired;

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.NotEqual(asked.ConfirmationId, anew.ConfirmationId);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => clocked.ConfirmAsync(asked.ConfirmationId))).StatusCode);
        Assert.Equal(Status.Ok, (await clocked.ConfirmAsync(anew.ConfirmationId)).Result.Status);
    }
}
