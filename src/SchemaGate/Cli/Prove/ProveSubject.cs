using System.CommandLine;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Migrate;
using SchemaGate.Core;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Prove;

/// <summary>What is proved: the migrations that make the database as running code knows it, and those that follow.</summary>
/// <param name="Script">A migration's file by its name.</param>
internal sealed record ProveSubject(
    IReadOnlyList<Migration> Applied, IReadOnlyList<Migration> Pending, Func<string, string> Script)
{
    public static Option<string?> Since { get; } = new("--since")
    {
        HelpName = "MIGRATION",
        Description = "The last migration that the running code knows, instead of what the database's history says.",
    };

    public static Option<string?> Rollback { get; } = new("--rollback")
    {
        HelpName = "FILE",
        Description = "Prove a rollback: its SQL, run after all migrations. The statements are then those of the new code.",
    };

    /// <exception cref="UsageException">There is no such migration or file, or nothing tells what is applied.</exception>
    /// <exception cref="DocumentException">The history cannot be read, or is no evidence.</exception>
    public static async Task<ProveSubject> ReadAsync(
        ParseResult arguments, Shell shell, MigrationSource source, MigrationSet set, DatabaseChoice? database,
        CancellationToken cancellation)
    {
        if (arguments.GetValue(Rollback) is { } file)
        {
            Migration rollback = new(file, Read(file), MigrationChecksum.None);
            return new(set.Migrations, [rollback], name => name == file ? file : source.Script(name));
        }

        Func<Migration, bool> isApplied = (arguments.GetValue(Since), database) switch
        {
            ({ } since, _) => Until(set, since),
            (null, { } choice) => Of((await HistoryOf.ReadAsync(choice, set, shell, cancellation)).Applied.Part(set)),
            _ => throw new UsageException("What is applied where the code runs? Name the database with --database, or the last "
                + "migration with --since."),
        };
        return new([.. set.Migrations.Where(isApplied)], [.. set.Migrations.Where(migration => !isApplied(migration))], source.Script);
    }

    private static Func<Migration, bool> Until(MigrationSet set, string since)
    {
        MigrationSet applied = set.Through(since) ?? throw new UsageException(
            StyledText.Printable($"--since: there is no migration {since}{NearestNames.Hint(since, set.Names)}."));
        return Of(applied);
    }

    private static Func<Migration, bool> Of(MigrationSet applied)
    {
        HashSet<string> names = [.. applied.Names];
        return migration => names.Contains(migration.Name);
    }

    private static string Read(string file) => SqlFiles.Read(file) switch
    {
        Evidence<string>.Found { Value: var text } => text,
        Evidence<string>.Missing { Message: var message } => throw new UsageException(StyledText.Printable($"--rollback: {message}")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
