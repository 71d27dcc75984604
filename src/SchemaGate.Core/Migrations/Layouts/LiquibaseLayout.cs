using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Liquibase's change sets, from XML and from formatted SQL (https://docs.liquibase.com, "Changelog formats"). A change set is called
/// <c>file::id::author</c>. The order of files stands in their includes; that required change sets are applied needs none.
/// </summary>
internal sealed class LiquibaseLayout : MigrationLayout
{
    private const string Classpath = "classpath:";

    public override MigrationTool Tool => MigrationTool.Liquibase;

    public override bool IsOrdered => false;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file =>
        LiquibaseSql.IsFormatted(file)
        || (file.Stem(".xml", ".yaml", ".yml", ".json") is not null && file.Text.Contains("databaseChangeLog", StringComparison.Ordinal)));

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        bool includesAll = files.Any(file => !file.EndsWith(".sql") && file.Text.Contains("includeAll", StringComparison.Ordinal));
        List<Migration> migrations = [];
        foreach (LayoutFile file in files)
        {
            if (LiquibaseSql.IsFormatted(file))
            {
                migrations.AddRange(LiquibaseSql.Read(file, problems));
            }
            else if (file.EndsWith(".sql")
                && (includesAll || files.Any(other => !other.EndsWith(".sql") && LiquibaseXml.Includes(other, file))))
            {
                migrations.Add(new($"{file.Path}::raw::includeAll", file.Text, MigrationChecksum.None));
            }
            else if (file.EndsWith(".xml"))
            {
                migrations.AddRange(LiquibaseXml.Read(file, problems));
            }
            else if (file.Stem(".yaml", ".yml", ".json") is not null && file.Text.Contains("changeSet", StringComparison.Ordinal))
            {
                problems.Add($"{Printable(file.Path)} has change sets in YAML or JSON, which are not read: "
                    + "keep them in formatted SQL or XML (an include may stay).");
            }
        }

        return migrations;
    }

    public override string KeyOf(string name) => name;

    /// <summary>
    /// The history's path begins where Liquibase was started, the set's at its directory: one must end with the other. A row belongs to the
    /// change set with the longest path that fits, and to no second one.
    /// </summary>
    public override MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        ILookup<string, (string Path, string Name)> sets = migrations.Select(migration => (Parts: Split(migration.Key), migration.Name))
            .ToLookup(set => set.Parts.Identity, set => (set.Parts.Path, set.Name), StringComparer.Ordinal);
        return history.With(history.Rows.Select(row => row with { Name = NameOf(row.Name, sets) }));
    }

    private static string NameOf(string row, ILookup<string, (string Path, string Name)> sets)
    {
        (string path, string identity) = Split(row);
        return sets[identity].Where(set => Fits(set.Path, path)).OrderByDescending(set => set.Path.Length).Select(set => set.Name)
            .FirstOrDefault(row);
    }

    private static bool Fits(string left, string right) =>
        left == right || $"/{left}".EndsWith($"/{right}", StringComparison.Ordinal)
        || $"/{right}".EndsWith($"/{left}", StringComparison.Ordinal);

    private static (string Path, string Identity) Split(string name)
    {
        int end = Math.Max(0, name.IndexOf("::", StringComparison.Ordinal));
        string path = name[..end];
        return ((path.StartsWith(Classpath, StringComparison.Ordinal) ? path[Classpath.Length..] : path).TrimStart('/', '.'), name[end..]);
    }
}
