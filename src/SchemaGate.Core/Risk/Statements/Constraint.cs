namespace SchemaGate.Core.Risk.Statements;

/// <summary>A constraint of a table, a column or a domain, as written.</summary>
public abstract record Constraint
{
    private protected Constraint()
    {
    }

    /// <summary>Null where PostgreSQL will make one up.</summary>
    public string? Name { get; init; }

    /// <summary>NOT VALID: existing rows are not checked.</summary>
    public bool NotValid { get; init; }

    /// <summary>NOT ENFORCED (18): nothing is checked.</summary>
    public bool NotEnforced { get; init; }

    public bool Deferrable { get; init; }

    /// <summary>Where it begins; its length is not known and 0.</summary>
    public TextSpan Span { get; init; }
}

public sealed record CheckConstraint(Expression Expression) : Constraint
{
    public bool NoInherit { get; init; }

    /// <summary>Of what it says: the same for the same words, whatever they are called or where they stand.</summary>
    public ulong Fingerprint { get; init; }
}

/// <summary>NOT NULL as a table constraint (18) or as a domain's.</summary>
/// <param name="Column">Null for a domain's.</param>
public sealed record NotNullConstraint(string? Column) : Constraint;

/// <summary>What an index of its own or a given one keeps: UNIQUE, PRIMARY KEY.</summary>
/// <param name="Columns">Empty with <paramref name="UsingIndex"/>; the column itself where it stands inline.</param>
/// <param name="UsingIndex">The existing index that becomes the constraint's.</param>
public abstract record KeyConstraint(ValueList<string> Columns, string? UsingIndex) : Constraint
{
    /// <summary>Columns that its index has beside the keys.</summary>
    public ValueList<string> Include { get; init; }
}

public sealed record UniqueConstraint(ValueList<string> Columns, string? UsingIndex = null) : KeyConstraint(Columns, UsingIndex)
{
    /// <summary>NULLS NOT DISTINCT (15).</summary>
    public bool NullsNotDistinct { get; init; }
}

public sealed record PrimaryKeyConstraint(ValueList<string> Columns, string? UsingIndex = null) : KeyConstraint(Columns, UsingIndex);

/// <summary>FOREIGN KEY or REFERENCES.</summary>
/// <param name="Columns">The column itself where it stands inline.</param>
/// <param name="Table">The referenced table.</param>
/// <param name="ReferencedColumns">Empty: its primary key.</param>
public sealed record ForeignKeyConstraint(
    ValueList<string> Columns,
    ObjectName Table,
    ValueList<string> ReferencedColumns,
    ReferentialAction OnDelete,
    ReferentialAction OnUpdate)
    : Constraint;

/// <summary>EXCLUDE.</summary>
/// <param name="Columns">Its elements that are plain columns.</param>
public sealed record ExclusionConstraint(ValueList<string> Columns) : Constraint;

public enum ReferentialAction
{
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}
