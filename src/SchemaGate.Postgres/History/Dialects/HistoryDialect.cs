using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using static System.FormattableString;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>How one tool keeps its history in PostgreSQL: where, in which shape, and under which lock. The set of them is closed.</summary>
internal abstract class HistoryDialect
{
    /// <summary>For tools that keep no time: <see cref="DateTimeOffset.MinValue"/>, in SQL.</summary>
    protected const string NoTime = "'0001-01-01 00:00:00+00'::timestamptz";

    /// <summary>A key of 64 bits stands in two columns (PostgreSQL documentation, 54.12), one of two halves has objsubid 2.</summary>
    private const string AdvisoryLocks = """
        SELECT (l.classid::int8 << 32) | l.objid::int8, l.pid, pg_catalog.left(a.application_name, 63), a.backend_start,
               a.state = 'idle' AND pg_catalog.clock_timestamp() - a.state_change > interval '1 min'
        FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted LIMIT 10000
        """;

    public abstract MigrationTool Tool { get; }

    /// <summary>The table's name, as the tool names it by default.</summary>
    public virtual string Table => ToolGuide.Of(Tool).Table;

    /// <summary>The schema that the tool makes for its table by default; null for the schema of the connection.</summary>
    public virtual string? OwnSchema => null;

    /// <summary>The columns without which the table is not this tool's.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Which of several tools with one table's name is meant.</summary>
    /// <param name="table">A table of that name.</param>
    /// <param name="catalog">All tables that a history may have.</param>
    public virtual bool Claims(CatalogTable table, IReadOnlyList<CatalogTable> catalog) => true;

    /// <summary>Whether a table that was said to be this tool's cannot be, whatever columns it has besides.</summary>
    public virtual bool IsOthers(CatalogTable table) => false;

    /// <summary>The rows, as SQL.</summary>
    public abstract HistoryRows Rows(CatalogTable table);

    /// <summary>
    /// The table, quoted, that has a row that <see cref="IsHeld"/> while the tool migrates; null for tools that lock otherwise.
    /// </summary>
    public virtual string? LockTable(CatalogTable table) => null;

    /// <summary>What says of a row of the lock's table that it is held, as SQL.</summary>
    protected virtual string IsHeld => "true";

    /// <summary>Whether the tool locks the history's table itself, so that nobody can read it meanwhile.</summary>
    public virtual bool LocksTable => false;

    /// <summary>Who holds a lock that is the row <c>l</c>, as SQL: a text, and a time with or without a zone.</summary>
    protected virtual (string Owner, string Since) HeldBy => ("NULL", "NULL");

    /// <summary>
    /// The locks that may be the tool's, as SQL: the key, the server process, who, since when, and whether that session is idle.
    /// </summary>
    public string Locks(CatalogTable table) => LockTable(table) is { } locks
        ? $"SELECT 0::int8, NULL::int4, pg_catalog.left(({HeldBy.Owner})::text, 200), ({HeldBy.Since})::timestamptz, false "
            + $"FROM {locks} l WHERE {IsHeld} LIMIT 1"
        : AdvisoryLocks;

    /// <summary>Whether a lock with this key (as 64 bits; 0 for a table's) is the one under which the tool migrates.</summary>
    public virtual bool IsLock(long key, CatalogTable table, DatabaseIdentity database) => false;

    /// <summary>
    /// Names are compared, and one that is cut must equal none: each text is asked for with a character more than it may have, which is
    /// seen. What went wrong is of interest only where a row did not finish.
    /// </summary>
    public string Query(CatalogTable table, HistoryLimits limits)
    {
        HistoryRows rows = Rows(table);
        string logs = rows.Logs == HistoryRows.None
            ? rows.Logs
            : $"CASE WHEN ({rows.FinishedAt}) IS NULL THEN {Cut(rows.Logs, limits.LogCharacters)} END";
        return Invariant($"""
            SELECT {Cut(rows.Id, limits.IdCharacters)}, {Cut(rows.Name, limits.NameCharacters)},
                   {Cut(rows.Checksum, limits.IdCharacters)},
                   ({rows.StartedAt})::timestamptz, ({rows.FinishedAt})::timestamptz, ({rows.RolledBackAt})::timestamptz,
                   ({rows.Steps})::int4, {logs}, ({rows.CoversEarlier})::bool
            FROM {rows.From} ORDER BY {rows.Order} LIMIT {limits.Rows + 1}
            """);
    }

    private static string Cut(string text, int characters) => Invariant($"pg_catalog.left(({text})::text, {characters + 1})");
}
