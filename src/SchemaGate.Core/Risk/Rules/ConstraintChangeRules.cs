using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>Constraints that exist.</summary>
internal static class ConstraintChangeRules
{
    public static RiskRule ValidatedTooEarly { get; } = new(
        "validate-in-same-transaction", "The scan runs under the lock that ADD … NOT VALID still holds", BlockingLock, RiskSeverity.High,
        "VALIDATE CONSTRAINT in a migration of its own.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: ValidateConstraint validate, Progress.IsInTransaction: true }
            && context.Table.Constraint(validate.Name) is { } constraint && context.Schema.IsInThisTransaction(constraint.Made)
            ? [new($"`{validate.Name}` is validated in the transaction that adds it: "
                + $"all of {context.TableName} is read under {Held(constraint)}.")]
            : [],
    };

    private static string Held(KnownConstraint constraint) =>
        LockSentence.Words(constraint.Definition is ForeignKeyConstraint ? LockMode.ShareRowExclusive : LockMode.AccessExclusive);
}
