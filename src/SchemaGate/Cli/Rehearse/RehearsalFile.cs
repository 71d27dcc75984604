using System.CommandLine;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Prove;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Cli.Rehearse;

/// <summary>
/// <c>--report-file</c> of <c>rehearse</c>: where a rehearsal leaves its <see cref="RehearsalReport"/>, however it ends, as
/// <see cref="ReportFile"/> is for a run.
/// </summary>
internal static class RehearsalFile
{
    /// <summary>Writes what a rehearsal saw; whatever keeps it from seeing anything is written, too, and thrown on.</summary>
    public static async Task<RehearseReport> WriteAsync(ParseResult arguments, Func<Task<RehearseReport>> rehearse)
    {
        ReportFile file = ReportFile.Of(arguments);
        try
        {
            RehearseReport report = await rehearse();
            await file.WriteAsync(Of(report).ToJson());
            return report;
        }
        catch (Exception exception)
        {
            // Only these messages are ours, and so without credentials.
            ApplyFailure failure = exception switch
            {
                DatabaseException { Kind: var kind } => new(kind, exception.Message, []),
                UsageException => new(DatabaseFailure.SettingsUnusable, exception.Message, []),
                Changelogs.DocumentException => new(DatabaseFailure.ServerError, exception.Message, []),
                OperationCanceledException => new(DatabaseFailure.Canceled, "The rehearsal was canceled.", []),
                _ => new(DatabaseFailure.ServerError, $"An unexpected {exception.GetType().Name} in SchemaGate itself.", []),
            };
            await file.WriteAsync(new RehearsalReport([], 0)
            {
                Unavailable = new(failure.Class, failure.Kind.ToString(), failure.Message),
            }.ToJson());
            throw;
        }
    }

    /// <summary>What a gate needs of it.</summary>
    public static RehearsalReport Of(RehearseReport report)
    {
        RehearsedLine[] ran = [.. report.Migrations.Where(migration => migration.Failure is null)];
        return new([.. ran.Select(Of)], ran.Length)
        {
            Failure = report.Migrations.FirstOrDefault(migration => migration.Failure is not null) is { Failure: { } failure } failed
                ? Of(failed.Name, failure)
                : null,
            Rollbacks = [.. report.Migrations.Where(migration => migration.Rollback is not null)
                .Select(migration => new ReportedRollback(migration.Name, Result(migration.Rollback!), migration.Rollback!.Message))],
            Statements = report switch
            {
                { Statements: { } proof } => Of(proof),
                { StatementsUnread: { } why } => new(0, 0, 0, 0) { Unavailable = why },
                _ => null,
            },
        };
    }

    private static ReportedMigration Of(RehearsedLine migration)
    {
        HeldLockLine? strongest = migration.Locks.MaxBy(held => Enum.Parse<LockMode>(held.Mode));
        return new(migration.Name, migration.Milliseconds)
        {
            Lock = strongest?.Mode,
            Relation = strongest?.Index ?? strongest?.Table,
            Rewrites = migration.Locks.Where(held => held.Work.Contains("rewrite", StringComparer.Ordinal))
                .DistinctBy(held => held.Table, StringComparer.Ordinal).Count(),
        };
    }

    private static RunFailure Of(string migration, RehearsalFailure failure) => new(
        failure.Class, nameof(DatabaseFailure.MigrationFailed), failure.Message)
    {
        Migration = migration,
        Line = failure.Line,
        Statement = failure.Statement,
        SqlState = failure.SqlState,
    };

    private static RollbackResult Result(RollbackLine rollback) => rollback.Result switch
    {
        "asItWas" => RollbackResult.AsItWas,
        "differs" => RollbackResult.Differs,
        "failed" => RollbackResult.Failed,
        _ => RollbackResult.Untested,
    };

    private static RehearsedStatements Of(ProveReport proof)
    {
        ProvedStatement[] broken = [.. proof.Statements.Where(statement => statement.Outcome is "broken" or "shifted")];
        ProveSummary sum = proof.Summary;
        return new(sum.Surviving, sum.Broken, sum.Changed, sum.Unproven + sum.Beyond)
        {
            Unavailable = proof.Gap,
            First = [.. broken.OrderByDescending(statement => statement.Calls).Select(statement =>
                new BrokenStatement(statement.Short, statement.Calls, statement.Migration!)
                {
                    Line = statement.Line,
                    SqlState = statement.SqlState,
                    Message = statement.Message,
                })],
            BrokenBy = [.. broken.Select(statement => statement.Migration!).Distinct(StringComparer.Ordinal)],
        };
    }
}
