using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Atlas's <c>atlas_schema_revisions</c> (https://atlasgo.io/concepts/migrations-revisions), by default in a schema of the same name or in
/// the connection's. A row is written before its migration and counts its statements; a type with the bit 1 is a baseline. Its hash
/// is taken over this file and all before it.
/// </summary>
internal sealed class AtlasHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Atlas;

    public override string OwnSchema => "atlas_schema_revisions";

    public override IReadOnlyList<string> Columns { get; } = ["version", "type", "applied", "total", "executed_at", "error"];

    /// <summary>Versions that begin with a dot are notes of Atlas's own.</summary>
    public override HistoryRows Rows(CatalogTable table) => new(
        $"{table} WHERE version::text NOT LIKE '.%'",
        "version::text COLLATE \"C\"",
        "version",
        "executed_at",
        "CASE WHEN applied::int8 >= total::int8 AND COALESCE(error::text, '') = '' THEN executed_at END")
    {
        Steps = "LEAST(applied::int8, 2147483647)",
        Logs = "error",
        CoversEarlier = "type::int8 & 1 = 1",
    };

    /// <summary>FNV-1 in 32 bits of "atlas_migrate_execute" (sql/postgres/driver.go, cmdapi/migrate.go).</summary>
    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) =>
        key == "atlas_migrate_execute".Aggregate(2166136261u, (hash, letter) => unchecked(hash * 16777619u) ^ letter);
}
