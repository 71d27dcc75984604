using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Rehearse;

/// <summary>Where the ways back of migrations are written: in the changelog's entries, and in files beside the migrations.</summary>
/// <param name="Entries">The document's; none where there is no document.</param>
/// <param name="Script">The file of a migration, by its name; null where it is in an image.</param>
internal sealed record RollbackSources(IReadOnlyList<ChangelogEntry> Entries, Func<string, string>? Script)
{
    /// <summary>What is beside the directory that a command reads.</summary>
    public static RollbackSources Of(Checkout checkout, Func<string, string> script)
    {
        string? document =
            ChangelogSource.DefaultDocuments.Select(path => Path.Combine(checkout.Root, path)).FirstOrDefault(File.Exists);
        return new(document is null ? [] : Read(document), script);
    }

    /// <exception cref="UsageException">A file is there, and cannot be read.</exception>
    public RollbackText Of(Migration migration)
    {
        ChangelogEntry? entry = Entries.FirstOrDefault(
            entry => entry.Name == migration.Name || entry.MigrationFiles.Contains(migration.Name, StringComparer.Ordinal));
        return RollbackText.Of(entry, Script is null ? null : FileOf(migration, Script));
    }

    /// <summary><c>down.sql</c> beside <c>migration.sql</c>; with other tools <c>x.down.sql</c> beside <c>x.up.sql</c>.</summary>
    private static string? FileOf(Migration migration, Func<string, string> script)
    {
        string directory = Path.GetDirectoryName(script(migration.Name))!;
        string file = migration.File is { } own
            ? Path.Combine(
                Path.GetDirectoryName(directory)!,
                own.EndsWith(".up.sql", StringComparison.Ordinal) ? $"{own[..^7]}.down.sql" : Path.ChangeExtension(own, ".down.sql"))
            : Path.Combine(directory, "down.sql");
        return File.Exists(file) ? Content(SqlFiles.Read(file)) : null;
    }

    private static IReadOnlyList<ChangelogEntry> Read(string document) =>
        ChangelogParser.Parse(Content(TextFile.Read(document, "changelog", "Markdown"))).Entries;

    private static string Content(Evidence<string> file) => file switch
    {
        Evidence<string>.Found { Value: var text } => text,
        Evidence<string>.Missing { Message: var message } => throw new UsageException(StyledText.Printable(message)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
