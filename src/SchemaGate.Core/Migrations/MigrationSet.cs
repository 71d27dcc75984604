namespace SchemaGate.Core.Migrations;

/// <summary>The ordered migrations of one directory, and what is wrong with that directory.</summary>
/// <param name="Migrations">In the order in which Prisma applies them.</param>
/// <param name="Problems">
/// What makes the set unusable, one sentence each, such as a <c>migration_lock.toml</c> for another provider (P3019), a directory
/// without <c>migration.sql</c> (P3015) or two directories whose names differ only in what a case-insensitive disk would merge. Empty when the set is sound.
/// </param>
public sealed record MigrationSet(IReadOnlyList<Migration> Migrations, IReadOnlyList<string> Problems)
{
    /// <summary>The migrations' names in order.</summary>
    public IReadOnlyList<string> Names { get; } = Migrations.Select(migration => migration.Name).ToList();
}
