using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Django's <c>app/migrations/0001_x.py</c> below one directory (django/db/migrations/loader.py). An app's label is the directory's name,
/// unless its AppConfig says another, which is not read. The order between apps stands in the files; that required migrations are applied
/// needs none. Every module of such a directory has to declare a Migration, of whatever base, or Django refuses to begin.
/// </summary>
internal sealed class DjangoLayout : MigrationLayout
{
    private const string Class = "Migration";

    public override MigrationTool Tool => MigrationTool.Django;

    public override bool IsOrdered => false;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => Name(file) is not null && Declares(file));

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        if (files.Any(file => IsModule(file) && Name(file) is null && IsAstray(file)))
        {
            problems.Add("Whose migrations these are, the directory above `migrations` tells: "
                + "name the directory that holds Django's apps.");
        }

        HashSet<string> directories = [.. files.Where(file => Name(file) is not null && (IsNumbered(file) || Declares(file)))
            .Select(file => file.Directory)];
        return [.. files.Where(file => Name(file) is not null && directories.Contains(file.Directory))
            .Select(file => Of(file, problems)).OfType<Migration>()];
    }

    public override string KeyOf(string name) => name;

    /// <summary>The history has the apps of Django itself and of its packages, too. They are not the directory's to tell of.</summary>
    public override MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        HashSet<string> apps = migrations.Select(migration => App(migration.Name)).ToHashSet(StringComparer.Ordinal);
        MigrationHistory own = history.With(history.Rows.Where(row => migrations.Count == 0 || apps.Contains(App(row.Name))));
        return Squashed(own, migrations);
    }

    /// <summary>
    /// A squash is applied when all that it replaces is, and only then (MigrationLoader.build_graph): its own row says nothing. What it has
    /// replaced is not unknown, once its file is gone.
    /// </summary>
    private static MigrationHistory Squashed(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        HashSet<string> files = migrations.Select(migration => migration.Name).ToHashSet(StringComparer.Ordinal);
        foreach (Migration squash in migrations.Where(migration => migration.Replaces.Count > 0).OrderBy(
            squash => squash.Name, StringComparer.Ordinal))
        {
            HistoryRow? last = squash.Replaces.All(history.Applied.ContainsKey) ? history.Applied[squash.Replaces[^1]] : null;
            HashSet<string> gone = last is null ? [] : [.. squash.Replaces.Where(name => !files.Contains(name))];
            history = history.With([
                .. history.Rows.Where(row => row.Name != squash.Name && !gone.Contains(row.Name)),
                .. last is null ? (HistoryRow[])[] : [last with { Name = squash.Name }],
            ]);
        }

        return history;
    }

    private static string App(string name) => name.Split('.')[0];

    /// <summary>What Django's loader imports: no package, no name that begins so.</summary>
    private static bool IsModule(LayoutFile file) => file.Stem(".py") is { } stem && stem[0] is not ('_' or '~');

    private static bool IsNumbered(LayoutFile file) => char.IsAsciiDigit(file.FileName[0]);

    private static string? Name(LayoutFile file) =>
        IsModule(file) && file.Path.Split('/') is [.., var app, "migrations", _] ? $"{app}.{file.Stem(".py")}" : null;

    /// <summary>A migration outside of an app's directory: told by its number, or by Django's own class.</summary>
    private static bool IsAstray(LayoutFile file) => !IsBelowApp(file) && PythonSource.Statements(file.Text).Any(statement =>
        statement.Tokens is [var word, var name, ..] && word.Is("class") && name.Is(Class)
        && (IsNumbered(file) || statement.Tokens.Any(token => token.Is("migrations"))));

    /// <summary>Directories below an app's <c>migrations</c> are packages, which Django passes over.</summary>
    private static bool IsBelowApp(LayoutFile file) => file.Path.IndexOf("/migrations/", StringComparison.Ordinal) > 0;

    private static bool Declares(LayoutFile file) => PythonSource.Statements(file.Text).Any(Declares);

    /// <summary>A class, another module's class, or a name that is given one; the module's own, in whatever block.</summary>
    private static bool Declares(PythonSource.Statement statement) => statement.Scope is null
        && ((statement.Tokens is [var word, var name, ..] && word.Is("class") && name.Is(Class))
            || PythonAssignments.Imports(statement, Class)
            || PythonAssignments.Of([statement], Class).IsAssigned);

    private static bool ImportsAll(PythonSource.Statement statement) =>
        statement is { Scope: null, Tokens: [var word, .., var import, var all] } && word.Is("from") && import.Is("import") && all.Is("*");

    /// <summary>The class is of Django's own, which replaces nothing.</summary>
    private static bool IsDjangos(LayoutFile file) => PythonSource.Statements(file.Text).Any(statement =>
        Declares(statement) && statement.Tokens.Any(token => token.Is("migrations")));

    /// <summary>What stands directly in the class, or in one that its declaration names: a base of this module.</summary>
    private static IEnumerable<PythonSource.Statement> Body(LayoutFile file)
    {
        IReadOnlyList<PythonSource.Statement> statements = PythonSource.Statements(file.Text);
        HashSet<string?> classes = [.. statements.Where(Declares).SelectMany(statement => statement.Tokens).Select(token => token.Text)];
        return statements.Where(statement => statement.Scope is { Scope: null, Tokens: [var word, var name, ..] }
            && word.Is("class") && classes.Contains(name.Text));
    }

    private static Migration? Of(LayoutFile file, ICollection<string> problems)
    {
        var replaces = PythonAssignments.Pairs(Body(file), "replaces");
        string? problem = (Declares(file), replaces) switch
        {
            (false, _) when PythonSource.Statements(file.Text).Any(ImportsAll) =>
                "may have its class Migration from an `import *`: import Migration by its name, or keep it elsewhere",
            (false, _) => "declares no class Migration, without which Django refuses to begin: mend it, or keep it elsewhere",
            (_, { Count: 0 }) when file.FileName.Contains("_squashed_", StringComparison.Ordinal) && !IsDjangos(file) =>
                "is a squash by its name, and what it replaces stands in another file if anywhere: write `replaces` into its own class",
            (_, null) => "says by a computation what it replaces: write `replaces = [(\"app\", \"name\"), …]`",
            _ => null,
        };
        if (problem is not null)
        {
            problems.Add($"{Printable(file.Path)} stands among Django's migrations and {problem}.");
            return null;
        }

        return new(Name(file)!, "", MigrationChecksum.None)
        {
            Unjudged = "it is written in Python",
            Replaces = replaces!,
            // Beside those that are computed (swappable_dependency), which are another app's.
            Parents = [.. PythonAssignments.WrittenPairs(Body(file), "dependencies")],
        };
    }
}
