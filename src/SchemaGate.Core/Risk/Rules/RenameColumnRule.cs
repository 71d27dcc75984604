using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

internal static class RenameColumnRule
{
    public static RiskRule RenameColumn { get; } = new(
        "rename-column", "Code that knows the old name fails", BreaksApplication, RiskSeverity.High,
        "Add a column of the new name, write both, copy the old rows, read the new one, drop the old one in a later release.")
    {
        Judge = static context => context.Statement is RenameObject { Kind: ObjectKind.Column, Member: { } old } rename
            && Exists(context, rename.Name, old)
            ? [new($"Renames `{old}` of {context.Name(rename.Name)} to `{rename.NewName}`: code that runs now knows only the old name.")]
            : [],
    };

    private static bool Exists(StatementContext context, ObjectName table, string column) =>
        !context.Schema.IsExempt(table)
        && !(context.Schema.FindTable(table)?.Column(column) is KnownColumn known && context.Schema.IsNew(known.Made));
}
