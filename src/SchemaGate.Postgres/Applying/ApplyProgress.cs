namespace SchemaGate.Postgres.Applying;

/// <summary>What a run reports while it works.</summary>
public abstract record ApplyProgress
{
    private ApplyProgress()
    {
    }

    /// <summary>Another run holds the migration lock; said once.</summary>
    /// <param name="Holder">Its session in words.</param>
    public sealed record WaitingForLock(string Holder) : ApplyProgress;

    /// <summary>A migration begins.</summary>
    /// <param name="Number">Its place among the pending ones, from 1.</param>
    public sealed record Applying(string Migration, int Number, int Total) : ApplyProgress;

    /// <summary>
    /// A statement is still running: said after two seconds, when it begins to wait for another session, and every ten seconds.
    /// </summary>
    /// <param name="Number">Its place among the migration's statements, from 1.</param>
    /// <param name="Line">Its line in the migration's file, from 1.</param>
    /// <param name="Waiting">The lock that it waits for; null where it is at work.</param>
    public sealed record Running(string Migration, int Number, int Total, int Line, TimeSpan Elapsed, LockWait? Waiting) : ApplyProgress;

    public sealed record Applied(string Migration, TimeSpan Duration) : ApplyProgress;
}
