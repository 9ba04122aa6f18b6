using Grpc.Core;

namespace Mesh.Dialog.Tests.Fakes;

internal static class Calls
{
    public static AsyncUnaryCall<T> Answer<T>(Func<CancellationToken, Task<T>> answer, CallOptions options) =>
        new(answer(options.CancellationToken), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    public static Task<T> Down<T>() => Task.FromException<T>(new RpcException(new Status(StatusCode.Unavailable, "down")));

    /// <summary>Never answers; ends as a gRPC client's call does when it is cancelled.</summary>
    public static async Task<T> Hang<T>(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => ended.TrySetException(new RpcException(new Status(StatusCode.Cancelled, "cancelled"))));
        return await ended.Task;
    }
}

internal enum Mood
{
    Up,
    Down,
    Hangs,
}
