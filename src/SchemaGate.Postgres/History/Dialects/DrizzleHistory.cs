using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Drizzle's <c>drizzle.__drizzle_migrations</c> (https://orm.drizzle.team/docs/drizzle-kit-migrate): a row has no name but the time that
/// the journal gives its migration, in milliseconds, and the SHA-256 of its file. All of a run is one transaction, without a lock.
/// </summary>
internal sealed class DrizzleHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Drizzle;

    public override string OwnSchema => "drizzle";

    public override IReadOnlyList<string> Columns { get; } = ["id", "hash", "created_at"];

    public override HistoryRows Rows(CatalogTable table) =>
        new(table.ToString(), "id::int8", "created_at", NoTime, NoTime) { Id = "id", Checksum = "hash" };
}
