using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.History.Dialects;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Applies a migration set as <c>prisma migrate deploy</c> does, under the same lock and with the same rows. One connection holds the lock and keeps
/// the history, another runs the migrations: nothing that a migration does to its session reaches the bookkeeping.
/// </summary>
public sealed class MigrationApplier(TimeProvider time)
{
    /// <summary>Applies what is pending. Whatever goes wrong, cancellation included, is the report's <see cref="ApplyReport.Failure"/>.</summary>
    public async Task<ApplyReport> ApplyAsync(
        DatabaseUrl url, MigrationSet set, ApplyOptions options, IProgress<ApplyProgress>? progress, CancellationToken cancellation)
    {
        Run run = new(url, options, progress, cancellation);
        ApplyFailure? failure;
        try
        {
            failure = Refusal(url, set) ?? await ApplyAsync(run, set);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            failure = new ApplyFailure(DatabaseFailure.Canceled, "The run was canceled between migrations; nothing is left half done.", []);
        }
        catch (Exception exception)
        {
            DatabaseException known = FailureSentences.Of(exception, url);
            failure = new ApplyFailure(known.Kind, known.Message, []) { SqlState = known.SqlState };
        }

        return new ApplyReport(run.Applied, run.AlreadyApplied, failure);
    }

    private static ApplyFailure? Refusal(DatabaseUrl url, MigrationSet set) =>
        ToolGuide.Of(set.Tool) is { } guide && set.Tool != MigrationTool.Prisma ? new ApplyFailure(
            DatabaseFailure.SetUnusable,
            $"These are {guide.Name}'s migrations. SchemaGate reads its history and leaves the applying to it: `{guide.Apply}`.",
            [guide.Apply])
        : set.Problems.Count > 0 ? new ApplyFailure(DatabaseFailure.SetUnusable, string.Join(' ', set.Problems), [])
        : url.UsesPooler ? new ApplyFailure(
            DatabaseFailure.TransactionPooler,
            "The database URL says pgbouncer=true: a transaction pooler cannot hold the migration lock. Migrate with the direct URL (DIRECT_URL).",
            [])
        : null;

    private async Task<ApplyFailure?> ApplyAsync(Run run, MigrationSet set)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(run.Url);
        await using NpgsqlConnection keeper = await DatabaseCreation.OpenOrCreateAsync(source, run.Url, run.Cancellation);
        await MigrationLock.AcquireAsync(keeper, run.Options.LockTimeout, time, run.Progress, run.Cancellation);
        try
        {
            return await ApplyLockedAsync(run, set, source, keeper);
        }
        finally
        {
            await MigrationLock.ReleaseAsync(keeper);
        }
    }

    private async Task<ApplyFailure?> ApplyLockedAsync(Run run, MigrationSet set, NpgsqlDataSource source, NpgsqlConnection keeper)
    {
        HistoryWriter writer = new(keeper, run.Url.Schema);
        HistorySource prisma = HistoryDialects.PrismaIn(run.Url.Schema);
        DatabaseState state = (await HistoryQuery.ReadAsync(keeper, run.Url, prisma, withCatalog: false, run.Cancellation)).State;
        if (ApplyFailures.Standing(state, run.Url) is { } standing)
        {
            return standing;
        }

        if (state.History is null)
        {
            await writer.CreateAsync(run.Cancellation);
        }

        List<Migration> pending = set.Migrations.Where(migration => state.History?.Applied.ContainsKey(migration.Name) != true).ToList();
        run.AlreadyApplied = set.Migrations.Count - pending.Count;
        if (pending.Count == 0)
        {
            return null;
        }

        // Before the first one runs: what cannot be run must not stop the set half way, with a failed row.
        List<IReadOnlyList<SqlStatement>> scripts = [];
        foreach (Migration migration in pending)
        {
            IReadOnlyList<SqlStatement> script = ApplyFailures.Split(migration, out ApplyFailure? refused);
            if (refused is not null)
            {
                return refused;
            }

            scripts.Add(script);
        }

        await using NpgsqlConnection runner = await DatabaseConnections.OpenAsync(source, run.Url, run.Cancellation);
        ApplyFailure? failure = null;
        for (int index = 0; index < pending.Count && failure is null; index++)
        {
            run.Progress?.Report(new ApplyProgress.Applying(pending[index].Name, index + 1, pending.Count));
            failure = await ApplyOneAsync(run, pending[index], scripts[index], writer, new ScriptRun(runner));
        }

        return failure;
    }

    private async Task<ApplyFailure?> ApplyOneAsync(
        Run run, Migration migration, IReadOnlyList<SqlStatement> statements, HistoryWriter writer, ScriptRun script)
    {
        await script.PrepareAsync(run.Url, run.Options, run.Cancellation);
        long start = time.GetTimestamp();
        string id = await writer.StartAsync(migration);
        ScriptResult result = await script.RunAsync(statements, () => writer.Finish(id), run.Cancellation);
        if (await RecordAsync(run, migration, writer, id, result) is { } failure)
        {
            return failure;
        }

        TimeSpan duration = time.GetElapsedTime(start);
        run.Applied.Add(new AppliedMigration(migration.Name, duration));
        run.Progress?.Report(new ApplyProgress.Applied(migration.Name, duration));
        return null;
    }

    /// <summary>Writes the end into the row. A commit whose answer was lost shows here: then the row is finished, and so is the migration.</summary>
    private static async Task<ApplyFailure?> RecordAsync(Run run, Migration migration, HistoryWriter writer, string id, ScriptResult result)
    {
        ApplyFailure? failure = result.Failure is null ? null : ApplyFailures.Of(migration, result, run.Url);
        try
        {
            if (failure is not null)
            {
                return await writer.FailAsync(id, ApplyFailures.Logs(failure, result)) ? failure : null;
            }

            if (!result.InTransaction)
            {
                await writer.FinishAsync(id);
            }

            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return ApplyFailures.Unrecorded(migration, failure, FailureSentences.Of(exception, run.Url));
        }
    }

    private sealed record Run(DatabaseUrl Url, ApplyOptions Options, IProgress<ApplyProgress>? Progress, CancellationToken Cancellation)
    {
        public List<AppliedMigration> Applied { get; } = [];

        public int AlreadyApplied { get; set; }
    }
}
