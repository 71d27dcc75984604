using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

internal static class UniqueMayFailRule
{
    public static RiskRule UniqueMayFail { get; } = new(
        "unique-may-fail-on-data", "Rows that exist may already be equal, and code may write equal ones", BreaksApplication,
        RiskSeverity.Medium, "Look for duplicates first (GROUP BY … HAVING count(*) > 1), and deploy code that does not make any.")
    {
        Judge = static context => context switch
        {
            { Statement: CreateIndex { Unique: true } create } when !context.Schema.IsExempt(create.Table)
                && MayFail(context, create.Table, Keys(context, create), create.NullsNotDistinct) =>
                [new($"The unique index fails if {context.Name(create.Table)} has duplicates, and so does code that writes one.")],
            { IsOnExisting: true, Action: AddConstraint { Constraint: KeyConstraint { UsingIndex: null } key } }
                when MayFail(
                    context, context.Table.Name, [.. key.Columns.Select(column => (column, ""))],
                    key is UniqueConstraint { NullsNotDistinct: true }) =>
                [new($"{Named(key)} fails if {context.TableName} has duplicates in {Names.List(key.Columns)}, "
                    + "and so does code that writes one.")],
            _ => [],
        },
    };

    private static List<(string Column, string Comparison)> Keys(StatementContext context, CreateIndex create) =>
    [
        .. create.Keys.Where(key => key.Column is not null)
            .Select(key => (key.Column!, KeyComparison.Of(key, context.Schema.FindTable(create.Table)))),
    ];

    /// <summary>Not where a column is new and NULL everywhere, and not where some of the columns are unique already.</summary>
    private static bool MayFail(
        StatementContext context, ObjectName table, List<(string Column, string Comparison)> keys, bool nullsAreEqual)
    {
        if (context.Schema.FindTable(table) is not { } known)
        {
            return true;
        }

        bool isNull = keys.Exists(key => known.Column(key.Column) is { IsAllNull: true } column && context.Schema.IsNew(column.Made));
        return !(isNull && !nullsAreEqual)
            && !Indexes(context, known).Any(index => index.IsUnique && index.Columns.Index().All(
                part => keys.Contains((part.Item!, index.Comparison(part.Index)))
                    && (!nullsAreEqual || known.Column(part.Item!) is { NotNull: true })));
    }

    /// <summary>Those of the table, and those that the migration has dropped, where it changes no row and no type.</summary>
    private static IEnumerable<KnownIndex> Indexes(StatementContext context, KnownTable table) =>
        context.Progress.IsShared && context.Migration.Before.FindTable(table.Name) is { } before
        && !context.Migration.Statements.Any(ChangesValues)
        ? table.Indexes.Concat(before.Indexes)
        : table.Indexes;

    private static bool ChangesValues(Statement statement) => statement switch
    {
        DataChange or CopyData or DoBlock or CallProcedure or ExecutePrepared or UnreadStatement or RenameObject => true,
        AlterTable alter => alter.Actions.Any(action => action is AlterColumnType or DropColumn or SetExpression),
        _ => statement.Changes.Count > 0,
    };

    private static string Named(KeyConstraint key) => key.Name is { } name ? $"`{name}`" : "The key";
}
