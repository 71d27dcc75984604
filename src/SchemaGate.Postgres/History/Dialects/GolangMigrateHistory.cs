using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// golang-migrate's <c>schema_migrations(version, dirty)</c> (https://github.com/golang-migrate/migrate, database/postgres): one row with
/// the last version, dirty from the beginning of its run to its end. Of several rows, which it never writes, the least counts.
/// </summary>
internal sealed class GolangMigrateHistory : HistoryDialect
{
    /// <summary>advisoryLockIDSalt in database/util.go.</summary>
    private const uint Salt = 1486364155;

    public override MigrationTool Tool => MigrationTool.GolangMigrate;

    public override IReadOnlyList<string> Columns { get; } = ["version", "dirty"];

    public override bool Claims(CatalogTable table, IReadOnlyList<CatalogTable> catalog) => table.Has("dirty");

    public override HistoryRows Rows(CatalogTable table) => new(
        "(SELECT pg_catalog.min(version::int8) AS version, pg_catalog.bool_or(COALESCE(dirty::bool, "
            + $"true)) AS dirty FROM {table} HAVING pg_catalog.count(*) > 0) last",
        "version", "COALESCE(version, -1)", NoTime, $"CASE WHEN NOT dirty THEN {NoTime} END")
    {
        CoversEarlier = "true",
    };

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) =>
        key == unchecked(Crc32.Of(Encoding.UTF8.GetBytes($"{table.Schema}\0{table.Name}\0{database.Database}")) * Salt);
}
