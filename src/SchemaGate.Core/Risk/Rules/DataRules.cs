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
        "dml-without-where", "Every row changes", DataLoss, RiskSeverity.High, "Say which rows, even if it is all: "
            + "WHERE true is a decision.")
    {
        Judge = static context => context.DataChanges
            .Where(change => change is UpdateRows { HasWhere: false } or DeleteRows { HasWhere: false })
            .Where(change => !context.Schema.IsExempt(change.Table) && !FillsNewColumns(context, change))
            .Select(change => new Hit($"{Verb(change)} every row of {context.Name(change.Table)}.")),
    };

    public static RiskRule WithDdl { get; } = new(
        "data-change-in-migration", "Rows stay locked until the migration ends, and the schema's locks as long as the rows take",
        BlockingLock, RiskSeverity.Medium, "Change rows in batches, outside of the migration or in one of their own.")
    {
        Judge = static context => context.Progress.IsInTransaction && context.Migration.ChangesSchema
            ? context.DataChanges.Where(change => change is UpdateRows or DeleteRows or MergeRows && !context.Schema.IsExempt(change.Table))
                .Select(change => new Hit($"{Verb(change)} rows of {context.Name(change.Table)} in the transaction that changes the "
                    + "schema: rows and tables stay locked until it ends."))
            : [],
    };

    private static IEnumerable<Hit> Emptied(StatementContext context, TruncateTables truncate, string others) =>
        truncate.Tables.Where(table => !context.Schema.IsExempt(table)).Select(table => new Hit($"Empties {context.Name(table)}{others}."));

    /// <summary>It overwrites nothing: the columns are new in this migration.</summary>
    private static bool FillsNewColumns(StatementContext context, DataChange change) =>
        change is UpdateRows update && update.Columns.Count > 0
        && context.Schema.FindTable(update.Table) is { } table
        && update.Columns.All(name => table.Column(name) is { } column && context.Schema.IsNew(column.Made));

    private static string Verb(DataChange change) => change switch { DeleteRows => "Deletes", MergeRows => "Merges", _ => "Updates" };
}
