using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// goose's <c>goose_db_version</c> (https://github.com/pressly/goose, internal/dialects): the latest row of a version tells; version 0 says
/// only that the table was made. The lock is an option of goose's library (lock.NewPostgresSessionLocker).
/// </summary>
internal sealed class GooseHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Goose;

    public override IReadOnlyList<string> Columns { get; } = ["id", "version_id", "is_applied", "tstamp"];

    public override HistoryRows Rows(CatalogTable table) => new(
        $"(SELECT DISTINCT ON (version_id::int8) * FROM {table} WHERE version_id::int8 <> 0 ORDER BY version_id::int8, "
            + "id::int8 DESC) newest",
        "id::int8", "version_id::int8", "tstamp", "CASE WHEN is_applied::bool THEN COALESCE(tstamp::timestamptz, " + NoTime + ") END")
    {
        Id = "id",
        RolledBackAt = "CASE WHEN NOT COALESCE(is_applied::bool, false) THEN COALESCE(tstamp::timestamptz, " + NoTime + ") END",
    };

    /// <summary>The CRC-64 (ECMA) of "goose"; the first versions took its CRC-32.</summary>
    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) => key is 5887940537704921958 or 4097083626;
}
