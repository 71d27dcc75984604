using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>What stands beside a new column's type.</summary>
internal static class AddColumnConstraintRules
{
    public static RiskRule NotNullNoDefault { get; } = new(
        "add-column-not-null-no-default",
        "A NOT NULL column without a default fails on rows that exist, and on inserts of code that does not know it", BreaksApplication,
        RiskSeverity.High, "Add it nullable, fill it, then CHECK (… IS NOT NULL) NOT VALID, VALIDATE, SET NOT NULL.")
    {
        Judge = static context => Added(context) is { NotNull: true } column && !ColumnAddition.HasValue(column)
            ? [new($"Adds `{column.Name}` NOT NULL without a default: it fails if {context.TableName} has rows, "
                + "and so do inserts that do not name the column.")]
            : [],
    };

    public static RiskRule InlineCheck { get; } = new(
        "add-column-inline-check", "A CHECK beside a new column reads the whole table under ACCESS EXCLUSIVE", BlockingLock,
        RiskSeverity.Medium, "Add the column, then the CHECK as a constraint NOT VALID, and validate it in a later migration.")
    {
        Judge = static context => Added(context) is { } column
            && column.Constraints.Any(constraint => constraint is CheckConstraint { NotEnforced: false })
            ? [new($"The CHECK beside `{column.Name}` reads all of {context.TableName} under ACCESS EXCLUSIVE.")]
            : [],
    };

    public static RiskRule InlineUnique { get; } = new(
        "add-column-inline-unique", "UNIQUE or PRIMARY KEY beside a new column builds an index under ACCESS EXCLUSIVE", BlockingLock,
        RiskSeverity.High, "Add the column, build a unique index CONCURRENTLY, then ADD CONSTRAINT … USING INDEX.")
    {
        Judge = static context => Added(context) is { } column && column.Constraints.Any(constraint => constraint is KeyConstraint)
            ? [new($"The key beside `{column.Name}` builds an index on {context.TableName} under ACCESS EXCLUSIVE.")]
            : [],
    };

    public static RiskRule References { get; } = new(
        "add-column-references", "REFERENCES beside a new column locks the referenced table", BlockingLock, RiskSeverity.Low,
        "Add the column, then the foreign key NOT VALID, and validate it in a later migration.")
    {
        Judge = static context => Added(context) is { } column
            ? column.Constraints.OfType<ForeignKeyConstraint>().Where(key => !context.Schema.IsExempt(key.Table))
                .Select(key => Referencing(context, column, key))
            : [],
    };

    private static Hit Referencing(StatementContext context, ColumnDefinition column, ForeignKeyConstraint key) =>
        ColumnAddition.HasValue(column)
        ? new Hit($"`{column.Name}` references {context.Name(key.Table)} and has a value in every row: both tables are read, "
            + $"writes to {context.Name(key.Table)} stop meanwhile.")
        {
            Severity = RiskSeverity.Medium,
        }
        : new Hit($"`{column.Name}` references {context.Name(key.Table)}: writes to it queue behind SHARE ROW EXCLUSIVE "
            + $"{(context.IsHeld ? "until the transaction ends" : "for a moment")}.");

    private static ColumnDefinition? Added(StatementContext context) =>
        context is { IsOnExisting: true, Action: AddColumn add } ? add.Definition : null;
}
