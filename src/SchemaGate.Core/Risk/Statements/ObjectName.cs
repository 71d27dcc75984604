namespace SchemaGate.Core.Risk.Statements;

/// <summary>A name as PostgreSQL reads it: unquoted parts folded to lower case, <c>pg_catalog</c> left out.</summary>
/// <param name="Schema">Null where the text names none: the search path decides.</param>
/// <param name="Name">The object's own name; for a function without its arguments.</param>
public sealed record ObjectName(string? Schema, string Name)
{
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}

/// <summary>What kind of object a statement is about.</summary>
public enum ObjectKind
{
    Other,
    Table,
    ForeignTable,
    View,
    MaterializedView,
    Index,
    Sequence,
    Column,
    Constraint,
    Type,
    Attribute,
    Domain,
    DomainConstraint,
    Function,
    Procedure,
    Routine,
    Aggregate,
    Operator,
    Cast,
    Trigger,
    EventTrigger,
    Rule,
    Policy,
    Schema,
    Extension,
    Database,
    Tablespace,
    Role,
    Publication,
    Subscription,
    StatisticsObject,
    Collation,
    ForeignServer,
    Language,
}
