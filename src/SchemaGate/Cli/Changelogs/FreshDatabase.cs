using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Checklists;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Whether the migrations up to one run in a new database.</summary>
internal static class FreshDatabase
{
    /// <exception cref="DocumentException">The server cannot be reached, or lets nobody create a database.</exception>
    /// <exception cref="UsageException">The URL cannot be read.</exception>
    public static async Task<(ChecklistState State, string Says)> TryAsync(
        ParseResult arguments, Shell shell, MigrationSet set, Migration? migration, CancellationToken cancellation)
    {
        if (migration is null)
        {
            return (ChecklistState.No, "there is no such migration");
        }

        if (arguments.GetValue(ScratchServer.Option) is null)
        {
            string word = ShellWord.Of(migration.Name);
            return (ChecklistState.Open, $"not run: `schemagate changelog checklist {word} --scratch URL` runs it");
        }

        if (set.Tool != MigrationTool.Prisma)
        {
            return (ChecklistState.Open, $"not run: these are {ToolGuide.Of(set.Tool).Name}'s migrations, which only it applies");
        }

        if (ServerStatements.Find(set.Through(migration.Name)!) is { } shared)
        {
            return (ChecklistState.Open, $"not run: {shared.Name} changes the server itself, not only a database");
        }

        DatabaseChoice server = (await ScratchServer.FindAsync(arguments, shell, cancellation))!;
        try
        {
            await using ScratchDatabase scratch = await ScratchDatabase.CreateAsync(server.Parse(), shell.Time, cancellation);
            ApplyReport report = await new MigrationApplier(shell.Time).ApplyAsync(
                scratch.Url, set.Through(migration.Name)!, ApplyOptions.Default, progress: null, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return report.Failure is { } failure
                ? (ChecklistState.No, failure.Message.TrimEnd('.'))
                : (ChecklistState.Yes, $"{report.Applied.Count} migrations ran in a new database");
        }
        catch (DatabaseException exception)
        {
            throw new DocumentException(exception.Message);
        }
    }
}
