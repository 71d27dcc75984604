using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>--migrations</c>: where the migrations are that a document is about.</summary>
internal static class MigrationsOption
{
    public static Option<string?> Option { get; } = new("--migrations")
    {
        HelpName = "PATH",
        Description = $"The migrations directory. Default: {ChangelogSource.DefaultMigrations}, beside where the document usually is.",
    };

    /// <exception cref="DocumentException">There are none, or they cannot be read.</exception>
    public static MigrationFiles Read(ParseResult arguments, DocumentFile file)
    {
        string directory = arguments.GetValue(Option) is { } given
            ? Path.GetRelativePath(file.Root, Path.GetFullPath(given)).Replace(Path.DirectorySeparatorChar, '/')
            : ChangelogSource.DefaultMigrations;
        return DirectoryEvidence.ReadMigrations(file.Root, directory, tool: null) switch
        {
            Evidence<MigrationSet>.Found { Value: var set } => new(directory, set),
            Evidence<MigrationSet>.Missing { Message: var message } => throw new DocumentException(message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}

/// <summary>A set of migrations, and its directory as the document names it: below the checkout.</summary>
internal sealed record MigrationFiles(string Directory, MigrationSet Set)
{
    public string PathOf(Migration migration) => $"{Directory}/{migration.File ?? $"{migration.Name}/migration.sql"}";
}
