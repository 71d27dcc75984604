namespace SchemaGate.Core.Catalogs;

/// <summary>What kinds of objects a catalog has. Their order is one in which they can be made, but for what needs a later one.</summary>
public enum CatalogKind
{
    Schema,
    Extension,
    Collation,
    Enum,
    Domain,
    CompositeType,
    RangeType,
    Sequence,
    Function,
    Procedure,
    Aggregate,
    Table,
    ForeignTable,
    Column,
    View,
    MaterializedView,
    Constraint,
    Index,
    Statistics,
    Rule,
    Trigger,
    Policy,
    Publication,

    /// <summary>What is seen and not compared (operators, casts, text search, event triggers, ...): its name says its kind.</summary>
    Other,
}
