using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>What the rest of a migration does: what goes may be put back, or go with more. Looked up where a rule asks first.</summary>
/// <param name="schema">Of names without one.</param>
internal sealed class LaterChanges(IReadOnlyList<Statement> statements, string schema)
{
    private ILookup<ObjectName, (int Index, TableAction Action)>? actions;
    private Dictionary<ObjectName, int>? dropped;
    private ILookup<(ObjectName Table, string Name), int>? triggers;

    /// <summary>
    /// The other actions of the same ALTER TABLE, and those of later statements of its transaction on that table; a unique index counts as
    /// a constraint. Within one ALTER TABLE the text's order says nothing: what drops comes first.
    /// </summary>
    public IEnumerable<TableAction> Actions(StatementContext context)
    {
        actions ??= statements.SelectMany(ActionsOf).ToLookup(one => one.Table, one => (one.Index, one.Action));
        int end = End(context);
        return actions[context.Table.Name]
            .Where(one => one.Index == context.Index
                ? !ReferenceEquals(one.Action, context.Action)
                : one.Index > context.Index && one.Index < end)
            .Select(one => one.Action);
    }

    /// <summary>The table goes later in the migration.</summary>
    public bool Drops(StatementContext context, ObjectName table)
    {
        if (dropped is null)
        {
            dropped = [];
            foreach ((DropObjects drop, int index) in Indexed<DropObjects>().Where(one => one.Statement.Kind == ObjectKind.Table))
            {
                foreach (ObjectName name in drop.Names)
                {
                    dropped[Resolved(name)] = index;
                }
            }
        }

        return dropped.TryGetValue(context.Schema.Resolve(table), out int last) && last > context.Index;
    }

    /// <summary>The transaction creates the trigger of that table again.</summary>
    public bool CreatesTrigger(StatementContext context, ObjectName table, string name)
    {
        triggers ??= Indexed<CreateTrigger>()
            .ToLookup(one => (Resolved(one.Statement.Table), one.Statement.Name), one => one.Index);
        int end = End(context);
        return triggers[(context.Schema.Resolve(table), name)].Any(index => index > context.Index && index < end);
    }

    /// <summary>The first statement that the transaction does not have any more.</summary>
    private int End(StatementContext context)
    {
        if (!context.Progress.IsInTransaction)
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

    private IEnumerable<(ObjectName Table, int Index, TableAction Action)> ActionsOf(Statement statement, int index) => statement switch
    {
        AlterTable alter => alter.Actions.Select(action => (Resolved(alter.Table), index, action)),
        CreateIndex { Unique: true, Where: null } create when create.Keys.All(key => key.Column is not null) =>
        [
            (Resolved(create.Table), index, new AddConstraint(
                new UniqueConstraint([.. create.Keys.Select(key => key.Column!)]) { Name = create.Name })),
        ],
        _ => [],
    };

    private IEnumerable<(T Statement, int Index)> Indexed<T>()
        where T : Statement => statements.Select((statement, index) => (Statement: statement as T, index))
        .Where(one => one.Statement is not null).Select(one => (one.Statement!, one.index));

    private ObjectName Resolved(ObjectName name) => name.Schema is null ? name with { Schema = schema } : name;
}
