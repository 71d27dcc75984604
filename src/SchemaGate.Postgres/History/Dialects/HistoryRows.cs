namespace SchemaGate.Postgres.History.Dialects;

/// <summary>A history's rows in the shape of Prisma's: each an SQL expression over <see cref="From"/>.</summary>
/// <param name="From">What stands behind FROM, and WHERE where there is one.</param>
/// <param name="Order">What stands behind ORDER BY: oldest first.</param>
/// <param name="FinishedAt">Null, in SQL, for a row that failed or is at work.</param>
internal sealed record HistoryRows(string From, string Order, string Name, string StartedAt, string FinishedAt)
{
    /// <summary>Of what a tool does not keep.</summary>
    public const string None = "NULL";

    public string Id { get; init; } = "''";

    public string Checksum { get; init; } = "''";

    /// <summary>Not null, in SQL, for a row that does not count any more.</summary>
    public string RolledBackAt { get; init; } = None;

    public string Steps { get; init; } = "1";

    public string Logs { get; init; } = None;

    public string CoversEarlier { get; init; } = "false";
}
