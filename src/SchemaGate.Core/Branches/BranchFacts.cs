using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Branches;

/// <summary>What is known of a branch.</summary>
/// <param name="Origin">Where it began: the merge base of the revision and of what is checked out.</param>
/// <param name="Released">The revision that it is compared with, which may have gone on since.</param>
/// <param name="Here">The working tree, whatever of it is committed.</param>
/// <param name="Merged">The migrations as merging would leave them; null where git itself refuses.</param>
public sealed record BranchFacts(BranchTree Origin, BranchTree Released, BranchTree Here, MigrationSet? Merged)
{
    /// <summary>How people call the revision.</summary>
    public required string Revision { get; init; }

    /// <summary>The document's path, as one may open it.</summary>
    public required string DocumentPath { get; init; }

    /// <summary>The migrations directory's, likewise.</summary>
    public required string MigrationsPath { get; init; }

    /// <summary>Migrations that the branch adds, in their order: those that were not there where it began.</summary>
    public IReadOnlyList<Migration> Added { get; } =
        [.. Here.Migrations.Migrations.Where(migration => Origin.Find(migration.Name) is null)];

    /// <summary>Migrations that were there where it began, and are not here, though the revision still has them.</summary>
    internal IReadOnlyList<Migration> Gone { get; } = [.. Origin.Migrations.Migrations
        .Where(migration => Here.Find(migration.Name) is null && Released.Find(migration.Name) is not null)
        .ExceptBy(
            Here.Migrations.Migrations.SelectMany(migration => migration.Replaces), migration => migration.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Whether the oldest ones, all of them up to one, gave way to a first migration that is new: what Prisma's documentation calls
    /// squashing (https://www.prisma.io/docs/orm/prisma-migrate/workflows/squashing-migrations). Of one alone it would be a rename with an
    /// edit.
    /// </summary>
    internal bool IsSquash => Gone.Count > 1
        && Origin.Migrations.Names.Take(Gone.Count).SequenceEqual(Gone.Select(migration => migration.Name), StringComparer.Ordinal)
        && Here.Migrations.Migrations is [var first, ..] && Origin.Find(first.Name) is null && NewNameOf(Gone[0]) is null;

    /// <summary>What an old migration is called now; null where it is not renamed.</summary>
    internal string? NewNameOf(Migration old) => Added.FirstOrDefault(added => Here.IsSame(added, old, Origin))?.Name;

    /// <summary>The file of a migration of any of the trees, as one may open it.</summary>
    internal string PathOf(Migration migration)
    {
        string below = migration.File
            ?? (Here.Migrations.Tool == Databases.MigrationTool.Prisma ? $"{migration.Name}/{MigrationDirectory.ScriptFile}" : "");
        string path = MigrationsPath == "." ? below : $"{MigrationsPath}/{below}".TrimEnd('/');
        return path.Length == 0 ? "." : path;
    }
}
