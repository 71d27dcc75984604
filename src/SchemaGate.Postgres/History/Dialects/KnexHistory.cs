using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Knex's <c>knex_migrations</c> and <c>knex_migrations_lock</c> (https://knexjs.org/guide/migrations.html). A row has the file's name,
/// whose extension may have been another before it was compiled.
/// </summary>
internal sealed class KnexHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Knex;

    public override IReadOnlyList<string> Columns { get; } = ["id", "name", "batch", "migration_time"];

    public override HistoryRows Rows(CatalogTable table) => new(
        table.ToString(),
        "id::int8",
        "pg_catalog.regexp_replace(name::text, '[.]([cm]?[jt]s|coffee|eg|iced|litcoffee|ls|co|sql)$', '')",
        "migration_time",
        $"COALESCE(migration_time::timestamptz, {NoTime})")
    {
        Id = "id",
    };

    protected override string IsHeld => "is_locked::int8 = 1";

    public override string LockTable(CatalogTable table) => $"{HistoryTable.Quote(table.Schema)}.knex_migrations_lock";

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) => true;
}
