using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>Every layout, and which of them a directory has.</summary>
internal static class MigrationLayouts
{
    /// <summary>The longest name that a status, a document and most history tables hold.</summary>
    private const int LongestName = 255;

    private static readonly IReadOnlyList<MigrationLayout> s_all =
    [
        new PrismaLayout(), new FlywayLayout(), new LiquibaseLayout(), new EfCoreLayout(), new GolangMigrateLayout(), new GooseLayout(),
        new DbmateLayout(), new RailsLayout(), new AlembicLayout(), new DjangoLayout(), new AtlasLayout(), new DrizzleLayout(),
        new KnexLayout(), new NodePgMigrateLayout(), new SqlxLayout(),
    ];

    public static MigrationLayout Of(MigrationTool tool) => s_all.First(layout => layout.Tool == tool);

    /// <summary>
    /// The history with its rows called as the set's migrations are, and as these names are, where a name alone tells which row is meant.
    /// </summary>
    public static MigrationHistory Named(MigrationHistory history, MigrationSet? set, IEnumerable<string> names)
    {
        MigrationLayout layout = Of(history.Tool);
        List<Migration> migrations = [.. set?.Migrations ?? []];
        HashSet<string> known = migrations.Select(migration => migration.Name).ToHashSet(StringComparer.Ordinal);
        migrations.AddRange(names.Where(known.Add).Select(name => (Name: name, Key: layout.KeyOf(name))).Where(pair => pair.Key is not null)
            .Select(pair => new Migration(pair.Name, "", MigrationChecksum.None) { Key = pair.Key! }));
        return layout.Named(history, migrations);
    }

    public static MigrationSet Read(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> content, MigrationTool? tool)
    {
        List<LayoutFile> files = [.. content.Select(file => new LayoutFile(file.Key, file.Value))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];
        List<MigrationLayout> told = tool is { } named ? [Of(named)] : [.. s_all.Where(layout => layout.Recognises(files))];
        MigrationLayout layout = told.Find(layout => layout.Tool == MigrationTool.Prisma) ?? told.FirstOrDefault()
            ?? Of(MigrationTool.Prisma);
        if (layout.Tool == MigrationTool.Prisma)
        {
            return MigrationSet.Read(content);
        }

        if (told.Count > 1)
        {
            string tools = string.Join(" or ", told.Select(each => ToolGuide.Of(each.Tool).Name));
            return new([], [$"The migrations may be {tools}'s. Name the tool that is meant in spec.database.tool (--tool)."])
            {
                Tool = layout.Tool,
            };
        }

        List<string> problems = [];
        Lazy<bool> areUtf8 = new(() => files.TrueForAll(file => file.IsUtf8));
        ILookup<string, LayoutFile> sources = ByName(files);
        List<Migration> migrations = [.. layout.Read(files, problems)
            .Select(migration => Judged(migration, layout.Tool, [.. sources[migration.Name.Split("::")[0]]], areUtf8))];
        problems.AddRange(Problems(migrations));
        return new(migrations, problems)
        {
            Tool = layout.Tool,
            IsOrdered = layout.IsOrdered,
            IsWhole = layout.AreAll(files),
            Notes = [.. layout.Notes(files)],
        };
    }

    /// <summary>Files by what a migration of theirs may be called: the file's name up to a dot, Django's app and module, a path.</summary>
    private static ILookup<string, LayoutFile> ByName(List<LayoutFile> files) => files
        .SelectMany(Names, (file, name) => (file, name))
        .ToLookup(pair => pair.name, pair => pair.file, StringComparer.Ordinal);

    private static IEnumerable<string> Names(LayoutFile file)
    {
        yield return file.Path;
        for (int dot = file.FileName.IndexOf('.'); dot > 0; dot = file.FileName.IndexOf('.', dot + 1))
        {
            yield return file.FileName[..dot];
            if (file.Path.Split('/') is [.., var app, "migrations", _])
            {
                yield return $"{app}.{file.FileName[..dot]}";
            }
        }
    }

    /// <summary>Flyway and Liquibase take a byte order mark off.</summary>
    private static Migration Judged(Migration migration, MigrationTool tool, List<LayoutFile> sources, Lazy<bool> areUtf8)
    {
        string sql = tool is MigrationTool.Flyway or MigrationTool.Liquibase ? migration.Sql.TrimStart('\uFEFF') : migration.Sql;
        // Where the name tells no file, it may be any.
        bool IsUtf8() => sources.Count > 0 ? sources.TrueForAll(file => file.IsUtf8) : areUtf8.Value;
        return migration with
        {
            Sql = sql,
            File = sources.Find(file => !file.EndsWith(".down.sql"))?.Path,
            Unjudged = migration.Unjudged ?? SqlText.Problem(sql, IsUtf8),
        };
    }

    private static IEnumerable<string> Problems(List<Migration> migrations) =>
    [
        .. migrations.GroupBy(migration => migration.Key, StringComparer.Ordinal).Where(group => group.Skip(1).Any())
            .Select(group => $"{string.Join(" and ", group.Take(3).Select(migration => $"'{MigrationLayout.Printable(migration.Name)}'"))} "
                + "have one version: rename one."),
        .. migrations.Where(migration => migration.Name.Length > LongestName || migration.Name.Any(char.IsControl))
            .Select(migration => $"The migration's name '{MigrationLayout.Printable(migration.Name)}' has control characters, "
                + $"or more than {LongestName} in all: rename the file."),
        .. migrations.Where(migration => migration.Sql.Contains('\0', StringComparison.Ordinal))
            .Select(migration => $"'{MigrationLayout.Printable(migration.Name)}' has NUL bytes, which PostgreSQL cannot take: "
                + "save it as UTF-8 (it looks like UTF-16)."),
        .. MigrationDirectory.CaseProblems(migrations.Select(migration => migration.Name).Distinct(StringComparer.Ordinal)),
    ];
}
