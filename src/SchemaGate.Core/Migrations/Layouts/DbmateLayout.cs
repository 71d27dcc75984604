using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// dbmate's <c>20240101120000_x.sql</c> with <c>-- migrate:up</c> (https://github.com/amacneil/dbmate#creating-migrations).
/// </summary>
internal sealed class DbmateLayout : NumberedLayout
{
    public const string UpMark = "migrate:up";

    public override MigrationTool Tool => MigrationTool.Dbmate;

    protected override string? Mark => UpMark;

    protected override bool IsCertain(LayoutFile file) => ScriptParts.HasMark(file, UpMark);

    protected override string? Problem(LayoutFile file) =>
        NumberedStem(file, ".sql") is not null && !ScriptParts.HasMark(file, UpMark)
            ? $"has no line `-- {UpMark}`: write it"
            : base.Problem(file);

    protected override Migration? Migration(LayoutFile file) =>
        NumberedStem(file, ".sql") is { } name ? OfNumber(name, ScriptParts.Up(file.Text, UpMark, "migrate:down")) : null;
}
