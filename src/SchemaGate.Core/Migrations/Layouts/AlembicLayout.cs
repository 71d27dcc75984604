using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Alembic's <c>versions/*.py</c> (https://alembic.sqlalchemy.org/en/latest/tutorial.html): a graph of revisions, of which the history
/// names the heads. Assignments of text are read at the beginning of a line; what is computed is not.
/// </summary>
internal sealed class AlembicLayout : MigrationLayout
{
    public override MigrationTool Tool => MigrationTool.Alembic;

    public override bool IsOrdered => false;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => Of(file) is not null);

    /// <summary>Each after all that it builds on, else by file name.</summary>
    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        List<Migration> left = [.. files.Select(Of).OfType<Migration>()];
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

    private static Migration? Of(LayoutFile file) => file.Stem(".py") is { } name && Assigned(file.Text, "revision") is [var revision]
        ? new Migration(name, "", MigrationChecksum.None)
        {
            Key = revision,
            Parents = [.. (Assigned(file.Text, "down_revision") ?? []).Concat(Assigned(file.Text, "depends_on") ?? [])],
            Unjudged = "it is written in Python",
        }
        : null;

    /// <summary>The quoted texts that a name is given, one or several in brackets; null where it is given nothing.</summary>
    private static List<string>? Assigned(string text, string name)
    {
        int start = text.StartsWith(name, StringComparison.Ordinal) ? 0 : text.IndexOf($"\n{name}", StringComparison.Ordinal) + 1;
        int line = EndOf(text, start, '\n');
        int equals = text.IndexOf('=', start, line - start);
        if ((start == 0 && !text.StartsWith(name, StringComparison.Ordinal)) || equals < 0
            || text.AsSpan(start + name.Length, equals - start - name.Length).Trim() is not ([] or [':', ..]))
        {
            return null;
        }

        ReadOnlySpan<char> value = text.AsSpan(equals + 1).TrimStart();
        char? end = value.IsEmpty ? null : value[0] switch { '(' => ')', '[' => ']', _ => null };
        string given = end is { } bracket ? text[(equals + 1)..EndOf(text, equals, bracket)] : text[(equals + 1)..line];
        return [.. Quoted(given)];
    }

    private static int EndOf(string text, int start, char end) => text.IndexOf(end, start) is >= 0 and var index ? index : text.Length;

    private static IEnumerable<string> Quoted(string text)
    {
        for (int start = text.IndexOfAny(['"', '\'']); start >= 0;)
        {
            int end = text.IndexOf(text[start], start + 1);
            if (end < 0)
            {
                yield break;
            }

            yield return text[(start + 1)..end];
            start = text.IndexOfAny(['"', '\''], end + 1);
        }
    }
}
