using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// dbmate's <c>schema_migrations(version varchar)</c> (https://github.com/amacneil/dbmate): a row is part of its migration's transaction.
/// It takes no lock.
/// </summary>
internal sealed class DbmateHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Dbmate;

    public override IReadOnlyList<string> Columns { get; } = ["version"];

    public override bool Claims(CatalogTable table, IReadOnlyList<CatalogTable> catalog) =>
        !IsOthers(table) && !catalog.Any(other => other.Schema == table.Schema && other.Name == RailsHistory.Metadata);

    public override bool IsOthers(CatalogTable table) => RailsHistory.IsNoVersionList(table);

    public override HistoryRows Rows(CatalogTable table) => RailsHistory.Versions(table);
}
