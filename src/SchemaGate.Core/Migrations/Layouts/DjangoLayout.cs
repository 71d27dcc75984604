using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Django's <c>app/migrations/0001_x.py</c> below one directory (django/db/migrations/loader.py). An app's label is the directory's name,
/// unless its AppConfig says another, which is not read. The order between apps stands in the files; that required migrations are applied
/// needs none.
/// </summary>
internal sealed class DjangoLayout : MigrationLayout
{
    public override MigrationTool Tool => MigrationTool.Django;

    public override bool IsOrdered => false;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => Name(file) is not null);

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        if (files.Any(file => !file.Path.Contains("migrations/", StringComparison.Ordinal) && IsMigration(file)))
        {
            problems.Add("Whose migrations these are, the directory above `migrations` tells: "
                + "name the directory that holds Django's apps.");
        }

        return files.Select(Name).OfType<string>()
            .Select(name => new Migration(name, "", MigrationChecksum.None) { Unjudged = "it is written in Python" });
    }

    public override string KeyOf(string name) => name;

    /// <summary>The history has the apps of Django itself and of its packages, too. They are not the directory's to tell of.</summary>
    public override MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        HashSet<string> apps = migrations.Select(migration => App(migration.Name)).ToHashSet(StringComparer.Ordinal);
        return history.With(history.Rows.Where(row => migrations.Count == 0 || apps.Contains(App(row.Name))));
    }

    private static string App(string name) => name.Split('.')[0];

    private static bool IsMigration(LayoutFile file) =>
        file.Stem(".py") is { } stem && stem[0] is not ('_' or '~') && file.Text.Contains("migrations.Migration", StringComparison.Ordinal);

    private static string? Name(LayoutFile file) =>
        file.Path.Split('/') is [.., var app, "migrations", _] && IsMigration(file) ? $"{app}.{file.Stem(".py")}" : null;
}
