using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>goose's <c>00001_x.sql</c> with <c>-- +goose Up</c>, and <c>00001_x.go</c> (https://pressly.github.io/goose).</summary>
internal sealed class GooseLayout : NumberedLayout
{
    public override MigrationTool Tool => MigrationTool.Goose;

    protected override bool IsCertain(LayoutFile file) => ScriptParts.HasMark(file, "+goose Up") || file.EndsWith(".go");

    protected override Migration? Migration(LayoutFile file)
    {
        if (NumberedStem(file, ".sql") is { } sql)
        {
            return OfNumber(sql, ScriptParts.Up(file.Text, "+goose Up", "+goose Down"));
        }

        return NumberedStem(file, ".go") is { } go && !go.EndsWith("_test", StringComparison.Ordinal)
            ? OfNumber(go, "", unjudged: "it is written in Go")
            : null;
    }
}
