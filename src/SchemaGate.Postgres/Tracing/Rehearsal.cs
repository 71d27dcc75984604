using System.Collections.Immutable;
using System.Text;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tracing;

/// <summary>
/// Runs what is pending in a scratch database that the applied migrations made, looks at each statement, and then runs each way back and
/// compares the catalog with the one before.
/// </summary>
/// <param name="builder">Makes the scratch databases.</param>
public sealed class Rehearsal(SchemaBuilder builder, RehearsalPlan plan, TimeProvider time, IProgress<RehearsalStep>? progress)
{
    /// <summary>The scratch server's major version; 0 before it was asked.</summary>
    public int Major { get; private set; }

    /// <summary>Why nobody could say how large the live database's tables are; null where somebody could, or nobody asked.</summary>
    public string? SizesUnread { get; private set; }

    /// <returns>Those that are pending, in their order, up to one that fails.</returns>
    /// <exception cref="DatabaseException">
    /// There can be no scratch database; what is applied does not run in one; something cannot be run here at all.
    /// </exception>
    public async Task<IReadOnlyList<RehearsedMigration>> RunAsync(CancellationToken cancellation)
    {
        if (SchemaBuilder.Refusal(plan.Set) is { } refusal)
        {
            throw new DatabaseException(DatabaseFailure.ScriptRefused, refusal);
        }

        progress?.Report(new(Migration: null, IsRollback: false));
        RehearsalScratch scratch = await RehearsalScratch.BuildAsync(builder, plan, time, cancellation);
        await using (scratch)
        {
            await scratch.RequireExtensionsAsync(plan.Pending, cancellation);
            List<Catalog> catalogs = [await scratch.ReadAsync(cancellation)];
            Major = catalogs[0].Major;
            List<RehearsedMigration> done = [];
            while (done.Count < plan.Pending.Count && done is not [.., { Failure: not null }])
            {
                done.Add(await TraceAsync(scratch, done.Count, catalogs, cancellation));
            }

            IReadOnlyList<MigrationRisk> said = Judge(catalogs[0], done.Count);
            done = [.. done.Zip(said, (migration, risk) => migration with { Said = risk })];
            return await EstimatedAsync(await RolledBackAsync(scratch, done, catalogs, cancellation), catalogs, cancellation);
        }
    }

    private async Task<RehearsedMigration> TraceAsync(
        RehearsalScratch scratch, int index, List<Catalog> catalogs, CancellationToken cancellation)
    {
        Migration migration = plan.Pending[index];
        progress?.Report(new(migration.Name, IsRollback: false));
        MigrationTrace trace = new(scratch.Url, migration.Name, time, cancellation);
        long start = time.GetTimestamp();
        ApplyFailure? failure = await scratch.ApplyAsync(plan.Behind(index + 1), trace.AroundAsync, cancellation);
        TimeSpan duration = time.GetElapsedTime(start);
        if (failure is not null)
        {
            // The failure's own class counts what remains of a run, too; here nothing does.
            RehearsalFailure why = new(failure.Message, failure.Line, failure.Column, failure.Statement, failure.SqlState)
            {
                Class = FailureClasses.Of(failure.Kind, failure.SqlState),
            };
            return new(trace.Observed, duration, why, Changes: [], Rollback: null);
        }

        catalogs.Add(await scratch.ReadAsync(cancellation));
        return new(trace.Observed, duration, Failure: null, ChangeWords.Done(Changes(catalogs[^2], catalogs[^1])), Rollback: null);
    }

    /// <summary>
    /// What was done last is undone first. Where one of them has no way back, or none that leads back, a new scratch database is made for
    /// the one before it.
    /// </summary>
    private async Task<List<RehearsedMigration>> RolledBackAsync(
        RehearsalScratch scratch, List<RehearsedMigration> done, List<Catalog> catalogs, CancellationToken cancellation)
    {
        int last = done.FindLastIndex(migration => migration.Failure is null);
        bool isThere = last == done.Count - 1;
        for (int index = last; index >= 0 && plan.Rollbacks is not null; index--)
        {
            RollbackText text = plan.Rollbacks[done[index].Name];
            if (text.Sql is not null && !isThere)
            {
                await scratch.RebuildAsync(index + 1, cancellation);
            }

            RollbackOutcome outcome = text switch
            {
                { Sql: { } sql } => await RollBackAsync(scratch, done[index], sql, text.ByHand, catalogs[index], cancellation),
                { From: null } => new RollbackOutcome.Absent(),
                _ => new RollbackOutcome.WordsOnly(),
            };
            isThere = outcome is RollbackOutcome.AsItWas;
            done[index] = done[index] with { Rollback = outcome };
        }

        return done;
    }

    private async Task<RollbackOutcome> RollBackAsync(
        RehearsalScratch scratch, RehearsedMigration migration, string sql, IReadOnlyList<string> byHand, Catalog before,
        CancellationToken cancellation)
    {
        // The migrations alone were not refused; what they have made may run only here.
        if (ServerStatements.IsIn([.. plan.Set.Migrations.Select(each => each.Sql), sql]))
        {
            return new RollbackOutcome.NotRun("it changes the server itself, not only a database");
        }

        progress?.Report(new(migration.Name, IsRollback: true));
        // The history takes 255 characters.
        string name = $"rollback of {migration.Name[..Math.Min(migration.Name.Length, 200)]}";
        MigrationSet undo = MigrationSet.Read([new($"{name}/migration.sql", Encoding.UTF8.GetBytes(sql))]);
        if (await scratch.ApplyAsync(undo, around: null, cancellation) is { } failure)
        {
            return new RollbackOutcome.Failed(failure.Message, failure.Line, failure.Statement);
        }

        IReadOnlyList<string> differences = ChangeWords.Left(Changes(before, await scratch.ReadAsync(cancellation)));
        return differences.Count > 0
            ? new RollbackOutcome.Differs(differences, byHand)
            : new RollbackOutcome.AsItWas(byHand) { Loses = Losses(migration.Said!) };
    }

    /// <summary>Rows that are gone stay gone, whatever their table looks like again.</summary>
    private static string[] Losses(MigrationRisk said) =>
        [.. said.Findings.Where(finding => finding.Categories.HasFlag(RiskCategories.DataLoss)).Select(finding => finding.Message)];

    private static ImmutableArray<CatalogChange> Changes(Catalog before, Catalog after)
    {
        // What one side was not asked about, because it had no such schema, is not there.
        ImmutableArray<string> schemas = [.. before.Schemas.Union(after.Schemas, StringComparer.Ordinal)];
        CatalogScope all = new() { AllGrants = true, ExtensionVersions = true };
        return CatalogChanges.Outermost(
            CatalogComparison.Compare(before with { Schemas = schemas }, after with { Schemas = schemas }, all));
    }

    /// <summary>The rules' word on each pending migration, behind those that are applied.</summary>
    private IReadOnlyList<MigrationRisk> Judge(Catalog catalog, int count)
    {
        IEnumerable<Migration> all = plan.Set.Migrations.Where(migration => plan.Applied.Contains(migration.Name))
            .Concat(plan.Pending.Take(count));
        RiskOptions options = RiskOptions.Default with
        {
            TargetMajor = catalog.Major,
            SetIsWhole = plan.Set.IsWhole,
            Schema = plan.Schema,
        };
        IReadOnlyList<MigrationRisk> risks = RiskJudge.Judge(
            [.. all.Select(migration => new ParsedMigration(migration.Name, migration.Sql, StatementReader.Read(migration.Sql)))], options);
        return [.. risks.Skip(risks.Count - count)];
    }

    private async Task<IReadOnlyList<RehearsedMigration>> EstimatedAsync(
        List<RehearsedMigration> done, List<Catalog> catalogs, CancellationToken cancellation)
    {
        HashSet<ObjectName> tables = [.. done.SelectMany(migration => migration.Observed.Statements)
            .SelectMany(statement => statement.Locks).Select(held => held.Table)];
        IReadOnlyDictionary<ObjectName, TableSize> sizes = new Dictionary<ObjectName, TableSize>();
        try
        {
            if (plan.Live is { } live && tables.Count > 0)
            {
                sizes = await TableSizes.ReadAsync(live, tables, Partitions(catalogs[0]), cancellation);
                // In a database without a table, what the migrations lock has no rows but their own.
                sizes = catalogs[0].Objects.Keys.Any(IsTable)
                    ? sizes
                    : tables.ToDictionary(table => table, table => sizes.GetValueOrDefault(table) ?? new TableSize(table, 0, 0, 0));
            }
        }
        catch (DatabaseException exception)
        {
            // A table that somebody else has locked is no reason to forget what has been seen.
            SizesUnread = exception.Message;
        }

        return [.. done.Select(migration => migration with { Locks = LockEstimates.Of(migration.Observed, sizes) })];
    }

    private static bool IsTable(CatalogName name) => name.Kind == CatalogKind.Table && name.Name != HistoryTable.Name;

    /// <summary>Those before what is pending: of what that attaches the live database may have rows.</summary>
    private static IEnumerable<(string Parent, string Partition)> Partitions(Catalog catalog) => catalog.Objects.Values
        .Where(table => table.Kind == CatalogKind.Table)
        .SelectMany(table => $"{table[CatalogFact.PartitionOf]}{table[CatalogFact.Inherits]}".Trim('"').Split("\", \"")
            .Select(parent => (
                $"\"{parent}\"", $"{HistoryTable.Quote(table.Name.Schema ?? "")}.{HistoryTable.Quote(table.Name.Name)}")));
}
