namespace SchemaGate.Postgres.Applying;

/// <summary>How a run behaves.</summary>
public sealed record ApplyOptions
{
    public static ApplyOptions Default { get; } = new();

    /// <summary>How long to wait for another run, Prisma's or ours, to let go of the migration lock. Prisma waits ten seconds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one statement may wait for a table's lock (<c>lock_timeout</c>) before the migration fails; null leaves the server's
    /// setting. Everyone who wants the table queues behind a waiting ALTER TABLE. Not for a CONCURRENTLY, which keeps nobody from working
    /// and has to wait for older transactions.
    /// </summary>
    public TimeSpan? TableLockTimeout { get; init; }

    /// <summary>
    /// How long one statement may take (<c>statement_timeout</c>), a CONCURRENTLY build too; null leaves the server's setting.
    /// </summary>
    public TimeSpan? StatementTimeout { get; init; }

    /// <summary>
    /// How long the run may take once it has the migration lock. Then the running statement is canceled on the server, unless it is a
    /// CONCURRENTLY, which is let finish, and nothing more begins. Null: as long as it takes.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// The database that was judged (<see cref="Core.Databases.DatabaseIdentity"/> as text): any other is left as it is. Null: whichever
    /// the URL names.
    /// </summary>
    public string? ExpectedIdentity { get; init; }

    /// <summary>
    /// Globs (* and ?) of migrations that the set lacks and that others who share the history own: their failed rows stop nothing.
    /// </summary>
    public IReadOnlyList<string> IgnoreUnknown { get; init; } = [];

    /// <summary>Whether to say only what would run: nothing is written, and no lock is taken.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>What surrounds each statement; null: nothing.</summary>
    internal AroundStatement? Around { get; init; }

    /// <summary>Names that the set was cut from, so that the history's rows of them are not called missing.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];
}
