using System.Text;
using System.Text.Unicode;

namespace SchemaGate.Core.Migrations;

/// <summary>Prisma's reading of a migrations directory.</summary>
internal static class MigrationDirectory
{
    public const string ScriptFile = "migration.sql";
    public const string LockFile = "migration_lock.toml";
    private const string LockedProvider = "provider = \"postgresql\"";

    /// <summary>The history table's <c>migration_name varchar(255)</c>.</summary>
    private const int MaxNameLength = 255;

    private static readonly string[] s_scripts = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

    public static MigrationSet Read(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        List<string> problems = [];
        List<string> strays = [];
        SortedDictionary<string, Migration?> directories = new(MigrationNameComparer.Instance);
        foreach ((string path, ReadOnlyMemory<byte> content) in files)
        {
            string[] parts = path.Split('/');
            if (parts is [LockFile])
            {
                problems.AddRange(LockProblems(Decode(content)));
            }
            else if (parts is [var name, ScriptFile])
            {
                string sql = Decode(content);
                string? problem = SqlText.Problem(sql, () => Utf8.IsValid(content.Span));
                directories[name] = new(name, sql, MigrationChecksum.Of(sql)) { Unjudged = problem };
            }
            else if (parts.Length > 1)
            {
                directories.TryAdd(parts[0], null);
            }

            strays.AddRange(StrayNotes(path, parts));
        }

        var migrations = directories.Values.OfType<Migration>().ToList();
        Dictionary<string, string> places = new(StringComparer.Ordinal);
        foreach ((string name, Migration? migration) in directories)
        {
            foreach (string problem in NameProblems(name, migration))
            {
                problems.Add(problem);
                places.TryAdd(problem, name);
            }
        }

        problems.AddRange(CaseProblems(directories.Keys));
        return new(migrations, problems) { ProblemPlaces = places, Notes = [.. strays, .. OrderNotes(migrations)] };
    }

    /// <summary>Invalid UTF-8 becomes U+FFFD and a byte order mark stays, as in the text that Prisma hashes.</summary>
    private static string Decode(ReadOnlyMemory<byte> content) => Encoding.UTF8.GetString(content.Span);

    private static IEnumerable<string> LockProblems(string content)
    {
        string? provider = content.Split('\n').FirstOrDefault(line => line.StartsWith("provider", StringComparison.Ordinal));
        return provider is null or LockedProvider or LockedProvider + "\r"
            ? []
            : [$"{LockFile} does not say exactly '{LockedProvider}', so Prisma refuses the migrations (P3019): "
                + "they are for another database."];
    }

    /// <summary>Who puts such a file there expects it to run.</summary>
    private static IEnumerable<string> StrayNotes(string path, string[] parts)
    {
        if (parts is [var flat] && flat.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{Printable(path)} is no migration to Prisma, which reads <name>/{ScriptFile} only: it never runs.";
        }
        else if (parts is [_, var script] && s_scripts.Any(ending => script.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{Printable(path)} is a data migration of your own, which neither Prisma nor SchemaGate runs: "
                + "nothing here says whether it has run.";
        }
    }

    /// <summary>Since 6.6 Prisma sorts as people do, and before by bytes: two databases may have had two orders.</summary>
    private static IEnumerable<string> OrderNotes(List<Migration> migrations)
    {
        var swapped = migrations.Zip(migrations.Skip(1))
            .FirstOrDefault(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) > 0);
        return swapped.First is null
            ? []
            : [$"'{Printable(swapped.First.Name)}' runs before '{Printable(swapped.Second.Name)}'; Prisma before 6.6 sorts them the other "
                + "way round: give both a timestamp of fourteen digits."];
    }

    private static IEnumerable<string> NameProblems(string name, Migration? migration)
    {
        if (migration is null)
        {
            yield return $"The directory '{Printable(name)}' has no {ScriptFile}; Prisma stops there when its turn comes (P3015): "
                + "restore the file or remove the directory.";
        }

        if (name.EnumerateRunes().Count() > MaxNameLength)
        {
            yield return $"The migration's name '{Printable(name)}' is longer than {MaxNameLength} characters, "
                + "which the history cannot hold: rename the directory.";
        }

        if (migration?.Sql.Contains('\0', StringComparison.Ordinal) == true)
        {
            yield return $"The {ScriptFile} of '{Printable(name)}' has NUL bytes, which PostgreSQL cannot take: "
                + "save it as UTF-8 (it looks like UTF-16).";
        }

        if (name.Any(char.IsControl))
        {
            yield return $"The migration's name '{Printable(name)}' has control characters: rename the directory.";
        }
    }

    /// <summary>Two names that a case-insensitive disk would merge: a checkout there has other migrations than the image.</summary>
    public static IEnumerable<string> CaseProblems(IEnumerable<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Skip(1).Any())
        .Select(group => $"{string.Join(" and ", group.Select(name => $"'{Printable(name)}'"))} differ only in case: rename one.");

    private static string Printable(string name)
    {
        string shown = name.Length <= 80 ? name : name[..80] + "…";
        return string.Concat(shown.Select(symbol => char.IsControl(symbol) ? '\uFFFD' : symbol));
    }
}
