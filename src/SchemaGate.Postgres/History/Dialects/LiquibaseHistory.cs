using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Liquibase's <c>databasechangelog</c> and <c>databasechangeloglock</c> (https://docs.liquibase.com, "DATABASECHANGELOG table"). A change
/// set is known by its file, id and author together. Its MD5 is taken over the parsed change, which the file alone does not tell.
/// </summary>
internal sealed class LiquibaseHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Liquibase;

    public override IReadOnlyList<string> Columns { get; } = ["id", "author", "filename", "dateexecuted", "orderexecuted", "exectype"];

    public override HistoryRows Rows(CatalogTable table) => new(
        table.ToString(),
        "dateexecuted, orderexecuted::int8",
        "filename::text || '::' || id::text || '::' || author::text",
        "dateexecuted",
        "CASE WHEN exectype::text IN ('EXECUTED', 'RERAN', 'MARK_RAN') THEN dateexecuted END")
    {
        RolledBackAt = "CASE WHEN exectype::text = 'SKIPPED' THEN dateexecuted END",
    };

    protected override string IsHeld => "locked::bool";

    /// <summary>As far as the table has these columns.</summary>
    protected override (string Owner, string Since) HeldBy =>
        ("pg_catalog.to_jsonb(l) ->> 'lockedby'", "pg_catalog.to_jsonb(l) ->> 'lockgranted'");

    public override string LockTable(CatalogTable table) => $"{HistoryTable.Quote(table.Schema)}.databasechangeloglock";

    public override bool IsLock(long key, CatalogTable table, DatabaseIdentity database) => true;
}
