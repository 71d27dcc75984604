using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>goose's <c>00001_x.sql</c> with <c>-- +goose Up</c>, and <c>00001_x.go</c> (https://pressly.github.io/goose).</summary>
internal sealed class GooseLayout : NumberedLayout
{
    public const string UpMark = "+goose Up";

    public override MigrationTool Tool => MigrationTool.Goose;

    protected override string? Mark => UpMark;

    protected override bool IsCertain(LayoutFile file) => ScriptParts.HasMark(file, UpMark) || file.EndsWith(".go");

    protected override string? Problem(LayoutFile file) => file switch
    {
        _ when NumberedStem(file, ".sql") is not null && !ScriptParts.HasMark(file, UpMark) => $"has no line `-- {UpMark}`: write it",
        _ when NumberedStem(file, ".go") is null && file.EndsWith(".go") && !file.EndsWith("_test.go")
            && file.Text.Contains("goose.AddM", StringComparison.Ordinal) =>
            "is not called as those are: rename it",
        _ => base.Problem(file),
    };

    protected override Migration? Migration(LayoutFile file)
    {
        if (NumberedStem(file, ".sql") is { } sql)
        {
            return OfNumber(sql, ScriptParts.Up(file.Text, UpMark, "+goose Down"));
        }

        return NumberedStem(file, ".go") is { } go && !go.EndsWith("_test", StringComparison.Ordinal)
            ? OfNumber(go, "", unjudged: "it is written in Go")
            : null;
    }
}
