namespace Mesh.Dialog.Events;

/// <summary>Wakes readers of the log in this process when something was appended. Other replicas' events are found by polling.</summary>
internal sealed class EventSignal(TimeProvider time)
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next append after this was read. Take it before reading the log, so that nothing falls in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Pulse() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits for <paramref name="next"/>, at most for the polling interval.</summary>
    public async Task WaitAsync(Task next, TimeSpan pollInterval, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var poll = Task.Delay(pollInterval, time, timer.Token);
        await Task.WhenAny(next, poll);
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
