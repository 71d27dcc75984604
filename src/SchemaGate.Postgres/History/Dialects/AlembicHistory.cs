using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Alembic's <c>alembic_version</c> (https://alembic.sqlalchemy.org): a row for each head that the database is at; what lies behind, the
/// files tell. It takes no lock.
/// </summary>
internal sealed class AlembicHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Alembic;

    public override IReadOnlyList<string> Columns { get; } = ["version_num"];

    public override HistoryRows Rows(CatalogTable table) => new(table.ToString(), "version_num::text", "version_num", NoTime, NoTime);
}
