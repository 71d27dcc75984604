using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Prisma's <c>_prisma_migrations</c>. Casts, because Prisma accepts a table whose ids are uuid and whose names are text, and a view.
/// </summary>
internal sealed class PrismaHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Prisma;

    public override IReadOnlyList<string> Columns { get; } =
        ["id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at", "started_at", "applied_steps_count"];

    public override HistoryRows Rows(CatalogTable table) =>
        new(table.ToString(), "started_at ASC, id::text ASC", "migration_name", "started_at", "finished_at")
        {
            Id = "id",
            Checksum = "checksum",
            RolledBackAt = "rolled_back_at",
            Steps = "applied_steps_count",
            Logs = "logs",
        };

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) => key == HistoryTable.LockKey;
}
