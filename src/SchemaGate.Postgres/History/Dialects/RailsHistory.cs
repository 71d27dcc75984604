using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Active Record's <c>schema_migrations(version varchar)</c> (https://guides.rubyonrails.org/active_record_migrations.html), beside
/// <c>ar_internal_metadata</c>. A row is part of its migration's transaction, where that has one.
/// </summary>
internal sealed class RailsHistory : HistoryDialect
{
    /// <summary>The table that dbmate's schema does not have.</summary>
    public const string Metadata = "ar_internal_metadata";

    /// <summary>ActiveRecord::Migrator::MIGRATOR_SALT.</summary>
    private const long Salt = 2053462845;

    public override MigrationTool Tool => MigrationTool.Rails;

    public override IReadOnlyList<string> Columns { get; } = ["version"];

    public override bool Claims(CatalogTable table, IReadOnlyList<CatalogTable> catalog) =>
        !IsOthers(table) && catalog.Any(other => other.Schema == table.Schema && other.Name == Metadata);

    public override bool IsOthers(CatalogTable table) => IsNoVersionList(table);

    public override HistoryRows Rows(CatalogTable table) => Versions(table);

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) =>
        key == Salt * Crc32.Of(Encoding.UTF8.GetBytes(database.Database));

    /// <summary>golang-migrate's table of the same name has <c>dirty</c>, Ecto's has <c>inserted_at</c>.</summary>
    public static bool IsNoVersionList(CatalogTable table) => table.Has("dirty") || table.Has("inserted_at");

    /// <summary>Leading zeros do not count: both read versions as numbers.</summary>
    public static HistoryRows Versions(CatalogTable table) => new(
        table.ToString(), "pg_catalog.length(version::text), version::text",
        "COALESCE(NULLIF(pg_catalog.ltrim(version::text, '0'), ''), '0')", NoTime, NoTime);
}
