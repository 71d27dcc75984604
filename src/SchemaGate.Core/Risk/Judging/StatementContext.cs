using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>What a rule sees: a statement, or one action of an ALTER TABLE, and the schema just before it.</summary>
/// <param name="Action">Null where the statement as a whole is judged: each ALTER TABLE is so once, before its actions.</param>
/// <param name="Locks">Those of the statement, or of the action, on what exists before the migration.</param>
/// <param name="Index">The statement's place in the migration.</param>
internal sealed record StatementContext(
    Statement Statement, TableAction? Action, KnownSchema Schema, Progress Progress, RiskOptions Options, IReadOnlyList<TableLock> Locks,
    MigrationOutline Migration, int Index)
{
    public int Major => Options.Major;

    /// <summary>The table that ALTER TABLE names.</summary>
    public KnownTable Table => Schema.Table(((AlterTable)Statement).Table);

    /// <summary>
    /// The action's table, or what it is made of, is there before this migration. Nearly every rule asks, so it is looked up once.
    /// </summary>
    public bool IsOnExisting { get; private init; }

    /// <summary>What ALTER COLUMN … TYPE does to a column that is there before this migration; several rules ask.</summary>
    public TypeChange? TypeChange { get; private init; }

    /// <summary>What ADD COLUMN does to the rows that are there before this migration; several rules ask.</summary>
    public ColumnAddition? Addition { get; private init; }

    /// <summary>The same for one action of the statement, or for the whole, on what is there just before it.</summary>
    public StatementContext For(TableAction? action, KnownSchema schema, IReadOnlyList<TableLock> locks)
    {
        AlterTable? alter = Statement is AlterTable { Kind: ObjectKind.Table or ObjectKind.ForeignTable } table
            && !schema.IsExempt(table.Table) ? table : null;
        return this with
        {
            Action = action,
            Schema = schema,
            Locks = locks,
            IsOnExisting = alter is not null,
            TypeChange = alter is not null && action is AlterColumnType change
                ? TypeChange.Of(schema.Table(alter.Table), change, schema)
                : null,
            Addition = alter is not null && action is AddColumn add ? ColumnAddition.Of(add.Definition, schema, Major) : null,
        };
    }

    public bool ChangesRows => Statement is DataChange || Statement.Changes.Count > 0;

    /// <summary>The statement changes rows, in itself or in a WITH.</summary>
    public IEnumerable<DataChange> DataChanges => Statement switch
    {
        DataChange change => [change, .. change.Changes],
        { Changes.Count: > 0 } => Statement.Changes,
        _ => [],
    };

    /// <summary>A name as a person reads it.</summary>
    public string Name(ObjectName name) => Names.Quoted(name, Schema);

    /// <summary>What is locked, as a person reads it.</summary>
    public string Name(TableLock held) => held.IsOfIndex ? $"the table of index {Name(held.Table)}" : Name(held.Table);

    /// <summary>More of the transaction follows, and what is locked stays so until its end.</summary>
    public bool IsHeld => Progress.IsInTransaction && Index < Migration.Statements.Count - 1;

    /// <summary>The table that ALTER TABLE names, as a person reads it.</summary>
    public string TableName => Name(Table.Name);

    /// <summary>The table's parts are all known: one that is missing does not exist.</summary>
    public bool IsKnownWhole => Schema.IsComplete && Table.IsComplete;

    /// <summary>
    /// The migrations seem to tell of all that there is, the earlier ones too, and tell of no such thing: IF EXISTS passes over it.
    /// </summary>
    public bool SeemsMissing(DropObjects drop, ObjectName name) =>
        drop.IfExists && Migration.Before.IsWhole && Schema.IsWhole && IsMissing(drop.Kind, name);

    private bool IsMissing(ObjectKind kind, ObjectName name) => kind switch
    {
        ObjectKind.Type or ObjectKind.Domain => Schema.Type(name) is null,
        ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine => Schema.Function(name.ToString()) is null,
        ObjectKind.Index => Schema.Index(name) is null,
        ObjectKind.Table or ObjectKind.ForeignTable or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence =>
            !Schema.Relations.ContainsKey(Schema.Resolve(name)),
        _ => false,
    };

    /// <summary>IF EXISTS of a trigger, a rule or a policy that a table, of which everything is known, has not.</summary>
    public bool NeverHad(DropObjects drop, ObjectName part) => drop is { IfExists: true, OnTable: { } table } && Schema.IsComplete
        && Schema.FindTable(table) is { IsComplete: true } known && !known.Attached.Contains((drop.Kind, part.Name));

    /// <summary>The column was added by this migration: no older code knows it.</summary>
    public bool IsNewColumn(string column) => Table.Column(column) is { } known && Schema.IsNew(known.Made);

    /// <summary>The columns were added by this migration without a value: all their rows are NULL.</summary>
    public bool AreAllNull(ValueList<string> columns) =>
        columns.Count > 0 && columns.All(column => Table.Column(column) is { IsAllNull: true } known && Schema.IsNew(known.Made));
}
