using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// dbmate's <c>20240101120000_x.sql</c> with <c>-- migrate:up</c> (https://github.com/amacneil/dbmate#creating-migrations).
/// </summary>
internal sealed class DbmateLayout : NumberedLayout
{
    public override MigrationTool Tool => MigrationTool.Dbmate;

    protected override bool IsCertain(LayoutFile file) => ScriptParts.HasMark(file, "migrate:up");

    protected override Migration? Migration(LayoutFile file) =>
        NumberedStem(file, ".sql") is { } name ? OfNumber(name, ScriptParts.Up(file.Text, "migrate:up", "migrate:down")) : null;
}
