using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>ALTER COLUMN … TYPE: what it does depends on the old type, which only the earlier migrations tell.</summary>
internal static class ChangeColumnTypeRules
{
    private const string NewColumn = "Add a column of the new type, write both, copy in batches, read the new one, "
        + "drop the old one in a later release.";

    public static RiskRule ChangesType { get; } = new(
        "change-column-type-rewrite", "The table is rewritten, and code may not expect the new type", Rewrite
            | BreaksApplication, RiskSeverity.High, NewColumn)
    {
        Judge = static context => Change(context) switch
        {
            ({ } alter, { Kind: TypeChangeKind.Rewrite }) =>
                [new($"Changing `{alter.Column}` to {alter.Type} rewrites {context.TableName} with its indexes under ACCESS EXCLUSIVE.")],
            ({ } alter, { Kind: TypeChangeKind.Unknown }) =>
            [
                new($"Changing `{alter.Column}` to {alter.Type} may rewrite {context.TableName} under ACCESS EXCLUSIVE: "
                    + "no migration tells its old type.")
                {
                    IsAssumed = true,
                },
            ],
            _ => [],
        },
    };

    public static RiskRule ChangesTypeInPlace { get; } = new(
        "change-column-type-in-place", "The type changes without touching a row", BreaksApplication, RiskSeverity.Information,
        "Nothing: it takes a moment.")
    {
        Judge = static context => Change(context) is ({ } alter, { Kind: TypeChangeKind.InPlace })
            ? [new($"`{alter.Column}` of {context.TableName} becomes {alter.Type} in place: no row is touched.")]
            : [],
    };

    public static RiskRule RebuildsIndex { get; } = new(
        "change-column-type-rebuilds-index", "The rows stay, but indexes are built again under ACCESS EXCLUSIVE", BlockingLock,
        RiskSeverity.Medium, "Drop the index concurrently before, and build it concurrently afterwards.")
    {
        Judge = static context => Change(context) is ({ } alter, { Kind: TypeChangeKind.InPlace, RebuiltIndexes: { Count: > 0 } indexes })
            ? [new($"Changing `{alter.Column}` builds {Names.List(indexes.Select(index => index.Name))} again while {context.TableName} is "
                + "locked against reads and writes.")]
            : [],
    };

    public static RiskRule RechecksConstraint { get; } = new(
        "change-column-type-rechecks-constraint", "The rows stay, but a CHECK is tried on all of them under ACCESS EXCLUSIVE", BlockingLock,
        RiskSeverity.Medium, "Drop the constraint before; add it again NOT VALID and validate it in a later migration.")
    {
        Judge = static context => Change(
            context) is ({ } alter, { Kind: TypeChangeKind.InPlace, RecheckedConstraints: { Count: > 0 } constraints })
            ? [new($"Changing `{alter.Column}` reads all of {context.TableName} to try "
                + $"{Names.List(constraints.Select(constraint => constraint.Name))} again.")]
            : [],
    };

    public static RiskRule ChangesKeyType { get; } = new(
        "change-key-type-with-fk", "The other table of a foreign key is locked and checked again", Rewrite, RiskSeverity.High, NewColumn)
    {
        Judge = static context => Change(context) is ({ } alter, { ForeignKeys: { Count: > 0 } keys })
            ? keys.Where(key => !context.Schema.IsExempt(key.OtherTable)).Select(key => new Hit(
                $"`{alter.Column}` is in foreign key `{key.Name}`: {context.Name(key.OtherTable)} is locked against reads and writes, too, "
                    + "and the key is checked again."))
            : [],
    };

    private static (AlterColumnType Alter, TypeChange Change)? Change(StatementContext context) =>
        context is { TypeChange: { } change, Action: AlterColumnType alter } && !context.IsNewColumn(alter.Column) ? (alter, change) : null;
}
