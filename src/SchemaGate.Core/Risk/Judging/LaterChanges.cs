using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>What the rest of a migration does: what goes may be put back, or go with more. Looked up where a rule asks first.</summary>
/// <param name="schema">Of names without one.</param>
internal sealed class LaterChanges(IReadOnlyList<Statement> statements, string schema)
{
    private readonly Dictionary<int, KnownSchema> ends = [];

    /// <summary>Whether something after a statement is taken back before its transaction is over, perhaps with it.</summary>
    private readonly bool[] takenBack = TakenBack(statements);

    private ILookup<ObjectName, (int Index, TableAction Action)>? actions;
    private Dictionary<ObjectName, int>? dropped;
    private ILookup<(ObjectName Table, string Name), int>? triggers;

    /// <summary>What a statement of the transaction, the last one so far, has left.</summary>
    public void Left(int transaction, KnownSchema schema) => ends[transaction] = schema;

    /// <summary>What is there when the transaction of the statement ends; null where that is not known: something is taken back.</summary>
    public KnownSchema? After(StatementContext context) =>
        takenBack[context.Index] ? null : ends.GetValueOrDefault(context.Progress.Transaction);

    /// <summary>The view (or materialized view) is there when the transaction ends: nobody sees it missing.</summary>
    public bool HasView(StatementContext context, ObjectName name) => context.Progress.IsInTransaction
        && After(context)?.Relations.GetValueOrDefault(context.Schema.Resolve(name)) is KnownView;

    /// <summary>
    /// The other actions of the same ALTER TABLE, and those of later statements of its transaction on that table. Within one ALTER TABLE
    /// the text's order says nothing: what drops comes first.
    /// </summary>
    public IEnumerable<TableAction> Actions(StatementContext context, ObjectName table)
    {
        actions ??= statements.SelectMany(ActionsOf).ToLookup(one => one.Table, one => (one.Index, one.Action));
        int end = End(context);
        return actions[table]
            .Where(one => one.Index == context.Index
                ? !ReferenceEquals(one.Action, context.Action)
                : one.Index > context.Index && one.Index < end && !takenBack[one.Index])
            .Select(one => one.Action);
    }

    /// <summary>The table goes later in the migration.</summary>
    public bool Drops(StatementContext context, ObjectName table)
    {
        if (dropped is null)
        {
            dropped = [];
            foreach ((DropObjects drop, int index) in Indexed<DropObjects>()
                .Where(one => one.Statement.Kind == ObjectKind.Table && !takenBack[one.Index]))
            {
                foreach (ObjectName name in drop.Names)
                {
                    dropped[Resolved(name)] = index;
                }
            }
        }

        return dropped.TryGetValue(context.Schema.Resolve(table), out int last) && last > context.Index && !takenBack[context.Index];
    }

    /// <summary>The transaction creates the trigger of that table again.</summary>
    public bool CreatesTrigger(StatementContext context, ObjectName table, string name)
    {
        triggers ??= Indexed<CreateTrigger>()
            .ToLookup(one => (Resolved(one.Statement.Table), one.Statement.Name), one => one.Index);
        int end = End(context);
        return triggers[(context.Schema.Resolve(table), name)]
            .Any(index => index > context.Index && index < end && !takenBack[index]);
    }

    /// <summary>What is committed is not taken back. A transaction that began within another one is that one.</summary>
    private static bool[] TakenBack(IReadOnlyList<Statement> statements)
    {
        bool[] taken = new bool[statements.Count];
        for (int index = statements.Count - 2; index >= 0; index--)
        {
            taken[index] = statements[index + 1] switch
            {
                TransactionControl { Command: TransactionCommand.Rollback or TransactionCommand.RollbackTo } => true,
                TransactionControl { Command: TransactionCommand.Commit } => false,
                _ => taken[index + 1],
            };
        }

        return taken;
    }

    /// <summary>The first statement that the transaction does not have any more.</summary>
    private int End(StatementContext context)
    {
        if (!context.Progress.IsInTransaction || takenBack[context.Index])
        {
            return context.Index + 1;
        }

        int end = context.Index;
        while (!context.Progress.IsShared && end < statements.Count && !Transactions.IsControl(statements[end]))
        {
            end++;
        }

        return context.Progress.IsShared ? statements.Count : end;
    }

    private IEnumerable<(ObjectName Table, int Index, TableAction Action)> ActionsOf(Statement statement, int index) =>
        statement is AlterTable alter ? alter.Actions.Select(action => (Resolved(alter.Table), index, action)) : [];

    private IEnumerable<(T Statement, int Index)> Indexed<T>()
        where T : Statement => statements.Select((statement, index) => (Statement: statement as T, index))
        .Where(one => one.Statement is not null).Select(one => (one.Statement!, one.index));

    private ObjectName Resolved(ObjectName name) => name.Schema is null ? name with { Schema = schema } : name;
}
