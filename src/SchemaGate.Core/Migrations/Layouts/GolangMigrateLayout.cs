using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// golang-migrate's <c>000001_x.up.sql</c> (source/parse.go). Its history has one version: what sorts before it counts as applied, as it
/// does to the tool.
/// </summary>
internal sealed class GolangMigrateLayout : NumberedLayout
{
    public override MigrationTool Tool => MigrationTool.GolangMigrate;

    public override bool Covers(HistoryRow row, Migration migration) =>
        row.Name.Length > 0 && row.Name.All(char.IsAsciiDigit) && ScriptParts.CompareNumbers(migration.Key, row.Name) < 0;

    /// <summary>sqlx's reversible migrations look alike.</summary>
    protected override bool IsCertain(LayoutFile file) => true;

    protected override Migration? Migration(LayoutFile file) =>
        NumberedStem(file, ".up.sql") is { } name ? OfNumber(name, file.Text) : null;
}
