namespace Mesh.Dialog.Turns;

/// <summary>The time that a turn may take, and how much of it a stage gets.</summary>
/// <param name="deadline">When the turn must have ended.</param>
/// <param name="reserve">Kept back for saying so and recording it.</param>
internal sealed class Purse(TimeProvider time, DateTimeOffset deadline, TimeSpan reserve)
{
    /// <summary>What is left for stages; zero or less when nothing is.</summary>
    public TimeSpan Remaining => deadline - reserve - time.GetUtcNow();

    /// <summary>A limit for one stage: its own budget or what is left, whichever is less.</summary>
    /// <exception cref="PurseEmptyException">Nothing is left.</exception>
    public CancellationTokenSource Take(int budgetMilliseconds, CancellationToken cancellationToken)
    {
        var remaining = Remaining;
        if (remaining <= TimeSpan.Zero)
            throw new PurseEmptyException();
        var budget = TimeSpan.FromMilliseconds(budgetMilliseconds);
        return new StageLimit(remaining < budget ? remaining : budget, time, cancellationToken);
    }

    private sealed class StageLimit : CancellationTokenSource
    {
        private readonly CancellationTokenRegistration _outer;

        public StageLimit(TimeSpan limit, TimeProvider time, CancellationToken outer)
            : base(limit, time) => _outer = outer.Register(Cancel);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _outer.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The turn's time is used up; what is left is for ending it honestly.</summary>
internal sealed class PurseEmptyException() : Exception("the turn's time is used up");
