namespace SchemaGate.Postgres.Applying;

/// <summary>What a run reports while it works.</summary>
public abstract record ApplyProgress
{
    private ApplyProgress()
    {
    }

    /// <summary>Another run holds the migration lock; said once.</summary>
    public sealed record WaitingForLock : ApplyProgress;

    /// <summary>A migration begins.</summary>
    /// <param name="Number">Its place among the pending ones, from 1.</param>
    public sealed record Applying(string Migration, int Number, int Total) : ApplyProgress;

    public sealed record Applied(string Migration, TimeSpan Duration) : ApplyProgress;
}
