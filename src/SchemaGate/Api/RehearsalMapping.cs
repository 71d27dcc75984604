using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Api;

/// <summary>
/// A gate's last rehearsal to and from its status: everything that decisions need goes both ways. What it reported is strangers' words of
/// at most 4 KiB, and is cut once more for people.
/// </summary>
internal static class RehearsalMapping
{
    private const int MostListed = 20;
    private const int LongestWords = 500;

    public static RehearsalRecord? Record(RehearsalStatus? status)
    {
        if (status is not { Job: { } job, Plan: { } plan })
        {
            return null;
        }

        RehearsalResult? result = Enum.TryParse(status.Result, out RehearsalResult known) ? known : null;
        return new(job, plan, status.Attempt ?? 1, status.Failures ?? 0)
        {
            StartedAt = status.StartedAt,
            FinishedAt = status.FinishedAt,
            Result = result,
            Report = status.Rehearsed is { } count ? Report(status, count, result) : null,
            NextAttemptAt = status.NextAttemptAt,
            Retry = status.Retry,
            Settings = status.Settings,
        };
    }

    public static RehearsalStatus? Status(RehearsalRecord? record) => record is null ? null : new()
    {
        Job = record.Job,
        Plan = record.Plan,
        Attempt = record.Attempt,
        Failures = record.Failures,
        StartedAt = RunMapping.Time(record.StartedAt),
        FinishedAt = RunMapping.Time(record.FinishedAt),
        Result = record.Result?.ToString(),
        Error = (record.Report?.Unavailable ?? record.Report?.Failure) is { } failure ? RunMapping.Error(failure) : null,
        Rehearsed = record.Report?.Count,
        // The last of the migrations, and what went wrong of the rollbacks, are worth more than the others.
        Migrations = List(record.Report?.Migrations.TakeLast(MostListed).ToList(), migration => new RehearsedMigrationStatus
        {
            Name = migration.Name,
            Milliseconds = migration.Milliseconds,
            Lock = migration.Lock,
            Relation = migration.Relation,
            Rewrites = migration.Rewrites,
        }),
        Rollbacks = List(record.Report?.Rollbacks.OrderBy(rollback => rollback.Result).ToList(), rollback => new RehearsedRollbackStatus
        {
            Migration = rollback.Migration,
            Result = rollback.Result.ToString(),
            Note = Core.BoundedText.OrNull(rollback.Note, LongestWords),
        }),
        Statements = record.Report?.Statements is { } statements ? Statements(statements) : null,
        NextAttemptAt = RunMapping.Time(record.NextAttemptAt),
        Retry = record.Retry,
        Settings = record.Settings,
    };

    private static RehearsalReport Report(RehearsalStatus status, int count, RehearsalResult? result) => new(
        [.. (status.Migrations ?? []).Select(migration => new ReportedMigration(migration.Name ?? "", migration.Milliseconds ?? 0)
        {
            Lock = migration.Lock,
            Relation = migration.Relation,
            Rewrites = migration.Rewrites ?? 0,
        })],
        count)
    {
        Failure = result != RehearsalResult.Unavailable ? RunMapping.Failure(status.Error) : null,
        Unavailable = result == RehearsalResult.Unavailable ? RunMapping.Failure(status.Error) : null,
        Rollbacks = [.. (status.Rollbacks ?? []).Select(rollback => new ReportedRollback(
            rollback.Migration ?? "",
            Enum.TryParse(rollback.Result, out RollbackResult known) ? known : RollbackResult.Untested,
            rollback.Note))],
        Statements = status.Statements is { } statements ? Statements(statements) : null,
    };

    private static RehearsedStatements Statements(RehearsedStatementsStatus status) =>
        new(status.Proven ?? 0, status.Broken ?? 0, status.ResultChanged ?? 0, status.Unproven ?? 0)
        {
            First = [.. (status.First ?? []).Select(statement => new BrokenStatement(
                statement.Text ?? "", statement.Calls ?? 0, statement.Migration ?? "")
            {
                Line = statement.Line,
                SqlState = statement.SqlState,
                Message = statement.Message,
            })],
            BrokenBy = status.BrokenBy ?? [],
            Unavailable = status.Unavailable,
        };

    private static RehearsedStatementsStatus Statements(RehearsedStatements statements) => new()
    {
        Proven = statements.Proven,
        Broken = statements.Broken,
        ResultChanged = statements.ResultChanged,
        Unproven = statements.Unproven,
        First = List(statements.First, statement => new BrokenStatementStatus
        {
            Text = Core.BoundedText.Of(statement.Text, LongestWords),
            Calls = statement.Calls,
            Migration = statement.Migration,
            Line = statement.Line,
            SqlState = statement.SqlState,
            Message = Core.BoundedText.OrNull(statement.Message, LongestWords),
        }),
        BrokenBy = statements.BrokenBy.Count == 0 ? null : statements.BrokenBy,
        Unavailable = Core.BoundedText.OrNull(statements.Unavailable, LongestWords),
    };

    private static List<TStatus>? List<T, TStatus>(IReadOnlyList<T>? items, Func<T, TStatus> status) =>
        items is { Count: > 0 } ? [.. items.Take(MostListed).Select(status)] : null;
}
