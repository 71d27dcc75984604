using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>NOT NULL and defaults of columns that exist.</summary>
internal static class NullabilityRules
{
    public static RiskRule SetNotNullScan { get; } = new(
        "set-not-null-scan", "All rows are read under ACCESS EXCLUSIVE, and code that writes NULL fails", BlockingLock | BreaksApplication,
        RiskSeverity.High, "ADD CHECK (… IS NOT NULL) NOT VALID; VALIDATE it in a later migration; then SET NOT NULL finds the proof.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: SetNotNull set }
            && !NotNullProof.Exists(context.Table, set.Column, context.Major)
            ? [new($"SET NOT NULL on `{set.Column}` reads all of {context.TableName} under ACCESS EXCLUSIVE, "
                + "and fails if a row or running code has NULL there.")]
            : [],
    };

    public static RiskRule DropsNotNull { get; } = new(
        "drop-not-null", "Code may now read NULL", BreaksApplication, RiskSeverity.Low, "Deploy code that can read NULL first.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: DropNotNull drop } && !context.IsNewColumn(drop.Column)
            && context.Table.Column(drop.Column) is not { NotNull: false }
            ? [new($"`{drop.Column}` of {context.TableName} may become NULL: code that runs now may not expect it.")]
            : [],
    };

    public static RiskRule DropsDefault { get; } = new(
        "drop-default", "Inserts that leave the column out fail", BreaksApplication, RiskSeverity.Medium,
        "Deploy code that writes the column first; drop the default in a later release.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: DropDefault or DropIdentity }
            && context.Action is ColumnAction drop && !context.IsNewColumn(drop.Column)
            && context.Table.Column(drop.Column) is not ({ NotNull: false } or { HasDefault: false }) && !IsSetAgain(context, drop.Column)
            ? [LeftOut(context, drop)]
            : [],
    };

    public static RiskRule SetsDefault { get; } = new(
        "set-default", "New rows get another value; old ones keep theirs", BreaksApplication, RiskSeverity.Information)
    {
        Judge = static context => context is { IsOnExisting: true, Action: SetDefault set } && !context.IsNewColumn(set.Column)
            ? [new($"New rows of {context.TableName} get another default in `{set.Column}`; rows that exist keep their value.")]
            : [],
    };

    public static RiskRule SetsExpression { get; } = new(
        "set-expression", "A stored generated column is computed anew for every row", Rewrite, RiskSeverity.High,
        "Add a column with the new expression as a plain one, fill it in batches, and let code read that.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: SetExpression set }
            && context.Table.Column(set.Column)?.Generated is not { Stored: false }
            ? [new($"A new expression for `{set.Column}` rewrites {context.TableName} under ACCESS EXCLUSIVE, if it is STORED.")
            {
                IsAssumed = context.Table.Column(set.Column)?.Generated is null,
            }]
            : [],
    };

    /// <summary>Nobody sees the column without a default: it gets another in the same transaction, or goes.</summary>
    private static bool IsSetAgain(StatementContext context, string column) =>
        context.Migration.Later.Drops(context, context.Table.Name)
        || context.Migration.Later.Actions(context, context.Table.Name).OfType<ColumnAction>().Any(later =>
            later is SetDefault { Expression.IsNull: false } or AddIdentity or DropColumn && later.Column == column);

    private static Hit LeftOut(StatementContext context, ColumnAction drop)
    {
        bool? isNotNull = context.Table.Column(drop.Column)?.NotNull;
        string fate = isNotNull is true ? "fail" : "fail if it is NOT NULL";
        return new($"Without its default, inserts into {context.TableName} that leave `{drop.Column}` out {fate}.")
        {
            IsAssumed = isNotNull is null,
        };
    }
}
