using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>New names and new schemas for what code names.</summary>
internal static class RenameObjectRules
{
    public static RiskRule RenamesTable { get; } = new(
        "rename-table", "Code that knows the old name fails", BreaksApplication, RiskSeverity.High,
        "Keep the name; or rename and create a view of the old name in the same transaction, which simple code can also write through.")
    {
        Judge = static context => Renamed(context, ObjectKind.Table, ObjectKind.ForeignTable) is { } rename
            && !IsViewMade(context, rename.Name)
            ? [new($"Renames table {context.Name(rename.Name)} to `{rename.NewName}`: code that runs now knows only the old name.")]
            : [],
    };

    public static RiskRule RenamesView { get; } = new(
        "rename-view", "Code that reads the old name fails", BreaksApplication, RiskSeverity.Medium, "Create a view of the new name, "
            + "and drop the old one in a later release.")
    {
        Judge = static context => Renamed(context, ObjectKind.View, ObjectKind.MaterializedView) is { } rename
            ? [new($"Renames view {context.Name(rename.Name)} to `{rename.NewName}`: code that runs now knows only the old name.")]
            : [],
    };

    public static RiskRule SetsSchema { get; } = new(
        "set-schema", "Code that knows the old schema fails", BreaksApplication, RiskSeverity.High, "Create a view of the old name in the "
            + "same transaction.")
    {
        Judge = static context => context.Statement is SetSchema { Kind: not (ObjectKind.Extension or ObjectKind.Index) } set
            && !context.Schema.IsExempt(set.Name) && !IsViewMade(context, set.Name)
            ? [new($"Moves {context.Name(set.Name)} into schema `{set.NewSchema}`: code that runs now looks in the old one.")]
            : [],
    };

    public static RiskRule RenamesSchema { get; } = new(
        "rename-schema", "Code that knows the old schema fails", BreaksApplication, RiskSeverity.High, "Keep the name.")
    {
        Judge = static context => context.Statement is RenameObject { Kind: ObjectKind.Schema } rename
            ? [new($"Renames schema `{rename.Name.Name}` to `{rename.NewName}`: code that runs now looks in the old one.")]
            : [],
    };

    private static RenameObject? Renamed(StatementContext context, params ObjectKind[] kinds) =>
        context.Statement is RenameObject { Member: null } rename && kinds.Contains(rename.Kind) && !context.Schema.IsExempt(rename.Name)
        && context.Schema.Index(rename.Name) is null ? rename : null;

    private static bool IsViewMade(StatementContext context, ObjectName name) => context.Migration.Later.HasView(context, name);
}
