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

    public static RiskRule DropsConstraint { get; } = new(
        "drop-constraint", "What the constraint kept out may come in; a foreign key's drop locks both tables", BreaksApplication,
        RiskSeverity.Medium, "Do it alone, with a lock_timeout, when no code relies on it.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: DropConstraint drop } && !IsNew(context, drop.Name)
            ? [new($"Drops `{drop.Name}` of {context.TableName}: what it kept out may come in.{Parent(context, drop.Name)}")]
            : [],
    };

    private static bool IsNew(StatementContext context, string name) =>
        context.Table.Constraint(name) is { } constraint && context.Schema.IsNew(constraint.Made);

    private static string Parent(StatementContext context, string name) =>
        context.Table.Constraint(name)?.Definition is ForeignKeyConstraint key ? $" {context.Name(key.Table)} is locked, too." : "";

    private static string Held(KnownConstraint constraint) =>
        LockSentence.Words(constraint.Definition is ForeignKeyConstraint ? LockMode.ShareRowExclusive : LockMode.AccessExclusive);
}
