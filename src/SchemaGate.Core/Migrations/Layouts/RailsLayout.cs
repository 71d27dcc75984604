using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Active Record's <c>db/migrate/20240101120000_create_x.rb</c>, in directories below it, too (ActiveRecord::MigrationContext).
/// </summary>
internal sealed class RailsLayout : NumberedLayout
{
    public override MigrationTool Tool => MigrationTool.Rails;

    /// <summary>SQL beside its migrations is what they execute.</summary>
    public override IEnumerable<string> Notes(IReadOnlyList<LayoutFile> files) => [];

    protected override bool IsCertain(LayoutFile file) => true;

    protected override string? Problem(LayoutFile file) =>
        file.EndsWith(".rb") && Migration(file) is null && file.Text.Split('\n').Any(IsMigrationClass)
            ? "is not called as those are: rename it"
            : null;

    protected override Migration? Migration(LayoutFile file) => file.Stem(".rb") is { } name && ScriptParts.Number(name) is not null
        ? OfNumber(name, "", unjudged: "it is written in Ruby")
        : null;

    private static bool IsMigrationClass(string line) =>
        line.TrimStart() is var code && code.StartsWith("class ", StringComparison.Ordinal)
        && code.Contains("ActiveRecord::Migration", StringComparison.Ordinal);
}
