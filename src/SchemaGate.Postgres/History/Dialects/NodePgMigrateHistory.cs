using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// node-pg-migrate's <c>pgmigrations</c> (https://salsita.github.io/node-pg-migrate): a row is part of its migration's transaction, where
/// that has one.
/// </summary>
internal sealed class NodePgMigrateHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.NodePgMigrate;

    public override IReadOnlyList<string> Columns { get; } = ["id", "name", "run_on"];

    public override HistoryRows Rows(CatalogTable table) =>
        new(table.ToString(), "run_on, id::int8", "name", "run_on", $"COALESCE(run_on::timestamptz, {NoTime})") { Id = "id" };

    /// <summary>PG_MIGRATE_LOCK_ID in src/runner.ts.</summary>
    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) => key == 7241865325823964;
}
