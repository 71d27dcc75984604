using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Flyway's <c>flyway_schema_history</c> (https://documentation.red-gate.com/flyway, "Flyway schema history table"). A row is written after
/// its migration, so one without success has failed. A later row of a version may undo it, or say that its file was deleted (repair).
/// A baseline's name is its version.
/// </summary>
internal sealed class FlywayHistory : HistoryDialect
{
    /// <summary>The letters "Flywa" and y, as Flyway's PostgreSQLAdvisoryLockTemplate adds them up.</summary>
    private const long LockMagic = 77431708279161;

    public override MigrationTool Tool => MigrationTool.Flyway;

    public override IReadOnlyList<string> Columns { get; } =
    [
        "installed_rank", "version", "type", "script", "checksum", "installed_on", "success",
    ];

    public override HistoryRows Rows(CatalogTable table) => new(
        "(SELECT DISTINCT ON (migration) * FROM (SELECT *, COALESCE(version::text, script::text) AS migration "
            + $"FROM {table} WHERE type::text <> 'SCHEMA') keyed ORDER BY migration, installed_rank::int8 DESC) newest",
        "installed_rank::int8",
        "CASE WHEN type::text = 'BASELINE' THEN version::text ELSE pg_catalog.regexp_replace(script::text, "
            + "'^.*/|^.*[.](?=[VBR][^.]*$)|[.](sql|java|kt|class)$', '', 'g') END",
        "installed_on",
        "CASE WHEN success::bool THEN installed_on END")
    {
        Id = "installed_rank",
        Checksum = "checksum",
        RolledBackAt = "CASE WHEN success::bool AND (type::text = 'DELETE' OR type::text LIKE 'UNDO%') THEN installed_on END",
        CoversEarlier = "success::bool AND type::text IN ('BASELINE', 'SQL_BASELINE', 'JDBC_BASELINE')",
    };

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) =>
        key == LockMagic + JavaHash($"\"{table.Schema}\".\"{table.Name}\"");

    /// <summary>java.lang.String.hashCode.</summary>
    private static int JavaHash(string text) => text.Aggregate(0, (hash, letter) => unchecked((31 * hash) + letter));
}
