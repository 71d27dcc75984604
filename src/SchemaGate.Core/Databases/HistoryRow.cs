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

/// <summary>One row of the history table: <c>_prisma_migrations</c>, or another tool's brought into that shape.</summary>
/// <param name="Name">What the tool calls the migration: with Prisma its directory, with others a file, a version or a revision.</param>
/// <param name="Checksum">As stored; compare it with <see cref="Migrations.MigrationChecksum.Matches"/>.</param>
/// <param name="StartedAt"><see cref="DateTimeOffset.MinValue"/> where the tool keeps no time.</param>
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
    /// <summary>
    /// Whether every migration that sorts before it counts as applied, too: a baseline, or a tool that keeps only the last version.
    /// </summary>
    public bool CoversEarlier { get; init; }

    /// <summary>Whether no row of the history is about it, and a later one that <see cref="CoversEarlier"/> makes it count.</summary>
    public bool IsInferred { get; init; }

    public HistoryRowState State => this switch
    {
        { RolledBackAt: not null } => HistoryRowState.RolledBack,
        { FinishedAt: not null } => HistoryRowState.Applied,
        _ => HistoryRowState.Unfinished,
    };
}
