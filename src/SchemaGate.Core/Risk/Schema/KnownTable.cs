using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>What shares the namespace of tables (documentation, 5.10).</summary>
internal abstract record KnownRelation(ObjectName Name, Moment Made);

internal sealed record KnownView(ObjectName Name, Moment Made, bool IsMaterialized) : KnownRelation(Name, Made)
{
    /// <summary>Unique indexes and others of a materialized view.</summary>
    public ImmutableArray<KnownIndex> Indexes { get; init; } = [];
}

internal sealed record KnownSequence(ObjectName Name, Moment Made) : KnownRelation(Name, Made);

/// <summary>A table as far as the migrations tell.</summary>
internal sealed record KnownTable(ObjectName Name, Moment Made) : KnownRelation(Name, Made)
{
    /// <summary>
    /// PostgreSQL's limit for columns (documentation, appendix K), here for constraints and indexes too: more of them are not kept, so that
    /// no script takes forever.
    /// </summary>
    public const int MostParts = 1600;

    public ImmutableArray<KnownColumn> Columns { get; init; } = [];

    public ImmutableArray<KnownConstraint> Constraints { get; init; } = [];

    public ImmutableArray<KnownIndex> Indexes { get; init; } = [];

    /// <summary>Its triggers, rules and policies.</summary>
    public ImmutableArray<(ObjectKind Kind, string Name)> Attached { get; init; } = [];

    public Persistence Persistence { get; init; }

    public bool IsPartitioned { get; init; }

    public ObjectName? PartitionOf { get; init; }

    public bool IsDefaultPartition { get; init; }

    /// <summary>All of it is known: what is not listed is not there.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>A table that no migration made: nothing is known but its name.</summary>
    public static KnownTable Unknown(ObjectName name) => new(name, Moment.Before) { IsComplete = false };

    /// <summary>No more is kept of it.</summary>
    public bool IsFull => Columns.Length >= MostParts || Constraints.Length >= MostParts || Indexes.Length >= MostParts
        || Attached.Length >= MostParts;

    public KnownColumn? Column(string name) => Columns.FirstOrDefault(column => column.Name == name);

    public KnownConstraint? Constraint(string name) => Constraints.FirstOrDefault(constraint => constraint.Name == name);

    public KnownIndex? Index(string name) => Indexes.FirstOrDefault(index => index.Name == name);

    public PrimaryKeyConstraint? PrimaryKey =>
        Constraints.Select(constraint => constraint.Definition).OfType<PrimaryKeyConstraint>().FirstOrDefault();

    public IEnumerable<ForeignKeyConstraint> ForeignKeys =>
        Constraints.Select(constraint => constraint.Definition).OfType<ForeignKeyConstraint>();
}

/// <param name="Type">Null where it is not known.</param>
internal sealed record KnownColumn(string Name, TypeName? Type, Moment Made)
{
    /// <summary>Null where it is not known.</summary>
    public bool? NotNull { get; init; }

    /// <summary>Null where it is not known. Identity and serial have one; an explicit NULL is none.</summary>
    public bool? HasDefault { get; init; }

    public IdentityKind? Identity { get; init; }

    public GeneratedExpression? Generated { get; init; }

    /// <summary>The values of the enum that it left for text, and when: its rows have no others at first.</summary>
    public (ValueList<string> Values, Moment At)? LeftEnum { get; init; }

    /// <summary>Every row has NULL in it: it was added without a default, and no statement since wrote to its table.</summary>
    public bool IsAllNull { get; init; }
}

/// <param name="Definition">With its columns; where USING INDEX named none, those of the index.</param>
/// <param name="IsValid">Existing rows satisfy it.</param>
internal sealed record KnownConstraint(string Name, Constraint Definition, bool IsValid, Moment Made);

/// <param name="Columns">Its plain key columns, in order; an expression is null.</param>
internal sealed record KnownIndex(string Name, ValueList<string?> Columns, bool Unique, Moment Made)
{
    /// <summary>Columns that its expressions and its WHERE name.</summary>
    public ValueList<string> ExpressionColumns { get; init; }

    public ValueList<string> Include { get; init; }

    public bool HasWhere { get; init; }

    /// <summary>NULLS NOT DISTINCT (15).</summary>
    public bool NullsNotDistinct { get; init; }

    /// <summary>The <see cref="KeyComparison"/> of each key; empty where each is its column's.</summary>
    public ValueList<string> Comparisons { get; init; }

    /// <summary>No two rows have the same values in its columns, but NULLs, as it compares them.</summary>
    public bool IsUnique => Unique && !HasWhere && Columns.Count > 0 && Columns.All(column => column is not null);

    /// <summary>No two rows have the same values in its columns, but NULLs.</summary>
    public bool IsPlainlyUnique => IsUnique && Comparisons.All(comparison => comparison.Length == 0);

    /// <summary>How it compares the column of this place.</summary>
    public string Comparison(int place) => Comparisons.Count == 0 ? "" : Comparisons[place];
}
