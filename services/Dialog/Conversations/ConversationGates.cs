using Mesh.Dialog.Events;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Conversations;

/// <summary>One turn at a time in a conversation, a bounded number of messages waiting, a bounded number of turns in the process.</summary>
internal sealed class ConversationGates(IOptions<DialogOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationKey, Gate> _gates = [];
    private int _running;

    /// <summary>Waits for its place. Dispose what it returns to let the next one in.</summary>
    /// <exception cref="OverloadedException">Too many wait already.</exception>
    public async Task<Pass> EnterAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        Gate gate;
        lock (_lock)
        {
            if (_running >= options.Value.ConcurrentTurns)
                throw new OverloadedException($"{_running} turns are in progress", TimeSpan.FromSeconds(1));
            if (!_gates.TryGetValue(key, out gate!))
                _gates[key] = gate = new Gate();
            if (gate.Entered > options.Value.WaitingMessages)
                throw new OverloadedException($"{gate.Entered - 1} messages of this conversation wait for an answer", TimeSpan.FromSeconds(2));
            gate.Entered++;
            _running++;
        }

        try
        {
            await gate.Turn.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(key, gate);
            throw;
        }

        return new Pass(this, key, gate);
    }

    /// <summary>Ends the turn that is in progress in this process, if there is one.</summary>
    /// <param name="turnId">Only this one; empty for whichever it is.</param>
    public void CancelTurn(ConversationKey key, string turnId = "")
    {
        CancellationTokenSource? running = null;
        lock (_lock)
        {
            if (_gates.TryGetValue(key, out var gate) && (turnId.Length == 0 || gate.TurnId == turnId))
                running = gate.Running;
        }

        try
        {
            running?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment, which is what was asked for.
        }
    }

    private void Leave(ConversationKey key, Gate gate)
    {
        lock (_lock)
        {
            _running--;
            if (--gate.Entered == 0)
                _gates.Remove(key);
        }
    }

    internal sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1);
        public int Entered { get; set; }
        public CancellationTokenSource? Running { get; set; }
        public string TurnId { get; set; } = "";
    }

    /// <summary>The right to run a turn.</summary>
    internal sealed class Pass(ConversationGates gates, ConversationKey key, Gate gate) : IDisposable
    {
        /// <summary>Makes the turn one that <see cref="CancelTurn"/> ends.</summary>
        public void Running(string turnId, CancellationTokenSource cancellation)
        {
            lock (gates._lock)
                (gate.TurnId, gate.Running) = (turnId, cancellation);
        }

        public void Dispose()
        {
            lock (gates._lock)
                (gate.TurnId, gate.Running) = ("", null);
            gate.Turn.Release();
            gates.Leave(key, gate);
        }
    }
}
