using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Lint;

/// <summary>One migration's text.</summary>
/// <param name="File">As one may open it.</param>
internal sealed record LintScript(string Name, string File, string Sql)
{
    /// <summary>Whether a way back stands beside it; null where nobody looked.</summary>
    public bool? HasRollback { get; init; }

    /// <summary>The sentence that says why its SQL cannot be judged; null where it can. It has its place in the set all the same.</summary>
    public string? Unread { get; init; }
}

/// <summary>Migrations that follow each other: the earlier ones are the context of the later ones.</summary>
/// <param name="Source">The path or image as given.</param>
internal sealed record LintSet(string Source, IReadOnlyList<LintScript> Scripts)
{
    /// <summary>All that belongs to the set, as far as its files tell, is read.</summary>
    public bool IsWhole { get; init; } = true;
}

/// <summary>Reads what is to be judged. What cannot be read is a sentence, and the rest is judged all the same.</summary>
internal sealed class LintInputs
{
    public const string InputName = "<stdin>";

    private const char ByteOrderMark = '\uFEFF';

    private readonly List<LintSet> sets = [];
    private readonly List<string> problems = [];
    private readonly List<string> notes = [];

    /// <summary>The paths and images as given.</summary>
    public IReadOnlyList<string> Sources { get; private init; } = [];

    public IReadOnlyList<LintSet> Sets => sets;

    public IReadOnlyList<string> Problems => problems;

    public IReadOnlyList<string> Notes => notes;

    /// <exception cref="UsageException">A path is not there, or standard input is too long.</exception>
    public static async Task<LintInputs> ReadAsync(
        IReadOnlyList<string> paths, IReadOnlyList<string> images, string migrations, ImageChoice registry, Shell shell,
        CancellationToken cancellation)
    {
        LintInputs inputs = new()
        {
            Sources = [.. paths.Select(path => path == "-" ? InputName : path).Concat(images).Distinct(StringComparer.Ordinal)],
        };
        foreach (string path in paths)
        {
            if (path == "-")
            {
                byte[] bytes = await shell.ReadInputAsync(DirectoryEvidence.LongestFile, cancellation);
                inputs.AddInput(bytes);
            }
            else
            {
                inputs.AddPath(path, migrations);
            }
        }

        foreach (string image in images)
        {
            inputs.Add(image, await registry.ReadAsync(image, shell.Time, cancellation), name => registry.Script(image, name));
        }

        return inputs;
    }

    /// <summary>Nothing given is nothing judged: whoever should have written it has failed.</summary>
    private void AddInput(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            problems.Add("Standard input is empty: there is nothing to judge.");
            return;
        }

        Add(InputName, InputName, SqlFiles.Decode("Standard input", bytes));
    }

    private void AddPath(string path, string migrations)
    {
        if (!Directory.Exists(path))
        {
            if (!File.Exists(path))
            {
                throw new UsageException($"There is no file and no directory {StyledText.Printable(path)}.");
            }

            string file = path.Replace(Path.DirectorySeparatorChar, '/');
            Add(NameOf(file), file, SqlFiles.Read(path));
            return;
        }

        try
        {
            AddDirectory(Path.TrimEndingDirectorySeparator(path), migrations);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>A checkout, a migrations directory in Prisma's layout, or a directory of SQL files: the first that it is.</summary>
    private void AddDirectory(string path, string migrations)
    {
        Checkout checkout = new(path);
        string below = checkout.Below(migrations);
        if (Directory.Exists(Path.Combine(path, below)))
        {
            Add(path, DirectoryEvidence.ReadMigrations(path, below, MigrationTool.Prisma), name => checkout.Script(below, name));
        }
        else if (IsMigrations(path))
        {
            string full = Path.GetFullPath(path);
            Evidence<MigrationSet> set = DirectoryEvidence.ReadMigrations(
                Path.GetDirectoryName(full)!, Path.GetFileName(full), MigrationTool.Prisma);
            Add(path, set, name => checkout.Shown($"{name}/migration.sql"));
        }
        else
        {
            AddFiles(path, checkout, below);
        }
    }

    private static bool IsMigrations(string path) => File.Exists(Path.Combine(path, "migration_lock.toml"))
        || Directory.EnumerateDirectories(path).Any(directory => File.Exists(Path.Combine(directory, "migration.sql")));

    /// <summary>A file that undoes another (<c>x.down.sql</c>) is no migration, it is that one's way back.</summary>
    private void AddFiles(string path, Checkout checkout, string migrations)
    {
        string[]? files = SqlFiles.In(path)?.Select(file => Path.GetFileName(file)).ToArray();
        if (files is null or [])
        {
            problems.Add(files is null
                ? $"{path} has more than {SqlFiles.MostFiles} SQL files. Name those that are to be judged."
                : $"{path} has no migration: neither {migrations}, nor directories with a migration.sql, nor SQL files. "
                    + "Say where they are (--migrations).");
            return;
        }

        List<LintScript> scripts = [];
        bool areUndone = files.Any(IsUndoing);
        string[] doing = [.. files.Where(file => !IsUndoing(file))];
        foreach ((string file, Evidence<string> text) in doing.Zip(
            InParallel.Select(doing, file => SqlFiles.Read(Path.Combine(path, file)))))
        {
            bool? hasRollback = areUndone ? files.Contains($"{Stem(file)}.down.sql", StringComparer.OrdinalIgnoreCase) : null;
            scripts.Add(Script(NameOf(file), checkout.Shown(file), text) with { HasRollback = hasRollback });
        }

        sets.Add(new LintSet(path, scripts) { IsWhole = !SqlFiles.HasOthers(path) });
    }

    private void Add(string name, string file, Evidence<string> text) => sets.Add(new LintSet(file, [Script(name, file, text)]));

    private void Add(string source, Evidence<MigrationSet> evidence, Func<string, string> file)
    {
        if (evidence is not Evidence<MigrationSet>.Found { Value: var set })
        {
            problems.Add(Problem(evidence));
            return;
        }

        problems.AddRange(set.Problems);
        notes.AddRange(set.Notes);
        sets.Add(new LintSet(source, [.. set.Migrations.Select(migration => Script(migration, file(migration.Name)))])
        {
            IsWhole = set.IsWhole,
        });
    }

    private static LintScript Script(Migration migration, string file) =>
        new(migration.Name, file, migration.Sql) { Unread = NotJudged(file, migration.Unjudged) };

    private static LintScript Script(string name, string file, Evidence<string> text)
    {
        if (text is not Evidence<string>.Found { Value: var found })
        {
            return new LintScript(name, file, "") { Unread = Problem(text) };
        }

        string sql = TakesMark(name, found) ? found.TrimStart(ByteOrderMark) : found;
        // What is no UTF-8 was not found.
        return new LintScript(name, file, sql) { Unread = NotJudged(file, SqlText.Problem(sql, () => true)) };
    }

    /// <summary>What would fail at its first word is not called safe.</summary>
    private static string? NotJudged(string file, string? problem) => problem is null ? null : $"{file} is not judged: {problem}.";

    /// <summary>Flyway, told by its names, and Liquibase, told by its first line, take a byte order mark off.</summary>
    private static bool TakesMark(string name, string sql) =>
        (name is ['V' or 'R', ..] && name.Contains("__", StringComparison.Ordinal))
        || sql.AsSpan().TrimStart(ByteOrderMark).TrimStart().TrimStart('-').TrimStart()
            .StartsWith("liquibase formatted sql", StringComparison.OrdinalIgnoreCase);

    private static string Problem<T>(Evidence<T> evidence) => evidence switch
    {
        Evidence<T>.Missing { Message: var message } => message,
        Evidence<T>.Unreachable { Message: var message } => message,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Prisma's migrations are called as their directory.</summary>
    private static string NameOf(string file) =>
        Path.GetFileName(file) == "migration.sql"
        && Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) is { Length: > 0 } directory ? directory : Stem(file);

    private static string Stem(string file)
    {
        string name = Path.GetFileName(file);
        string[] endings = [".up.sql", ".down.sql", ".sql"];
        return endings.FirstOrDefault(ending => name.Length > ending.Length
            && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } found ? name[..^found.Length] : name;
    }

    private static bool IsUndoing(string file) => file.EndsWith(".down.sql", StringComparison.OrdinalIgnoreCase);
}
