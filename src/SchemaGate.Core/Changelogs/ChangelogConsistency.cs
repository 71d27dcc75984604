using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Changelogs;

/// <summary>Compares what the document says with the migrations that were built, and with what the database has applied.</summary>
public static class ChangelogConsistency
{
    /// <summary>What the two or three witnesses say differently. The document's own findings are not repeated.</summary>
    /// <param name="applied">The names that the database has applied, or null where it is not known.</param>
    public static IReadOnlyList<Finding> Check(
        Changelog changelog, MigrationSet set, IReadOnlySet<string>? applied, ChangelogPolicy policy)
    {
        HashSet<string> files = set.Names.ToHashSet(StringComparer.Ordinal);
        HashSet<string> documented = new(StringComparer.Ordinal);
        MeantNames meant = new(set.Names);
        List<Finding> findings = [];
        foreach (ChangelogEntry entry in changelog.Entries)
        {
            DocumentedChange change = DocumentedChange.Of(entry, files);
            documented.UnionWith(change.Names);
            // A wrong name is one finding, not two.
            documented.UnionWith(change.Migrations.Where(name => !files.Contains(name)).Select(meant.In).OfType<string>());
            findings.AddRange(EntryConsistency.Check(change, set, files, meant, applied, policy));
        }

        // Of a document that is none, every migration lacks an entry: that it is none has been said.
        bool isChangelog = !changelog.Findings.Any(finding => finding.Id == FindingIds.NotAChangelog);
        findings.AddRange(set.Names.Where(name => isChangelog && !documented.Contains(name))
            .Select(name => Undocumented(name, applied, policy)).OfType<Finding>());
        return findings;
    }

    /// <summary>Only what is pending is judged by policy: nobody holds up a rollout for what has run already.</summary>
    private static Finding? Undocumented(string name, IReadOnlySet<string>? applied, ChangelogPolicy policy)
    {
        bool isApplied = applied?.Contains(name) == true;
        FindingSeverity? severity = (isApplied, policy.Undocumented) switch
        {
            (true, _) => FindingSeverity.Information,
            (_, PolicyMode.Block) => FindingSeverity.Blocking,
            (_, PolicyMode.Warn) => FindingSeverity.Warning,
            _ => null,
        };
        string message = isApplied
            ? $"'{name}' is applied and has no entry."
            : $"'{name}' has no entry: document it in the Migrated section.";
        return severity is { } known ? new(FindingIds.UndocumentedMigration, known, message, null, name) : null;
    }
}
