using System.CommandLine;
using SchemaGate.Cli.Rehearse;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Checklists;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What was seen of one migration and its rollback in a new database.</summary>
/// <param name="Runs">Whether it runs behind the earlier ones.</param>
/// <param name="Rollback">What came of its way back; null where it did not come to that.</param>
internal sealed record FreshDatabase((ChecklistState State, string Says) Runs, RollbackOutcome? Rollback)
{
    /// <exception cref="DocumentException">The server cannot be reached, or lets nobody create a database.</exception>
    /// <exception cref="UsageException">The URL cannot be read.</exception>
    public static async Task<FreshDatabase> TryAsync(
        ParseResult arguments, Shell shell, MigrationSet set, Migration? migration, RollbackSources rollbacks,
        CancellationToken cancellation)
    {
        if (migration is null)
        {
            return new((ChecklistState.No, "there is no such migration"), Rollback: null);
        }

        MigrationSet wanted = set.Through(migration.Name)!;
        if (NotRun(arguments, wanted, migration) is { } why)
        {
            return new((ChecklistState.Open, $"not run: {why}"), Rollback: null);
        }

        DatabaseUrl server = (await ScratchServer.FindAsync(arguments, shell, cancellation))!.Parse();
        RehearsalPlan plan = new(wanted, wanted.Names.SkipLast(1).ToHashSet(StringComparer.Ordinal))
        {
            Schema = server.Schema,
            Rollbacks = new Dictionary<string, RollbackText>(StringComparer.Ordinal) { [migration.Name] = rollbacks.Of(migration) },
        };
        try
        {
            SchemaBuilder builder = new(server, ScratchOptions.Default, shell.Time);
            return Of((await new Rehearsal(builder, plan, shell.Time, progress: null).RunAsync(cancellation))[0], wanted);
        }
        catch (DatabaseException exception) when (exception.Kind == DatabaseFailure.MigrationFailed)
        {
            return new((ChecklistState.No, exception.Message.TrimEnd('.')), Rollback: null);
        }
        catch (DatabaseException exception)
        {
            throw new DocumentException(exception.Message);
        }
    }

    /// <summary>The answer to the point about the rollback; null where nothing was seen of it.</summary>
    public (ChecklistState State, string Says)? GoesBack => Rollback switch
    {
        RollbackOutcome.AsItWas { ByHand: [] } => (ChecklistState.Yes, RollbackWords.Of(Rollback)),
        RollbackOutcome.AsItWas => (ChecklistState.Open, RollbackWords.Of(Rollback)),
        { Fails: true } => (ChecklistState.No, RollbackWords.Of(Rollback)),
        _ => null,
    };

    private static FreshDatabase Of(RehearsedMigration seen, MigrationSet wanted) => seen.Failure is { } failure
        ? new((ChecklistState.No, failure.Message.TrimEnd('.')), Rollback: null)
        : new((ChecklistState.Yes, $"{wanted.Migrations.Count} migrations ran in a new database"), seen.Rollback);

    private static string? NotRun(ParseResult arguments, MigrationSet wanted, Migration migration) => wanted switch
    {
        _ when arguments.GetValue(ScratchServer.Option) is null =>
            $"`schemagate changelog checklist {ShellWord.Of(migration.Name)} --scratch URL` runs it",
        _ when wanted.Migrations.FirstOrDefault(other => other.Unjudged is not null) is { } program =>
            $"{program.Name} cannot be run by SchemaGate: {program.Unjudged}",
        _ when ServerStatements.Find(wanted) is { } shared => $"{shared.Name} changes the server itself, not only a database",
        _ => null,
    };
}
