using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Entity Framework Core's <c>"__EFMigrationsHistory"</c> (https://learn.microsoft.com/ef/core/managing-schemas/migrations/history-table).
/// A row is part of its migration's transaction.
/// </summary>
internal sealed class EfCoreHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.EfCore;

    public override IReadOnlyList<string> Columns { get; } = ["MigrationId", "ProductVersion"];

    public override HistoryRows Rows(CatalogTable table) =>
        new(table.ToString(), "\"MigrationId\"::text COLLATE \"C\"", "\"MigrationId\"", NoTime, NoTime);

    /// <summary>Since EF Core 9.</summary>
    public override bool LocksTable => true;
}
