using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations.Layouts;

namespace SchemaGate.Core.Migrations;

/// <summary>The ordered migrations of one directory, and what is wrong with that directory.</summary>
/// <param name="Migrations">In the order in which their tool applies them.</param>
/// <param name="Problems">
/// What makes the set unusable, one sentence each, such as a <c>migration_lock.toml</c> for another provider (P3019), a directory
/// without <c>migration.sql</c> (P3015) or two directories whose names differ only in what a case-insensitive disk would merge. Empty when
/// the set is sound. </param>
public sealed record MigrationSet(IReadOnlyList<Migration> Migrations, IReadOnlyList<string> Problems)
{
    /// <summary>No migration at all.</summary>
    public static MigrationSet Empty { get; } = new([], []);

    /// <summary>The migrations' names in order.</summary>
    public IReadOnlyList<string> Names { get; } = Migrations.Select(migration => migration.Name).ToList();

    /// <summary>Whose layout the directory has.</summary>
    public MigrationTool Tool { get; init; }

    /// <summary>
    /// Whether the order binds: with a tool that keeps a graph, a migration that is not applied may well sort before one that is.
    /// </summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>False where a file of the directory runs, too, and is none of the migrations: it may make what they do not tell.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>What is no problem and may surprise, one sentence each: files that never run, an order that changed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Of a problem, the directory that it is about: what sorts behind the last migration that is wanted need not be sound. Of the others
    /// nothing says that they are of one migration only.
    /// </summary>
    public IReadOnlyDictionary<string, string> ProblemPlaces { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The migrations up to one, and what is wrong with those; null where it is not among them.</summary>
    public MigrationSet? Through(string name)
    {
        int last = Names.ToList().IndexOf(name);
        return last < 0 ? null : new(
            [.. Migrations.Take(last + 1)],
            [.. Problems.Where(problem => !ProblemPlaces.TryGetValue(problem, out string? place)
                || MigrationNameComparer.Instance.Compare(place, name) <= 0)])
        {
            Tool = Tool,
            IsOrdered = IsOrdered,
            IsWhole = IsWhole,
            Notes = Notes,
        };
    }

    /// <summary>
    /// Reads a migrations directory as Prisma does: each directory in it is a migration, dot-directories too; stray files and deeper
    /// directories are ignored. Never throws.
    /// </summary>
    /// <param name="files">Paths relative to the migrations directory, separated by <c>/</c>, such as
    /// <c>20240101_x/migration.sql</c>.</param>
    public static MigrationSet Read(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files) => MigrationDirectory.Read(files);

    /// <summary>Reads a migrations directory as its tool does. Never throws.</summary>
    /// <param name="files">As above; directories may be deeper.</param>
    /// <param name="tool">Whose layout it is; null for what the files tell, and Prisma's where they tell nothing.</param>
    public static MigrationSet Read(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files, MigrationTool? tool) =>
        MigrationLayouts.Read([.. files], tool);
}
