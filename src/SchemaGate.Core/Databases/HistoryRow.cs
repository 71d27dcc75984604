namespace SchemaGate.Core.Databases;

/// <summary>What one row of the history table says.</summary>
public enum HistoryRowState
{
    /// <summary>Finished and not rolled back.</summary>
    Applied,

    /// <summary>Neither finished nor rolled back: failed, or in progress while the advisory lock is held.</summary>
    Unfinished,

    /// <summary>Rolled back: it counts as never run, even if it finished.</summary>
    RolledBack,
}

/// <summary>One row of <c>_prisma_migrations</c>.</summary>
/// <param name="Checksum">As stored; compare it with <see cref="Migrations.MigrationChecksum.Matches"/>.</param>
/// <param name="Logs">The error of a failed run, cut to a bounded length; may be null or empty.</param>
public sealed record HistoryRow(
    string Id,
    string Name,
    string Checksum,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? RolledBackAt,
    int AppliedSteps,
    string? Logs)
{
    public HistoryRowState State =>
        RolledBackAt is not null ? HistoryRowState.RolledBack
        : FinishedAt is not null ? HistoryRowState.Applied
        : HistoryRowState.Unfinished;
}
