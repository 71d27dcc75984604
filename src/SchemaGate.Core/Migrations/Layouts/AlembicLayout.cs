using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Alembic's <c>versions/*.py</c> (https://alembic.sqlalchemy.org/en/latest/tutorial.html): a graph of revisions, of which the history
/// names the heads. Every file beside a revision must be one (alembic/script/base.py, Script._from_filename); what is computed, nobody
/// can read here.
/// </summary>
internal sealed class AlembicLayout : MigrationLayout
{
    public override MigrationTool Tool => MigrationTool.Alembic;

    public override bool IsOrdered => false;

    /// <summary>Others have a variable called revision, too.</summary>
    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file =>
        IsRevision(file) && (file.IsIn("versions") || PythonAssignments.Of(TopLevel(file), "down_revision").IsAssigned));

    /// <summary>Each after all that it builds on, else by file name.</summary>
    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        HashSet<string> directories = Directories(files);
        List<Migration> left = [.. files.Where(file => IsSource(file)
            && (directories.Contains(file.Directory) || (file.IsIn("versions") && !IsHelper(file))))
            .Select(file => Of(file, problems)).OfType<Migration>()];
        HashSet<string> known = left.Select(migration => migration.Key).ToHashSet(StringComparer.Ordinal);
        foreach (Migration migration in left.Where(migration => !migration.Parents.All(known.Contains)))
        {
            problems.Add($"'{Printable(migration.Name)}' builds on "
                + $"{Printable(migration.Parents.First(parent => !known.Contains(parent)))}, which is no revision here: restore its file.");
        }

        List<Migration> ordered = [];
        HashSet<string> done = new(StringComparer.Ordinal);
        for (bool isMoving = problems.Count == 0; isMoving && left.Count > 0;)
        {
            List<Migration> next = [.. left.Where(migration => migration.Parents.All(done.Contains))];
            left.RemoveAll(next.Contains);
            ordered.AddRange(next);
            done.UnionWith(next.Select(migration => migration.Key));
            isMoving = next.Count > 0;
        }

        if (problems.Count == 0 && left.Count > 0)
        {
            problems.Add($"The revisions build on each other in a circle: see '{Printable(left[0].Name)}'.");
        }

        return ordered;
    }

    public override IEnumerable<string> Notes(IReadOnlyList<LayoutFile> files)
    {
        HashSet<string> directories = Directories(files);
        return files.Where(file => IsSource(file) && file.IsIn("versions") && !directories.Contains(file.Directory) && IsHelper(file))
            .Select(file => $"{Printable(file.Path)} is no revision: Alembic passes over it, or refuses to begin where "
                + "recursive_version_locations is set.");
    }

    public override string? KeyOf(string name) => null;

    /// <summary>What a head builds on is applied.</summary>
    public override MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        Dictionary<string, Migration> revisions = migrations.DistinctBy(migration => migration.Key, StringComparer.Ordinal)
            .ToDictionary(migration => migration.Key, StringComparer.Ordinal);
        Dictionary<string, HistoryRow> rows = new(StringComparer.Ordinal);
        Stack<HistoryRow> open = new(history.Rows);
        while (open.TryPop(out HistoryRow? row))
        {
            if (rows.TryAdd(row.Name, row) && revisions.TryGetValue(row.Name, out Migration? migration))
            {
                rows[row.Name] = row with { Name = migration.Name };
                foreach (string parent in migration.Parents)
                {
                    open.Push(row with { Name = parent });
                }
            }
        }

        return history.With(rows.Values);
    }

    /// <summary>What Alembic passes over: the environment, a package's own file, an editor's lock.</summary>
    private static bool IsSource(LayoutFile file) =>
        file.Stem(".py") is not (null or "env" or "__init__") && !file.FileName.StartsWith(".#", StringComparison.Ordinal);

    private static HashSet<string> Directories(IReadOnlyList<LayoutFile> files) =>
        [.. files.Where(IsRevision).Select(file => file.Directory)];

    /// <summary>Nothing in it gives the module a revision, in whatever block or by whatever import.</summary>
    private static bool IsHelper(LayoutFile file) => !PythonSource.Statements(file.Text).Any(statement => statement.Scope is null
        && (PythonAssignments.Of([statement], "revision").IsAssigned || PythonAssignments.Imports(statement, "revision")));

    private static bool IsRevision(LayoutFile file) => IsSource(file) && PythonAssignments.Of(TopLevel(file), "revision").IsAssigned;

    private static IEnumerable<PythonSource.Statement> TopLevel(LayoutFile file) =>
        PythonSource.Statements(file.Text).Where(statement => statement.Column == 0);

    private static Migration? Of(LayoutFile file, ICollection<string> problems)
    {
        List<PythonSource.Statement> statements = [.. TopLevel(file)];
        var revision = PythonAssignments.Of(statements, "revision");
        var parents = PythonAssignments.Of(statements, "down_revision");
        var others = PythonAssignments.Of(statements, "depends_on");
        string? missing = (revision, parents, others) switch
        {
            ({ Texts: not [_] }, _, _) => "revision",
            (_, { Texts: null }, _) => "down_revision",
            (_, _, { IsAssigned: true, Texts: null }) => "depends_on",
            _ => null,
        };
        if (missing is not null)
        {
            problems.Add($"{Printable(file.Path)} stands among Alembic's revisions, and its {missing} cannot be read: "
                + $"write it as `{missing} = \"…\"` at the beginning of a line, or keep the file elsewhere.");
            return null;
        }

        return new Migration(file.Stem(".py")!, "", MigrationChecksum.None)
        {
            Key = revision.Texts![0],
            Parents = [.. parents.Texts!, .. others.Texts ?? []],
            Unjudged = "it is written in Python",
        };
    }
}
