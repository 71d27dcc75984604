using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

internal static class DropColumnRule
{
    public static RiskRule DropColumn { get; } = new(
        "drop-column", "A column and its data are gone, and code that reads it fails", DataLoss | BreaksApplication | Irreversible,
        RiskSeverity.High, "Deploy code that does not use the column first; drop it in a later release.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: DropColumn drop } && !context.IsNewColumn(drop.Column)
            && !NeverWas(context, drop)
            ? [new($"Drops column `{drop.Column}` of {context.TableName} with its data; code that names it fails.{Indexes(context, drop)}")]
            : [],
    };

    /// <summary>IF EXISTS, on a table of which everything is known.</summary>
    public static bool NeverWas(StatementContext context, DropColumn drop) =>
        drop.IfExists && context.IsKnownWhole && context.Table.Column(drop.Column) is null;

    private static string Indexes(StatementContext context, DropColumn drop)
    {
        string[] indexes = [.. context.Table.Indexes
            .Where(index => index.Columns.Contains(drop.Column) || index.Include.Contains(drop.Column)).Select(index => index.Name)];
        return indexes.Length == 0 ? "" : $" Its indexes go, too: {Names.List(indexes)}.";
    }
}
