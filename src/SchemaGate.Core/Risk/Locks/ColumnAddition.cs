using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>Why ADD COLUMN writes all rows anew, in the order in which it is said.</summary>
internal enum RewriteCause
{
    None,
    Serial,
    Identity,
    StoredExpression,
    ConstrainedDomain,
    VolatileDefault,

    /// <summary>The default calls a function of which the migrations tell nothing.</summary>
    UnknownDefault,

    /// <summary>Before 11 any default does.</summary>
    OldServer,
}

/// <summary>What ADD COLUMN does to the rows that are there (documentation, ALTER TABLE, notes).</summary>
internal sealed record ColumnAddition(RewriteCause Rewrite, bool Scans, bool BuildsIndex)
{
    public LockWork Work =>
        LockWork.Rewrite.If(Rewrite != RewriteCause.None) | LockWork.Scan.If(Scans) | LockWork.BuildIndex.If(BuildsIndex);

    public static ColumnAddition Of(ColumnDefinition column, KnownSchema schema, int major)
    {
        RewriteCause rewrite = Cause(column, schema, major);
        bool hasValue = HasValue(column);
        bool scans = (column.NotNull && !hasValue)
            || column.Constraints.Any(constraint => constraint is CheckConstraint { NotValid: false, NotEnforced: false })
            || (hasValue
                && column.Constraints.Any(constraint => constraint is ForeignKeyConstraint { NotValid: false, NotEnforced: false }));
        return new ColumnAddition(rewrite, scans, column.Constraints.Any(constraint => constraint is KeyConstraint));
    }

    /// <summary>Existing rows get a value, which is not NULL.</summary>
    public static bool HasValue(ColumnDefinition column) =>
        column.Default is { IsNull: false } || column.Generated is not null || column.Identity is not null
        || column.Type is { IsSerial: true };

    private static RewriteCause Cause(ColumnDefinition column, KnownSchema schema, int major) => column switch
    {
        { Type.IsSerial: true } => RewriteCause.Serial,
        { Identity: not null } => RewriteCause.Identity,
        { Generated.Stored: true } => RewriteCause.StoredExpression,
        { Type: { } type } when schema.Type(type) is KnownDomain { IsConstrained: true } => RewriteCause.ConstrainedDomain,
        { Default: { IsNull: false } given } when IsVolatile(given, schema) is { } isVolatile && isVolatile => RewriteCause.VolatileDefault,
        { Default: { IsNull: false } given } when IsVolatile(given, schema) is null => RewriteCause.UnknownDefault,
        { Default.IsNull: false } when major < 11 => RewriteCause.OldServer,
        _ => RewriteCause.None,
    };

    /// <summary>Null: it calls a function that no migration made. One that a migration made says what it is.</summary>
    private static bool? IsVolatile(Expression expression, KnownSchema schema)
    {
        if (expression.Volatility != Volatility.Unknown)
        {
            return expression.Volatility == Volatility.Volatile;
        }

        FunctionVolatility?[] known = [.. expression.Functions.Select(name => schema.Function(name)?.Volatility)];
        if (known.Contains(FunctionVolatility.Volatile))
        {
            return true;
        }

        return known.Length > 0 && schema.IsComplete && expression.Functions.Count == 1 && known[0] is not null ? false : null;
    }
}
