using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

internal static class ForeignKeyRules
{
    public static RiskRule Validated { get; } = new(
        "add-fk-validated", "Both tables are read while writes to both stop", BlockingLock, RiskSeverity.High,
        "Add it NOT VALID, which binds new rows at once; VALIDATE CONSTRAINT in a later migration.")
    {
        Judge = static context => Added(context) is { NotValid: false, NotEnforced: false } key ? [Validating(context, key)] : [],
    };

    public static RiskRule OnPartitioned { get; } = new(
        "add-fk-partitioned", "A foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18", BlockingLock,
        RiskSeverity.High, "Add it to each partition NOT VALID, validate each, then add it to the parent, which takes them over.")
    {
        Judge = static context => Added(context) is { NotValid: true } key && context.Major < 18 && context.Table.IsPartitioned
            ? [new($"{context.TableName} is partitioned: before PostgreSQL 18 {Named(key)} cannot be added NOT VALID, "
                + "and validated it reads all partitions.")]
            : [],
    };

    public static RiskRule WithoutIndex { get; } = new(
        "fk-without-index", "Deleting from the referenced table reads the whole referencing one", None, RiskSeverity.Low,
        "CREATE INDEX CONCURRENTLY on the referencing columns.")
    {
        JudgeWhole = static migration => migration.Steps.SelectMany(Keys)
            .Where(found => migration.After.FindTable(found.Table) is { IsComplete: true } table && migration.After.IsComplete
                && !IsIndexed(table, found.Key))
            .Select(found => Unindexed(found.Step, found.Key, found.Table, migration.After)),
    };

    public static RiskRule OnDeleteCascade { get; } = new(
        "fk-on-delete-cascade", "A delete in one table silently deletes in another", DataLoss, RiskSeverity.Low,
        "ON DELETE RESTRICT, where code does not rely on it.")
    {
        Judge = static context => Keys(context).Where(found => found.Key.OnDelete == ReferentialAction.Cascade)
            .Select(found => new Hit($"Deleting from {context.Name(found.Key.Table)} deletes rows of {context.Name(found.Table)}, too.")),
    };

    private static ForeignKeyConstraint? Added(StatementContext context) =>
        context is { IsOnExisting: true, Action: AddConstraint { Constraint: ForeignKeyConstraint key } } ? key : null;

    /// <summary>All foreign keys that a statement or an action brings.</summary>
    private static IEnumerable<(StatementContext Step, ObjectName Table, ForeignKeyConstraint Key)> Keys(StatementContext context) =>
        context switch
        {
            { Action: AddConstraint { Constraint: ForeignKeyConstraint key } } => [(context, context.Table.Name, key)],
            { Action: AddColumn add } =>
                add.Definition.Constraints.OfType<ForeignKeyConstraint>().Select(key => (context, context.Table.Name, key)),
            { Statement: CreateTable create } =>
                create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)).OfType<ForeignKeyConstraint>()
                .Select(key => (context, create.Table, key)),
            _ => [],
        };

    /// <summary>A column that has only NULLs has nothing to look up, and its table is read all the same.</summary>
    private static Hit Validating(StatementContext context, ForeignKeyConstraint key)
    {
        string other = context.Name(key.Table);
        if (!context.AreAllNull(key.Columns))
        {
            return new($"Adding {Named(key)} reads {context.TableName} and {other}; writes to both stop until it is done.");
        }

        bool isHeld = context.Progress.IsInTransaction || ((AlterTable)context.Statement).Actions.Count > 1;
        return new($"Adding {Named(key)} reads all of {context.TableName}, though its new column is NULL everywhere: "
            + $"{(isHeld ? "ADD COLUMN's lock keeps reads and writes out" : "writes stop")} until it is done"
            + $"{(context.Schema.IsExempt(key.Table) ? "" : $", and writes to {other} wait")}.")
        {
            Severity = RiskSeverity.Medium,
        };
    }

    private static Hit Unindexed(StatementContext step, ForeignKeyConstraint key, ObjectName table, KnownSchema schema) =>
        new($"No index begins with {Names.List(key.Columns)} of {Names.Quoted(table, schema)}: "
            + $"a delete in {Names.Quoted(key.Table, schema)} reads all of it.")
        {
            Span = step.Action?.Span ?? step.Statement.Span,
        };

    private static bool IsIndexed(KnownTable table, ForeignKeyConstraint key) =>
        table.Indexes.Any(index => !index.HasWhere && index.Columns.Take(key.Columns.Count).All(column => column is not null
            && key.Columns.Contains(column)) && index.Columns.Count >= key.Columns.Count);

    private static string Named(ForeignKeyConstraint key) => key.Name is { } name ? $"`{name}`" : "the foreign key";
}
