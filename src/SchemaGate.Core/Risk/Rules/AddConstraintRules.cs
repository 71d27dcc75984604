using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>Constraints that tables which exist get by ALTER TABLE, other than foreign keys.</summary>
internal static class AddConstraintRules
{
    public static RiskRule CheckValidated { get; } = new(
        "add-check-validated", "All rows are read under ACCESS EXCLUSIVE", BlockingLock, RiskSeverity.Medium,
        "Add it NOT VALID, which binds new rows at once; VALIDATE CONSTRAINT in a later migration.")
    {
        Judge = static context => Added(context) is { NotValid: false, NotEnforced: false } constraint and (CheckConstraint
            or NotNullConstraint)
            ? [new($"Adding {Named(constraint, "a CHECK")} reads all of {context.TableName} under ACCESS EXCLUSIVE.")]
            : [],
    };

    public static RiskRule UniqueBuildsIndex { get; } = new(
        "add-unique-builds-index", "An index is built under ACCESS EXCLUSIVE", BlockingLock, RiskSeverity.High,
        "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … UNIQUE USING INDEX.")
    {
        Judge = static context => Added(context) is UniqueConstraint { UsingIndex: null } constraint
            ? [new($"Adding {Named(constraint, "UNIQUE")} builds an index on {context.TableName} under ACCESS EXCLUSIVE: "
                + "reads and writes stop until it is done.")]
            : [],
    };

    public static RiskRule PrimaryKeyBuildsIndex { get; } = new(
        "add-primary-key-builds-index", "An index is built under ACCESS EXCLUSIVE", BlockingLock, RiskSeverity.High,
        "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, make the columns NOT NULL, "
            + "then ADD CONSTRAINT … PRIMARY KEY USING INDEX.")
    {
        Judge = static context => Added(context) is PrimaryKeyConstraint { UsingIndex: null }
            ? [new($"Adding a primary key builds an index on {context.TableName} under ACCESS EXCLUSIVE: "
                + "reads and writes stop until it is done.")]
            : [],
    };

    public static RiskRule PrimaryKeyOnNullable { get; } = new(
        "primary-key-using-nullable-index", "A primary key makes its columns NOT NULL, and reads all rows for it", BlockingLock,
        RiskSeverity.Medium, "Make the columns NOT NULL first, by a CHECK (… IS NOT NULL) that was validated.")
    {
        Judge = static context => Added(context) is PrimaryKeyConstraint { UsingIndex: { } index }
            && context.Locks is [{ Work: not LockWork.None } held, ..]
            ? [ReadsAll(context, index, held.IsAssumed)]
            : [],
    };

    public static RiskRule Exclusion { get; } = new(
        "add-exclusion-constraint", "An index is built under ACCESS EXCLUSIVE, and there is no concurrent way", BlockingLock,
        RiskSeverity.High, "Do it in a quiet hour with a lock_timeout, or on a new table that takes over.")
    {
        Judge = static context => Added(context) is ExclusionConstraint constraint
            ? [new($"Adding {Named(constraint, "EXCLUDE")} builds an index on {context.TableName} under ACCESS EXCLUSIVE: "
                + "reads and writes stop until it is done.")]
            : [],
    };

    private static Hit ReadsAll(StatementContext context, string index, bool isAssumed)
    {
        string sentence = $"PRIMARY KEY USING INDEX `{index}` reads all of {context.TableName} under ACCESS EXCLUSIVE";
        return isAssumed
            ? new($"{sentence}, if a column of the index may be NULL.") { IsAssumed = true, Severity = RiskSeverity.Low }
            : new($"{sentence}: a column of the index may be NULL.");
    }

    private static Constraint? Added(StatementContext context) =>
        context is { IsOnExisting: true, Action: AddConstraint add } ? add.Constraint : null;

    private static string Named(Constraint constraint, string otherwise) => constraint.Name is { } name ? $"`{name}`" : otherwise;
}
