namespace SchemaGate.Core.Changelogs;

/// <summary>Which migrations an entry is about.</summary>
/// <param name="Migrations">The migrations that must exist: the heading's, or those of the Migration File bullet below a free
/// title.</param>
/// <param name="Mismatch">What the bullet names instead of the heading's migration, or null.</param>
internal sealed record DocumentedChange(ChangelogEntry Entry, IReadOnlyList<string> Migrations, string? Mismatch)
{
    /// <summary>Every migration that the entry names: a wrong name is one finding, not two.</summary>
    public IEnumerable<string> Names => Entry.MigrationFiles.Append(Entry.Name);

    public static DocumentedChange Of(ChangelogEntry entry, IReadOnlySet<string> files)
    {
        bool isName = files.Contains(entry.Name) || MigrationFileText.IsMigrationName(entry.Name);
        if (!isName)
        {
            return new(entry, entry.MigrationFiles.Count > 0 ? entry.MigrationFiles : [entry.Name], null);
        }

        bool agrees = entry.MigrationFiles.Count == 0 || entry.MigrationFiles.Contains(entry.Name, StringComparer.Ordinal);
        return agrees
            ? new(entry, entry.MigrationFiles.Where(name => name != entry.Name).Prepend(entry.Name).ToList(), null)
            : new(entry, [entry.Name], entry.MigrationFiles[0]);
    }
}
