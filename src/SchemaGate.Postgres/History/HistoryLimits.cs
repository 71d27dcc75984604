namespace SchemaGate.Postgres.History;

/// <summary>
/// What one look at a history may cost. It is counted while it is read: a LIMIT is a request, which not every server that a URL may name
/// has to honour, and a view may stand where a table is meant.
/// </summary>
internal sealed record HistoryLimits
{
    public static HistoryLimits Default { get; } = new();

    /// <summary>As many as an image may have files: ten migrations a day for five years.</summary>
    public int Rows { get; init; } = 20_000;

    /// <summary>What the rows take in memory; Prisma's take half a kilobyte each.</summary>
    public long Bytes { get; init; } = 8 << 20;

    /// <summary>Liquibase's longest, of a file, an id and an author, have 769.</summary>
    public int NameCharacters { get; init; } = 1000;

    /// <summary>Of ids and checksums, which are compared, as names are: what is cut equals none.</summary>
    public int IdCharacters { get; init; } = 200;

    /// <summary>Of a failed row.</summary>
    public int LogCharacters { get; init; } = 2000;

    /// <summary>More than the statement_timeout that a server is asked to keep.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}
