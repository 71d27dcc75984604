using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Changelogs;

/// <summary>One entry beside the migration set and the history.</summary>
internal static class EntryConsistency
{
    public static IEnumerable<Finding> Check(
        DocumentedChange change, MigrationSet set, IReadOnlySet<string> files, MeantNames meant, IReadOnlySet<string>? applied,
        ChangelogPolicy policy)
    {
        if (change.Mismatch is not null)
        {
            return [Mismatch(change, change.Mismatch, applied)];
        }

        return change.Migrations.SelectMany(name => change.Entry switch
        {
            { IsPending: true } => Pending(change.Entry, name, files),
            { Status: ChangelogStatus.Migrated } => Migrated(change.Entry, name, set, files, meant, applied),
            _ => Deployed(change.Entry, name, set, files, meant, applied, policy),
        });
    }

    /// <summary>Which of the two is meant decides what must run; once it has run, only the document is wrong.</summary>
    private static Finding Mismatch(DocumentedChange change, string named, IReadOnlySet<string>? applied)
    {
        bool isApplied = applied is not null && (applied.Contains(change.Entry.Name) || applied.Contains(named));
        ChangelogField? field = change.Entry.Field("Migration File");
        return new(
            FindingIds.MigrationFileMismatch,
            isApplied ? FindingSeverity.Warning : FindingSeverity.Blocking,
            $"The entry '{change.Entry.Name}' names the migration file of '{named}': correct one of the two.",
            field?.Span ?? change.Entry.Span,
            change.Entry.Name);
    }

    private static IEnumerable<Finding> Pending(ChangelogEntry entry, string name, IReadOnlySet<string> files)
    {
        if (files.Contains(name))
        {
            string message = $"'{name}' is pending in the document but its migration file exists: set its status to MIGRATED, "
                + "in the Migrated section.";
            yield return Finding(FindingIds.MigrationFileExists, FindingSeverity.Information, entry, name, message);
        }
    }

    private static IEnumerable<Finding> Migrated(
        ChangelogEntry entry, string name, MigrationSet set, IReadOnlySet<string> files, MeantNames meant, IReadOnlySet<string>? applied)
    {
        if (!files.Contains(name))
        {
            string message = $"'{name}' is MIGRATED but there is no such migration: {Mend(entry, name, set.Tool, meant)}.";
            yield return Finding(FindingIds.MigrationFileMissing, FindingSeverity.Blocking, entry, name, message);
        }
        else if (applied?.Contains(name) == true)
        {
            string message = $"'{name}' is applied, and the document says MIGRATED: set it to DEPLOYED once that is true of production.";
            yield return Finding(FindingIds.AppliedNotDeployed, FindingSeverity.Information, entry, name, message);
        }
    }

    private static IEnumerable<Finding> Deployed(
        ChangelogEntry entry, string name, MigrationSet set, IReadOnlySet<string> files, MeantNames meant,
        IReadOnlySet<string>? applied, ChangelogPolicy policy)
    {
        if (applied?.Contains(name) == false)
        {
            FindingSeverity severity = policy.RecordsThisDatabase ? FindingSeverity.Blocking : FindingSeverity.Information;
            yield return Finding(
                FindingIds.DeployedNotApplied, severity, entry, name, $"'{name}' is DEPLOYED in the document but not applied in "
                    + "this database.");
        }

        if (!files.Contains(name))
        {
            bool isSquashed = set.Names.Count > 0 && MigrationNameComparer.Instance.Compare(name, set.Names[0]) < 0;
            string message = isSquashed
                ? $"'{name}' is DEPLOYED and older than every migration here: it was squashed."
                : $"'{name}' is DEPLOYED but there is no such migration: a new database will lack it; "
                    + $"{(meant.In(name) is { } found ? DidYouMean(found) : "restore the file or correct the name")}.";
            yield return Finding(
                FindingIds.MigrationFileMissing, isSquashed ? FindingSeverity.Information : FindingSeverity.Warning, entry, name, message);
        }
    }

    /// <summary>A heading that is no name leads to no file: only a name does.</summary>
    private static string Mend(ChangelogEntry entry, string name, MigrationTool tool, MeantNames meant) => meant.In(name) switch
    {
        { } found => DidYouMean(found),
        null when name == entry.Name && name.Any(char.IsWhiteSpace) =>
            "make the migration's name the heading, or write it into a Migration File bullet",
        _ when tool == MigrationTool.Prisma => $"commit its {name}/migration.sql, or correct the name",
        _ => "commit its file, or correct the name",
    };

    private static string DidYouMean(string name) => $"did you mean '{name}'? A heading is the migration's name alone";

    private static Finding Finding(string id, FindingSeverity severity, ChangelogEntry entry, string name, string message) =>
        new(id, severity, message, entry.Span, name);
}
