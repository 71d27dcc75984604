using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>One of two schemas that are compared.</summary>
/// <param name="Name">What it is, for people: <c>the 12 applied migrations of prisma/migrations</c>.</param>
/// <param name="Word">The same in a sentence about one object: <c>the history</c>.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed record DiffSide(string Name, string Word, SchemaSource Source)
{
    /// <summary>What may surprise whoever reads the differences, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether it is what migrations make, rather than what is.</summary>
    public bool IsMade => Source is SchemaSource.OfMigrations;

    /// <summary>The database, where it is one.</summary>
    public DatabaseUrl? Database => Source is SchemaSource.OfDatabase { Url: var url } ? url : null;
}
