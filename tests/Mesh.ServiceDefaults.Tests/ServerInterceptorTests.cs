using Google.Rpc;
using Grpc.Core;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.ServiceDefaults.Tests;

public sealed class ServerInterceptorTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public static TheoryData<MethodType> Kinds { get; } = [MethodType.Unary, MethodType.ServerStreaming, MethodType.ClientStreaming, MethodType.DuplexStreaming];

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_WithoutCredential_IsUnauthenticated(MethodType kind)
    {
        var e = await FailAsync(kind, new Metadata { { Caller.TenantHeader, "t1" } });

        Assert.Equal(StatusCode.Unauthenticated, e.StatusCode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_WithoutTenant_IsUnauthenticated(MethodType kind)
    {
        var e = await FailAsync(kind, new Metadata { { Caller.KeyHeader, TestServer.Key } });

        Assert.Equal(StatusCode.Unauthenticated, e.StatusCode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_WithCredential_CarriesTheCaller(MethodType kind)
    {
        Caller? seen = null;
        _server.Behaviour = context =>
        {
            seen = context.GetCaller();
            return Task.CompletedTask;
        };

        using var channel = _server.Channel();
        await TestServer.CallAsync(channel.CreateCallInvoker(), kind, Options(Headers()));

        Assert.Equal("t1", seen!.TenantId);
        Assert.True(seen.Has("chat"));
        Assert.False(seen.Has("agent"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_InvalidRequest_NamesEveryField(MethodType kind)
    {
        _server.Behaviour = _ => throw new InvalidRequestException([new("text", "is empty"), new("target", "is missing")]);

        var e = await FailAsync(kind, Headers());

        Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
        var violations = e.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations;
        Assert.Equal(["text", "target"], violations.Select(v => v.Field));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_Overloaded_SaysWhenToTryAgain(MethodType kind)
    {
        _server.Behaviour = _ => throw new OverloadedException("8 messages wait already", TimeSpan.FromSeconds(3));

        var e = await FailAsync(kind, Headers());

        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.Equal(3, e.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.Seconds);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_UnforeseenException_TellsNothingOfIt(MethodType kind)
    {
        _server.Behaviour = _ => throw new InvalidOperationException("phone 13800000001");

        var e = await FailAsync(kind, Headers());

        Assert.Equal(StatusCode.Internal, e.StatusCode);
        Assert.DoesNotContain("13800000001", e.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Call_DeadlinePasses_CancelsTheWorkAndSaysSo(MethodType kind)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Behaviour = async context =>
        {
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            }
            finally
            {
                cancelled.SetResult();
            }
        };

        using var channel = _server.Channel();
        var e = await Assert.ThrowsAnyAsync<RpcException>(() => TestServer.CallAsync(
            channel.CreateCallInvoker(), kind, Options(Headers()).WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300))));

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await cancelled.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Health_WithoutCredential_Answers()
    {
        using var channel = _server.Channel();
        var health = new Grpc.Health.V1.Health.HealthClient(channel);

        var answer = await health.CheckAsync(new Grpc.Health.V1.HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    private static Metadata Headers() => new()
    {
        { Caller.KeyHeader, TestServer.Key }, { Caller.TenantHeader, "t1" }, { Caller.ScopesHeader, "chat" },
    };

    private static CallOptions Options(Metadata headers) => new(headers, cancellationToken: TestContext.Current.CancellationToken);

    private async Task<RpcException> FailAsync(MethodType kind, Metadata headers)
    {
        using var channel = _server.Channel();
        return await Assert.ThrowsAnyAsync<RpcException>(() => TestServer.CallAsync(channel.CreateCallInvoker(), kind, Options(headers)));
    }
}
