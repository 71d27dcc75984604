using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog init</c>: the document of a repository that has migrations and none.</summary>
internal static class InitCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("init", """
            Write a new document for the migrations that are here, with an entry for each, drafted from its SQL.

            A first migration whose name says that it is a baseline is Deployed. With a database, what its history says is applied
            is Deployed, with the history's date: name production's. Everything else is Migrated. A document that is there stays.

            Examples:
              schemagate changelog init
              schemagate changelog init --dry-run
              schemagate changelog init --migrations db/migrate --changelog docs/SCHEMA.md
              schemagate changelog init --changelog - --no-database
              schemagate changelog init --database - < url.txt

            Exit codes: 0 written; 2 wrong usage, or the document is there; 3 the migrations or the database could not be read, or
            the document could not be written.
            """)
        {
            DocumentFile.Option, MigrationsOption.Option, DatabaseOptions.Tool, DatabaseOptions.Database, DatabaseOptions.NoDatabase,
            DatabaseOptions.Schema, DocumentEdit.DryRun,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        string path = arguments.GetValue(DocumentFile.Option) ?? ChangelogSource.DefaultDocuments[0];
        string? taken = ((string[])[path, .. arguments.GetValue(DocumentFile.Option) is null ? ChangelogSource.DefaultDocuments : []])
            .FirstOrDefault(Path.Exists);
        if (path != "-" && taken is not null)
        {
            throw new UsageException($"{StyledText.Printable(taken)} is there already, and stays as it is. "
                + "`schemagate changelog add` adds to it; --changelog - prints a new document.");
        }

        try
        {
            string text = await TextAsync(arguments, path, shell, cancellation);
            if (path == "-" || arguments.GetValue(DocumentEdit.DryRun))
            {
                await arguments.InvocationConfiguration.Output.WriteAsync(text);
                return ExitCodes.Open;
            }

            await WriteAsync(path, text, cancellation);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(
                $"Wrote {StyledText.Printable(path)}. Read it before you commit it: its entries are drafted from SQL.");
            return ExitCodes.Open;
        }
        catch (DocumentException exception)
        {
            return DocumentRun.Say(arguments, exception.Message, ExitCodes.Unreachable);
        }
    }

    private static async Task<string> TextAsync(ParseResult arguments, string path, Shell shell, CancellationToken cancellation)
    {
        MigrationFiles files = MigrationsOption.ReadSound(arguments, new DocumentFile(path));
        MigrationSet set = files.Set;
        DatabaseChoice? choice = await DatabaseOptions.FindAsync(arguments, shell, cancellation);
        AppliedSet? applied = null;
        int? major = null;
        if (choice is not null)
        {
            (applied, major) = await HistoryOf.ReadAsync(choice, set, shell, cancellation);
            await arguments.InvocationConfiguration.Error.WriteLineAsync(
                $"schemagate: what {choice.Location} has applied is written as DEPLOYED, which means production.");
            foreach ((string name, string reason) in applied.Doubtful)
            {
                await arguments.InvocationConfiguration.Error.WriteLineAsync(
                    $"schemagate: '{StyledText.Printable(name)}' is written as MIGRATED: in {choice.Location} {reason}.");
            }
        }

        IReadOnlyList<DraftedEntry> drafts = MigrationDrafts.Of(files, names: null, major, shell.Time);
        return new NewDocument(set.Tool, files.Directory, Options(arguments, path, files.Directory)).Write(
            [.. drafts.Select((draft, index) => Initial(draft, index == 0, set.Tool, applied))], DocumentEdit.Today(shell));
    }

    private static InitialEntry Initial(DraftedEntry draft, bool isFirst, MigrationTool tool, AppliedSet? applied)
    {
        bool isBaseline = isFirst && InitialEntry.IsBaselineName(draft.Name, tool);
        return applied is null
            ? new(draft, isBaseline, Deployed: null, isBaseline)
            : new(draft, applied.IsApplied(draft.Name) && !applied.Inferred.Contains(draft.Name), applied.DateOf(draft.Name), isBaseline);
    }

    /// <summary>What the document's own command says where not everything is at its usual place.</summary>
    private static string Options(ParseResult arguments, string path, string directory)
    {
        bool isUsual = ChangelogSource.DefaultDocuments.Any(usual => $"/{path}".EndsWith($"/{usual}", StringComparison.Ordinal));
        string document = path == "-" || isUsual
            ? "" : $" --document {ShellWord.Of(path)}";
        string migrations = directory == ChangelogSource.DefaultMigrations ? "" : $" --migrations {ShellWord.Of(directory)}";
        string tool = arguments.GetValue(DatabaseOptions.Tool) is { } named ? $" --tool {named}" : "";
        return document + migrations + tool;
    }

    /// <summary>Whole or not at all, and never over another: the name is taken only where nobody has it.</summary>
    private static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await WholeFile.WriteAsync(path, DocumentFile.Encoded(text), mayReplace: null, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException($"{path} cannot be written: {exception.Message}");
        }
    }
}
