using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>Statements that change rows of tables which exist.</summary>
internal static class DataRules
{
    public static RiskRule Truncates { get; } = new(
        "truncate-table", "All rows are gone", DataLoss, RiskSeverity.High, "Delete in batches, when it is sure that nobody needs them.")
    {
        Judge = static context => context.Statement is TruncateTables { Cascade: false } truncate ? Emptied(context, truncate, "") : [],
    };

    public static RiskRule TruncatesCascade { get; } = new(
        "truncate-cascade", "All rows are gone, and those of all tables that reference them", DataLoss, RiskSeverity.High,
        "Name all tables that are to be empty.")
    {
        Judge = static context => context.Statement is TruncateTables { Cascade: true } truncate
            ? Emptied(context, truncate, " and every table that references it")
            : [],
    };

    public static RiskRule WithoutWhere { get; } = new(
        "dml-without-where", "Every row is deleted or overwritten", DataLoss, RiskSeverity.High, "Say which rows; and keep a copy of them "
            + "until a later release.")
    {
        Judge = static context => !context.ChangesRows ? [] : Losing(context).Where(change => TakesAll(context, change))
            .Select(change => new Hit(
                $"{Verb(change)} every row of {context.Name(change.Table)}{Unless(NotNull(change))}: what was there is gone.")
            {
                IsAssumed = NotNull(change).Any(column => IsNotNull(context, change, column) is null),
            }),
    };

    public static RiskRule LosesRows { get; } = new(
        "rows-deleted-or-overwritten", "Rows, or values in them, are gone for good", DataLoss | Irreversible, RiskSeverity.Medium,
        "Be sure that nobody needs them, and keep a copy (CREATE TABLE … AS SELECT …) until a later release.")
    {
        Judge = static context => !context.ChangesRows ? [] : Losing(context).Where(change => !TakesAll(context, change))
            .Select(change => Lost(context, change)),
    };

    public static RiskRule WithDdl { get; } = new(
        "data-change-in-migration", "Rows stay locked until the migration ends, and the schema's locks as long as the rows take",
        BlockingLock, RiskSeverity.Medium, "Change rows in batches, outside of the migration or in one of their own.")
    {
        Judge = static context => context.ChangesRows && context.Progress.IsInTransaction
            ? context.DataChanges.Where(change => change is UpdateRows or DeleteRows or MergeRows && !context.Schema.IsExempt(change.Table))
                .Select(change => LocksRows(context, change))
            : [],
    };

    private static IEnumerable<Hit> Emptied(StatementContext context, TruncateTables truncate, string others) =>
        truncate.Tables.Where(table => !context.Schema.IsExempt(table)).Select(table => new Hit($"Empties {context.Name(table)}{others}."));

    /// <summary>What it deletes or overwrites was there before: columns of this migration had nothing to lose.</summary>
    private static IEnumerable<DataChange> Losing(StatementContext context) => context.DataChanges.Where(change =>
        !context.Schema.IsExempt(change.Table)
        && (change is DeleteRows or MergeRows { Deletes: true }
            || change.Overwritten.Any(name => context.Schema.FindTable(change.Table)?.Column(name) is not { } column
                || !context.Schema.IsNew(column.Made))));

    /// <summary>A column that nobody tells of may be one that is never NULL.</summary>
    private static bool TakesAll(StatementContext context, DataChange change) =>
        change is UpdateRows { HasWhere: false } or DeleteRows { HasWhere: false }
        && NotNull(change).All(column => IsNotNull(context, change, column) is not false);

    private static bool? IsNotNull(StatementContext context, DataChange change, string column) =>
        context.Schema.FindTable(change.Table)?.Column(column)?.NotNull;

    private static ValueList<string> NotNull(DataChange change) =>
        change switch { UpdateRows update => update.NotNull, DeleteRows delete => delete.NotNull, _ => [] };

    private static string Unless(ValueList<string> columns) =>
        columns.Count == 0 ? "" : $", because its WHERE leaves out only rows without {Names.List(columns)}";

    private static Hit Lost(StatementContext context, DataChange change)
    {
        string table = context.Name(change.Table);
        string overwritten = $"{Names.List(change.Overwritten)} in rows of {table}";
        return change switch
        {
            { Overwritten.Count: 0 } => new($"Deletes rows of {table}: they are gone for good."),
            MergeRows { Deletes: true } => new($"Deletes rows and overwrites {overwritten}: what was there is gone for good."),
            _ => new($"Overwrites {overwritten}: what was there is gone for good."),
        };
    }

    private static Hit LocksRows(StatementContext context, DataChange change)
    {
        string rows = $"{Verb(change)} rows of {context.Name(change.Table)}";
        return context.Migration.ChangesSchema
            ? new($"{rows} in the transaction that changes the schema: rows and tables stay locked until it ends.")
            : new($"{rows}: all that it takes stay locked until the transaction ends.") { Severity = RiskSeverity.Low };
    }

    private static string Verb(DataChange change) => change switch
    {
        DeleteRows => "Deletes",
        MergeRows => "Merges",
        InsertRows => "Replaces",
        _ => "Updates",
    };
}
