using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// sqlx's <c>_sqlx_migrations</c> (https://github.com/launchbadge/sqlx, sqlx-postgres/src/migrate.rs): the checksum is the SHA-384 of the
/// file's bytes.
/// </summary>
internal sealed class SqlxHistory : HistoryDialect
{
    /// <summary>generate_lock_id in sqlx-postgres/src/migrate.rs.</summary>
    private const long Salt = 0x3d32ad9e;

    public override MigrationTool Tool => MigrationTool.Sqlx;

    public override IReadOnlyList<string> Columns { get; } = ["version", "installed_on", "success", "checksum"];

    public override HistoryRows Rows(CatalogTable table) =>
        new(table.ToString(), "version::int8", "version::int8", "installed_on", "CASE WHEN success::bool THEN "
            + $"COALESCE(installed_on::timestamptz, {NoTime}) END")
        {
            Checksum = "pg_catalog.encode(checksum::bytea, 'hex')",
        };

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) =>
        key == Salt * Crc32.Of(Encoding.UTF8.GetBytes(database.Database));
}
