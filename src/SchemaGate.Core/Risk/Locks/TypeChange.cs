using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>What ALTER COLUMN … TYPE does (documentation, ALTER TABLE, notes; measured on 13 to 18).</summary>
internal enum TypeChangeKind
{
    /// <summary>The catalog changes, no row does.</summary>
    InPlace,

    Rewrite,

    /// <summary>The old type is not known: it may be either.</summary>
    Unknown,
}

/// <summary>A foreign key of a column that changes, from either side.</summary>
/// <param name="IsChecked">Every row is looked up again.</param>
internal sealed record OtherKey(string Name, ObjectName OtherTable, bool IsChecked);

/// <param name="RebuiltIndexes">Indexes that are built again though no row changes.</param>
/// <param name="RecheckedConstraints">CHECK constraints that are checked again.</param>
/// <param name="ForeignKeys">Foreign keys of the column, and those of other tables that reference it, in other tables.</param>
internal sealed record TypeChange(
    TypeChangeKind Kind,
    IReadOnlyList<KnownIndex> RebuiltIndexes,
    IReadOnlyList<KnownConstraint> RecheckedConstraints,
    IReadOnlyList<OtherKey> ForeignKeys)
{
    public LockWork Work => Kind != TypeChangeKind.InPlace
        ? LockWork.Rewrite
        : LockWork.BuildIndex.If(RebuiltIndexes.Count > 0) | LockWork.Scan.If(RecheckedConstraints.Count > 0);

    public static TypeChange Of(KnownTable table, AlterColumnType change, KnownSchema schema)
    {
        TypeName? old = table.Column(change.Column)?.Type;
        TypeChangeKind kind = KindOf(old, change, schema);
        bool rebuilds = change.Collation is not null
            || (old is { } type && (InPlaceTypes.ChangesOrder(type, change.Type, schema)
                || (type.Name != change.Type.Name && type.Name.StartsWith("timestamp", StringComparison.Ordinal))));
        return new TypeChange(
            kind,
            [.. table.Indexes.Where(
                index => index.ExpressionColumns.Contains(change.Column) || (rebuilds && index.Columns.Contains(change.Column)))],
            [.. table.Constraints.Where(constraint => constraint.Definition is CheckConstraint { NotEnforced: false } check
                && check.Expression.Columns.Contains(change.Column))],
            [.. Keys(table, change.Column, kind != TypeChangeKind.InPlace, schema)]);
    }

    private static IEnumerable<OtherKey> Keys(KnownTable table, string column, bool isRewritten, KnownSchema schema) =>
    [
        .. table.Constraints.Where(constraint => constraint.Definition is ForeignKeyConstraint key && key.Columns.Contains(column))
            .Select(constraint => new OtherKey(
                constraint.Name, ((ForeignKeyConstraint)constraint.Definition).Table, isRewritten && constraint.IsValid)),
        .. schema.ReferencesTo(table.Name)
            .Where(reference => IsReferenced((ForeignKeyConstraint)reference.Constraint.Definition, table, column))
            .Select(
                reference => new OtherKey(reference.Constraint.Name, reference.Table.Name, isRewritten && reference.Constraint.IsValid)),
    ];

    private static bool IsReferenced(ForeignKeyConstraint key, KnownTable table, string column) =>
        key.ReferencedColumns.Count > 0
        ? key.ReferencedColumns.Contains(column)
        : table.PrimaryKey is not { } primary || primary.Columns.Contains(column);

    private static TypeChangeKind KindOf(TypeName? old, AlterColumnType change, KnownSchema schema)
    {
        if (change.Using is { } expression && expression.CastColumn != change.Column)
        {
            return TypeChangeKind.Rewrite;
        }

        if (old is null)
        {
            return InPlaceTypes.AlwaysRewrites(change.Type) ? TypeChangeKind.Rewrite : TypeChangeKind.Unknown;
        }

        TypeName[] steps = [old, .. change.Using?.Casts ?? [], change.Type];
        return steps.Zip(steps.Skip(1)).All(step => InPlaceTypes.IsInPlace(step.First, step.Second, schema))
            ? TypeChangeKind.InPlace
            : TypeChangeKind.Rewrite;
    }
}
