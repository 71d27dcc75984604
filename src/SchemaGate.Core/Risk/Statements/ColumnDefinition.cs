namespace SchemaGate.Core.Risk.Statements;

/// <summary>A column as CREATE TABLE or ADD COLUMN defines it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Null only where CREATE TABLE … OF or PARTITION OF leaves it to another.</param>
public sealed record ColumnDefinition(string Name, TypeName? Type)
{
    /// <summary>NOT NULL is written. A primary key, a serial type or an identity implies it without that; a domain may.</summary>
    public bool NotNull { get; init; }

    /// <summary>DEFAULT's expression. A serial type has one without that.</summary>
    public Expression? Default { get; init; }

    public GeneratedExpression? Generated { get; init; }

    public IdentityKind? Identity { get; init; }

    /// <summary>CHECK, UNIQUE, PRIMARY KEY and REFERENCES that stand with it, in order.</summary>
    public ValueList<Constraint> Constraints { get; init; }

    public string? Collation { get; init; }

    /// <summary>Where the definition begins; its length is not known and 0.</summary>
    public TextSpan Span { get; init; }
}

/// <summary>GENERATED ALWAYS AS (…).</summary>
/// <param name="Expression">What it computes.</param>
/// <param name="Stored">STORED; false is VIRTUAL (18).</param>
public sealed record GeneratedExpression(Expression Expression, bool Stored);

public enum IdentityKind
{
    Always,
    ByDefault,
}
