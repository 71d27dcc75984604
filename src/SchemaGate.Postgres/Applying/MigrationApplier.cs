using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Applies a migration set as <c>prisma migrate deploy</c> does, under the same lock and with the same rows. One connection holds the lock
/// and keeps the history, another runs the migrations: nothing that a migration does to its session reaches the bookkeeping.
/// </summary>
public sealed class MigrationApplier(TimeProvider time)
{
    /// <summary>
    /// Applies what is pending. Whatever goes wrong, cancellation included, is the report's <see cref="ApplyReport.Failure"/>.
    /// </summary>
    public async Task<ApplyReport> ApplyAsync(
        DatabaseUrl url, MigrationSet set, ApplyOptions options, IProgress<ApplyProgress>? progress, CancellationToken cancellation)
    {
        Run run = new(url, options, progress, cancellation);
        ApplyFailure? failure;
        try
        {
            failure = Refusal(url, set) ?? await (options.IsDryRun ? PlanAsync(run, set) : ApplyAsync(run, set));
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            failure = new ApplyFailure(DatabaseFailure.Canceled, "The run was canceled between migrations; nothing is left half done.", []);
        }
        catch (Exception exception)
        {
            DatabaseException known = FailureSentences.Of(exception, url);
            failure = new ApplyFailure(known.Kind, known.Message, [])
            {
                Class = FailureClasses.Of(known.Kind, known.SqlState),
                SqlState = known.SqlState,
            };
        }

        return new ApplyReport(run.Applied, run.AlreadyApplied, failure) { Notes = run.Notes, Planned = run.Planned };
    }

    internal static ApplyFailure? Refusal(DatabaseUrl url, MigrationSet set)
    {
        if (ToolGuide.Of(set.Tool) is { } guide && set.Tool != MigrationTool.Prisma)
        {
            return new ApplyFailure(
                DatabaseFailure.SetUnusable,
                $"These are {guide.Name}'s migrations. SchemaGate reads its history and leaves the applying to it: `{guide.Apply}`.",
                [guide.Apply]);
        }

        if (set.Problems.Count > 0)
        {
            return new ApplyFailure(DatabaseFailure.SetUnusable, string.Join(' ', set.Problems), []);
        }

        return !url.UsesPooler ? null : new ApplyFailure(
            DatabaseFailure.TransactionPooler,
            "The database URL says pgbouncer=true: a transaction pooler cannot hold the migration lock. "
                + "Migrate with the direct URL (DIRECT_URL).",
            []);
    }

    /// <summary>What <see cref="ApplyAsync(Run, MigrationSet)"/> would do now, as far as it can be told without the lock.</summary>
    private async Task<ApplyFailure?> PlanAsync(Run run, MigrationSet set)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(run.Url);
        List<Migration> pending = [.. set.Migrations];
        ApplyFailure? standing = null;
        try
        {
            await using NpgsqlConnection reader = await DatabaseConnections.OpenAsync(source, run.Url, run.Cancellation);
            HistoryReading reading = await HistoryQuery.ReadPrismaAsync(reader, run.Url, run.Cancellation);
            standing = reading.LockHeld
                ? ApplyFailures.Running(reading.State)
                : await ObstacleAsync(run, set, reading.State, reader);
            pending = Pending(set, reading.State);
            run.Notes.AddRange(InvalidIndex.Sentences(reading.State.InvalidIndexes));
        }
        catch (DatabaseException exception) when (exception.Kind == DatabaseFailure.DatabaseMissing)
        {
            run.Notes.Add($"The database \"{run.Url.Database}\" is not there: a run creates it, where the role may.");
        }

        run.AlreadyApplied = set.Migrations.Count - pending.Count;
        run.Planned = [.. pending.Select(migration => migration.Name)];
        return standing ?? SplitScripts.Of(pending).Refused;
    }

    private async Task<ApplyFailure?> ApplyAsync(Run run, MigrationSet set)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(run.Url);
        await using NpgsqlConnection keeper = await DatabaseCreation.OpenOrCreateAsync(source, run.Url, run.Cancellation);
        await PoolerProbe.RequireSessionsAsync(source, keeper, run.Url, run.Cancellation);
        await MigrationLock.AcquireAsync(keeper, run.Options.LockTimeout, time, run.Progress, run.Cancellation);
        try
        {
            ApplyFailure? failure = await ApplyLockedAsync(run, set, source, keeper);
            run.Notes.AddRange(await RunNotes.OfIndexesAsync(keeper));
            return failure;
        }
        finally
        {
            await MigrationLock.ReleaseAsync(keeper);
        }
    }

    private async Task<ApplyFailure?> ApplyLockedAsync(Run run, MigrationSet set, NpgsqlDataSource source, NpgsqlConnection keeper)
    {
        HistoryWriter writer = new(keeper, run.Url.Schema);
        DatabaseState state = (await HistoryQuery.ReadPrismaAsync(keeper, run.Url, run.Cancellation)).State;
        if (await ObstacleAsync(run, set, state, keeper) is { } obstacle)
        {
            return obstacle;
        }

        if (state.History is null)
        {
            await writer.CreateAsync(run.Cancellation);
        }

        List<Migration> pending = Pending(set, state);
        run.AlreadyApplied = set.Migrations.Count - pending.Count;
        if (pending.Count == 0)
        {
            return null;
        }

        using RunLimits limits = new(run.Options.Deadline, time, run.Cancellation);
        // While the server makes a session.
        Task<SplitScripts> splitting = Task.Run(() => SplitScripts.Of(pending), CancellationToken.None);
        RunnerSession session = await RunnerSession.OpenAsync(source, keeper, run.Url, run.Cancellation);
        await using NpgsqlConnection runner = session.Connection;
        SplitScripts scripts = await splitting;
        if (scripts.Refused is not null)
        {
            return scripts.Refused;
        }

        MigrationEnding ending = new(source, session, run.Url, time);
        ApplyFailure? failure = null;
        for (int index = 0; index < pending.Count && failure is null; index++)
        {
            limits.ThrowIfOver();
            run.Progress?.Report(new ApplyProgress.Applying(pending[index].Name, index + 1, pending.Count));
            StatementWatch watch = new(keeper, session.Process, pending[index].Name, run.Options.TableLockTimeout, time, run.Progress);
            failure = await ApplyOneAsync(
                run, pending[index], scripts.Scripts[index], writer, keeper, new ScriptRun(runner, watch, limits), ending);
        }

        return failure;
    }

    private static List<Migration> Pending(MigrationSet set, DatabaseState state) =>
        [.. set.Migrations.Where(migration => state.History?.Applied.ContainsKey(migration.Name) != true)];

    /// <summary>What stands in the way of a run, or null; what does not and is worth knowing goes to the notes.</summary>
    private async Task<ApplyFailure?> ObstacleAsync(Run run, MigrationSet set, DatabaseState state, NpgsqlConnection keeper)
    {
        if (run.Options.ExpectedIdentity is { } judged && state.Identity.ToString() != judged)
        {
            return ApplyFailures.Elsewhere(state.Identity, judged);
        }

        run.Notes.AddRange(RunNotes.OfFiles(state, set, run.Options));
        if (ApplyFailures.Standing(SharedHistory.Without(state, set, run.Options.IgnoreUnknown), run.Url) is { } standing)
        {
            ApplyFailure failed = SharedHistory.Explain(standing, set);
            return state.History?.Unfinished.FirstOrDefault(row => row.Name == standing.Migration) is { } row
                && await LeftSession.FindAsync(keeper, row, time, run.Cancellation) is { } left
                ? left.Explain(failed)
                : failed;
        }

        return null;
    }

    private async Task<ApplyFailure?> ApplyOneAsync(
        Run run, Migration migration, IReadOnlyList<SqlStatement> statements, HistoryWriter writer, NpgsqlConnection keeper,
        ScriptRun script, MigrationEnding ending)
    {
        await script.PrepareAsync(run.Url, run.Options);
        long start = time.GetTimestamp();
        string id = await writer.StartAsync(migration);
        ScriptResult result = await script.RunAsync(statements, () => writer.Finish(id));
        if (await ending.RecordAsync(keeper, migration, id, result) is { } failure)
        {
            return failure;
        }

        TimeSpan duration = time.GetElapsedTime(start);
        run.Applied.Add(new AppliedMigration(migration.Name, duration));
        run.Progress?.Report(new ApplyProgress.Applied(migration.Name, duration));
        return null;
    }

    private sealed record Run(DatabaseUrl Url, ApplyOptions Options, IProgress<ApplyProgress>? Progress, CancellationToken Cancellation)
    {
        public List<AppliedMigration> Applied { get; } = [];

        public List<string> Notes { get; } = [];

        public IReadOnlyList<string>? Planned { get; set; }

        public int AlreadyApplied { get; set; }
    }
}
