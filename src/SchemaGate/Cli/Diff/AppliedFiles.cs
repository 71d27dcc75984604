using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>A checkout's migrations, and which of them a database has.</summary>
/// <param name="Directory">The migrations directory, below the checkout.</param>
/// <param name="Major">The database server's major version.</param>
internal sealed record AppliedFiles(Checkout Checkout, string Directory, MigrationSet Set, AppliedSet Applied, int Major)
{
    /// <summary>Those that are applied, as one side of a comparison.</summary>
    public DiffSide Side => Of(Applied.Part(Set));

    /// <summary>Those that are not.</summary>
    public IEnumerable<Migration> Pending =>
        Set.Migrations.Where(migration => !Applied.IsApplied(migration.Name) && !Applied.Edited.Contains(migration.Name));

    public DiffSide Of(MigrationSet part) => new(
        $"the {(part.Migrations.Count == 1 ? "one applied migration" : $"{part.Migrations.Count} applied migrations")} of "
            + Checkout.Shown(Directory),
        "the history",
        new SchemaSource.OfMigrations(part))
    {
        Notes = HistoryNotes.Of(Applied),
    };

    /// <summary>Those that are applied and one more, which has its place at the end.</summary>
    public MigrationSet With(Migration migration) => Extended(Applied.Part(Set), migration);

    /// <summary>All of them and one more.</summary>
    public MigrationSet AllWith(Migration migration) => Extended(Set, migration);

    private static MigrationSet Extended(MigrationSet set, Migration migration) =>
        new([.. set.Migrations.Where(other => other.Name != migration.Name), migration], set.Problems)
        {
            Tool = set.Tool,
            IsOrdered = set.IsOrdered,
            IsWhole = set.IsWhole,
            Notes = set.Notes,
        };
}
