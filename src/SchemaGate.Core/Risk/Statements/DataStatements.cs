namespace SchemaGate.Core.Risk.Statements;

/// <summary>SELECT, VALUES, TABLE: read only, unless a function it calls or a part of its WITH changes data.</summary>
public sealed record SelectQuery : Statement
{
    /// <summary>FOR UPDATE and its kin.</summary>
    public bool LocksRows { get; init; }
}

/// <summary>A statement that changes rows.</summary>
/// <param name="Table">Whose rows.</param>
public abstract record DataChange(ObjectName Table) : Statement
{
    /// <summary>
    /// Columns whose values it replaces by others. Those that it sets only where they are NULL keep what they have: <c>WHERE a IS NULL</c>,
    /// <c>a = COALESCE(a, …)</c>.
    /// </summary>
    public ValueList<string> Overwritten { get; init; }
}

/// <param name="Columns">Empty where the text names none.</param>
public sealed record InsertRows(ObjectName Table, ValueList<string> Columns) : DataChange(Table)
{
    /// <summary>The rows that VALUES lists; null where a query makes them, 1 for DEFAULT VALUES.</summary>
    public int? Rows { get; init; }
}

/// <param name="Columns">Those that it sets.</param>
/// <param name="HasWhere">See <see cref="DeleteRows"/>.</param>
public sealed record UpdateRows(ObjectName Table, ValueList<string> Columns, bool HasWhere) : DataChange(Table)
{
    /// <summary>See <see cref="DeleteRows.NotNull"/>.</summary>
    public ValueList<string> NotNull { get; init; }
}

/// <param name="HasWhere">A WHERE says which rows; one that is true of every row (<c>WHERE true</c>) is none.</param>
public sealed record DeleteRows(ObjectName Table, bool HasWhere) : DataChange(Table)
{
    /// <summary>Where <c>HasWhere</c> is false: rows with NULL in one of these columns are left out, and no others.</summary>
    public ValueList<string> NotNull { get; init; }
}

/// <param name="Deletes">WHEN MATCHED THEN DELETE.</param>
public sealed record MergeRows(ObjectName Table, bool Deletes) : DataChange(Table);

public sealed record TruncateTables(ValueList<ObjectName> Tables, bool Cascade) : Statement;

/// <summary>COPY.</summary>
/// <param name="Table">Null for a query.</param>
/// <param name="IsFrom">FROM, into the table; else TO.</param>
/// <param name="FileName">Null for STDIN and STDOUT.</param>
public sealed record CopyData(ObjectName? Table, bool IsFrom, string? FileName, bool IsProgram) : Statement;
