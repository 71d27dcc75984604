namespace SchemaGate.Core.Risk.Statements;

/// <summary>SELECT, VALUES, TABLE: read only, unless a function it calls or a part of its WITH changes data.</summary>
public sealed record SelectQuery : Statement
{
    /// <summary>
    /// INSERT, UPDATE, DELETE and MERGE in its WITH, which run whatever the rest says; their spans are the whole statement's.
    /// </summary>
    public ValueList<DataChange> Changes { get; init; }

    /// <summary>FOR UPDATE and its kin.</summary>
    public bool LocksRows { get; init; }
}

/// <summary>A statement that changes rows.</summary>
/// <param name="Table">Whose rows.</param>
public abstract record DataChange(ObjectName Table) : Statement
{
    /// <summary>INSERT, UPDATE, DELETE and MERGE in its WITH; their spans are the whole statement's.</summary>
    public ValueList<DataChange> Changes { get; init; }
}

/// <param name="Columns">Empty where the text names none.</param>
public sealed record InsertRows(ObjectName Table, ValueList<string> Columns) : DataChange(Table)
{
    /// <summary>The rows that VALUES lists; null where a query makes them, 1 for DEFAULT VALUES.</summary>
    public int? Rows { get; init; }

    /// <summary>ON CONFLICT DO UPDATE.</summary>
    public bool UpdatesOnConflict { get; init; }
}

/// <param name="Columns">Those that it sets.</param>
public sealed record UpdateRows(ObjectName Table, ValueList<string> Columns, bool HasWhere) : DataChange(Table);

public sealed record DeleteRows(ObjectName Table, bool HasWhere) : DataChange(Table);

public sealed record MergeRows(ObjectName Table) : DataChange(Table);

public sealed record TruncateTables(ValueList<ObjectName> Tables, bool Cascade) : Statement;

/// <summary>COPY.</summary>
/// <param name="Table">Null for a query.</param>
/// <param name="IsFrom">FROM, into the table; else TO.</param>
/// <param name="FileName">Null for STDIN and STDOUT.</param>
public sealed record CopyData(ObjectName? Table, bool IsFrom, string? FileName, bool IsProgram) : Statement;
