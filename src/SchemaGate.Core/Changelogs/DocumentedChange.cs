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
        List<string> named = [.. entry.MigrationFiles.Select(file => Migration(file, entry.Name, files))];
        if (!isName)
        {
            return new(entry, named.Count > 0 ? named : [entry.Name], null);
        }

        bool agrees = named.Count == 0 || named.Contains(entry.Name, StringComparer.Ordinal);
        return agrees
            ? new(entry, named.Where(name => name != entry.Name).Prepend(entry.Name).ToList(), null)
            : new(entry, [entry.Name], named[0]);
    }

    /// <summary>
    /// The migration that a file holds: most tools call it as the file is called without its extensions, Django with the application's
    /// name before that, and a file of Liquibase's holds whatever change set the heading names.
    /// </summary>
    private static string Migration(string file, string name, IReadOnlySet<string> files)
    {
        for (string stem = file; stem.Length > 0; stem = stem[..Math.Max(0, stem.LastIndexOf('.'))])
        {
            if (stem == name || name.EndsWith($".{stem}", StringComparison.Ordinal) || IsOfChangeSet(name, stem))
            {
                return name;
            }

            if (files.Contains(stem))
            {
                return stem;
            }
        }

        return file;
    }

    private static bool IsOfChangeSet(string name, string file) =>
        name.Split("::") is [var path, _, _] && (path == file || path.EndsWith($"/{file}", StringComparison.Ordinal));
}
