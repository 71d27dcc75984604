using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>What must not, or should not, share a transaction.</summary>
internal static class TransactionRules
{
    public static RiskRule Concurrently { get; } = new(
        "concurrently-in-transaction", "The server refuses the statement in a transaction", NonTransactional, RiskSeverity.High,
        "A migration of its own, with nothing else in it.")
    {
        Judge = static context => context switch
        {
            { Action: not null } => [],
            { Progress.IsInTransaction: true } when Transactions.IsForbidden(context.Statement) =>
                [new("This statement fails in a transaction (25001): nothing of the migration remains.")],
            _ when Transactions.IsForbidden(context.Statement) && HasOthers(context) =>
            [
                new("The migration runs statement by statement because of this one: a failure leaves it half done, "
                    + "and a runner that sends the file as one text fails (25001).")
                {
                    Severity = RiskSeverity.Low,
                },
            ],
            _ => [],
        },
    };

    public static RiskRule AfterAccessExclusive { get; } = new(
        "statement-after-access-exclusive", "Slow work is done while an earlier statement's lock stops reads and writes", BlockingLock,
        RiskSeverity.Medium, "Split it: what locks for a moment in one migration, what takes long in the next.")
    {
        Judge = static context => context.Progress.Exclusive is { } held && IsSlow(context)
            ? [new($"This takes long, and the ACCESS EXCLUSIVE lock on {context.Name(held.Lock)} that line {held.Span.Line} took is "
                + "held until the transaction ends.")]
            : [],
    };

    public static RiskRule Controls { get; } = new(
        "transaction-control-in-migration", "The migration begins and ends transactions itself", NonTransactional, RiskSeverity.Medium,
        "Leave BEGIN and COMMIT out: a migration runs in one transaction where it can, with its history row.")
    {
        Judge = static context => Transactions.IsControl(context.Statement) && !context.Progress.HasControlled
            ? [new("The migration controls transactions itself: what it commits stays when a later statement fails, "
                + "and the history row is not part of it.")]
            : [],
    };

    public static RiskRule Unclosed { get; } = new(
        "unclosed-transaction", "A transaction is begun and not ended", NonTransactional, RiskSeverity.Medium, "COMMIT at the end, or "
            + "leave BEGIN out.")
    {
        JudgeWhole = static migration => migration.Progress.Begun is { } begun
            ? [new("Nothing ends the transaction that begins here: what follows it is rolled back.") { Span = begun }]
            : [],
    };

    public static RiskRule LocksTable { get; } = new(
        "explicit-lock-table", "LOCK TABLE stops others until the transaction ends", BlockingLock, RiskSeverity.Medium,
        "Let each statement take the lock that it needs, with a lock_timeout.")
    {
        Judge = static context => context.Statement is LockTables { Mode: >= LockMode.Share } locks
            ? locks.Tables.Where(table => !context.Schema.IsExempt(table))
                .Select(table => new Hit($"Locks {context.Name(table)} in {LockSentence.Words(locks.Mode)} until the transaction ends."))
            : [],
    };

    public static RiskRule LockTimeoutMissing { get; } = new(
        "missing-lock-timeout", "A statement that waits for its lock makes everyone wait behind it", BlockingLock, RiskSeverity.Low,
        "SET LOCAL lock_timeout = '5s' first, and try again when it fails.")
    {
        JudgeWhole = static migration => migration.Options.LockTimeoutIsSet ? [] : First(
            migration, "lock_timeout", static held => held.Mode >= LockMode.Share, "Without a lock_timeout, "
                + "everyone who needs {0} waits as long as this statement waits for its lock."),
    };

    public static RiskRule StatementTimeoutMissing { get; } = new(
        "missing-statement-timeout", "Long work under a lock has no limit", BlockingLock, RiskSeverity.Low,
        "SET LOCAL statement_timeout first.")
    {
        JudgeWhole = static migration => First(
            migration, "statement_timeout", static held => held.Mode >= LockMode.Share && !held.IsBrief, "Without a statement_timeout, "
                + "{0} is locked as long as this statement takes."),
    };

    private static IEnumerable<Hit> First(MigrationContext migration, string parameter, Func<TableLock, bool> isMeant, string message)
    {
        StatementContext? step = migration.Steps.FirstOrDefault(
            step => step.Locks.Any(isMeant) && !step.Schema.Parameters.ContainsKey(parameter));
        return step is null ? [] :
        [
            new(message.Replace("{0}", step.Name(step.Locks.First(isMeant)), StringComparison.Ordinal))
            {
                Span = step.Action?.Span ?? step.Statement.Span,
            },
        ];
    }

    private static bool HasOthers(StatementContext context) =>
        context.Migration.Statements.Any(
            other => !ReferenceEquals(other, context.Statement) && other is not (SetParameter or TransactionControl));

    private static bool IsSlow(StatementContext context) => context.Locks.Any(held => !held.IsBrief)
        || (context.ChangesRows && context.DataChanges.Any(change => IsSlow(change) && !context.Schema.IsExempt(change.Table)));

    private static bool IsSlow(DataChange change) => change is UpdateRows or DeleteRows or MergeRows or InsertRows { Rows: null };
}
