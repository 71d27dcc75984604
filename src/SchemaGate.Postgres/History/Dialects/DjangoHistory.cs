using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>
/// Django's <c>django_migrations</c> (https://docs.djangoproject.com/en/stable/topics/migrations/): a row for each applied migration of
/// each app. It takes no lock.
/// </summary>
internal sealed class DjangoHistory : HistoryDialect
{
    public override MigrationTool Tool => MigrationTool.Django;

    public override IReadOnlyList<string> Columns { get; } = ["id", "app", "name", "applied"];

    public override HistoryRows Rows(CatalogTable table) =>
        new(table.ToString(), "id::int8", "app::text || '.' || name::text", "applied", $"COALESCE(applied::timestamptz, {NoTime})")
        {
            Id = "id",
        };
}
