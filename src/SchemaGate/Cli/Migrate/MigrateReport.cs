using SchemaGate.Postgres.Applying;

namespace SchemaGate.Cli.Migrate;

/// <summary>What <c>migrate</c> did: its JSON shape, and what its printer prints.</summary>
/// <param name="Result">applied, unchanged, planned (a dry run that would apply something) or failed.</param>
/// <param name="Location"><c>host:port/database?schema=…</c>.</param>
/// <param name="From">Where the URL came from.</param>
/// <param name="Applied">What this run applied, in order; also where it failed in the end.</param>
/// <param name="AlreadyApplied">How many of the set were there before.</param>
internal sealed record MigrateReport(
    string Result, string From, string? Location, IReadOnlyList<AppliedLine> Applied, int AlreadyApplied, FailureLine? Failure)
{
    /// <summary>What it does not mend and is worth knowing, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What a run would apply, in order; null where this was no dry run.</summary>
    public IReadOnlyList<PlannedMigration>? Planned { get; init; }

    /// <param name="report">The run's own report.</param>
    /// <param name="choice">The database.</param>
    /// <param name="script">The path of a migration's file by the migration's name.</param>
    public static MigrateReport Of(ApplyReport report, DatabaseChoice choice, Func<string, string> script) => new(
        report switch
        {
            { Failure: not null } => "failed",
            { Planned.Count: > 0 } => "planned",
            { Applied.Count: > 0 } => "applied",
            _ => "unchanged",
        },
        choice.From,
        choice.Location,
        [.. report.Applied.Select(migration => new AppliedLine(migration.Name, (long)migration.Duration.TotalMilliseconds))],
        report.AlreadyApplied,
        report.Failure is null ? null : FailureLine.Of(report.Failure, script))
    {
        Notes = report.Notes,
    };
}

/// <summary>One migration that was applied.</summary>
internal sealed record AppliedLine(string Name, long Milliseconds);

/// <summary>Why the run stopped.</summary>
/// <param name="Kind">The kind of failure, such as MigrationFailed or Unreachable.</param>
/// <param name="Class">Transient, Permanent or Unknown: whether the same run may succeed later.</param>
/// <param name="File">The migration's file, where it is about one.</param>
/// <param name="RolledBack">Whether nothing of the migration remains; null where that is unknown.</param>
/// <param name="Next">Command lines that mend it, in the order to try them.</param>
internal sealed record FailureLine(
    string Kind,
    string Class,
    string Message,
    string? Migration,
    string? File,
    int? Line,
    int? Column,
    string? Statement,
    string? SqlState,
    string? ServerMessage,
    string? Hint,
    bool? RolledBack,
    IReadOnlyList<string> Next)
{
    public static FailureLine Of(ApplyFailure failure, Func<string, string> script) => new(
        failure.Kind.ToString(),
        failure.Class.ToString(),
        failure.Message,
        failure.Migration,
        failure.Migration is null ? null : script(failure.Migration),
        failure.Line,
        failure.Column,
        failure.Statement,
        failure.SqlState,
        failure.ServerMessage,
        failure.Hint,
        failure.RolledBack,
        failure.NextCommands);

    public string Place() => Line is null ? File! : $"{File}:{Line}:{Column}";
}
