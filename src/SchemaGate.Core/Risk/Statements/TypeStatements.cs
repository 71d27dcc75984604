namespace SchemaGate.Core.Risk.Statements;

public sealed record CreateEnumType(ObjectName Type, ValueList<string> Values) : Statement;

/// <summary>ALTER TYPE … ADD VALUE.</summary>
/// <param name="Before">The value that it is to stand before.</param>
/// <param name="After">The value that it is to stand after; without both it goes to the end.</param>
public sealed record AddEnumValue(ObjectName Type, string Value, string? Before, string? After, bool IfNotExists) : Statement;

public sealed record RenameEnumValue(ObjectName Type, string Value, string NewValue) : Statement;

/// <summary>CREATE TYPE of another kind than an enum.</summary>
public sealed record CreateType(ObjectName Type, TypeForm Form) : Statement
{
    /// <summary>A composite type's attributes.</summary>
    public ValueList<ColumnDefinition> Attributes { get; init; }
}

public enum TypeForm
{
    Composite,
    Range,

    /// <summary>A new base type, or a shell.</summary>
    Scalar,
}

public sealed record CreateDomain(ObjectName Domain, TypeName Type) : Statement
{
    public bool NotNull { get; init; }

    public Expression? Default { get; init; }

    /// <summary>Its CHECK constraints.</summary>
    public ValueList<Constraint> Constraints { get; init; }

    /// <summary>What is not in the base type's own values: then a new column of it makes PostgreSQL look at every row.</summary>
    public bool IsConstrained => NotNull || Constraints.Count > 0;
}

/// <summary>ALTER DOMAIN.</summary>
/// <param name="ConstraintName">Of VALIDATE and DROP CONSTRAINT.</param>
/// <param name="Constraint">Of ADD.</param>
/// <param name="Cascade">DROP CONSTRAINT … CASCADE.</param>
public sealed record AlterDomain(
    ObjectName Domain, DomainAction Action, string? ConstraintName, Constraint? Constraint, bool Cascade) : Statement;

public enum DomainAction
{
    Other,
    SetDefault,
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddConstraint,
    DropConstraint,
    ValidateConstraint,
}
