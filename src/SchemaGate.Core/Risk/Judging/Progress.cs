using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>A lock that an earlier statement of the transaction took, and that nobody gives back before its end.</summary>
internal sealed record HeldLock(TableLock Lock, TextSpan Span);

/// <summary>How far a migration has come.</summary>
/// <param name="Transaction">Of the statement that runs; no other migration has the same.</param>
/// <param name="IsShared">The runner wraps the statements in one.</param>
internal sealed record Progress(int Transaction, bool IsShared)
{
    /// <summary>The migration's own BEGIN.</summary>
    public TextSpan? Begun { get; init; }

    /// <summary>The migration began or ended a transaction itself.</summary>
    public bool HasControlled { get; init; }

    /// <summary>The first ACCESS EXCLUSIVE lock that the transaction took in an earlier statement.</summary>
    public HeldLock? Exclusive { get; init; }

    public bool IsInTransaction => IsShared || Begun is not null;

    public Progress Before() => IsInTransaction ? this : Next();

    public Progress After(Statement statement, IEnumerable<TableLock> locks) => statement switch
    {
        TransactionControl { Command: TransactionCommand.Begin } =>
            Next() with { Begun = statement.Span, Exclusive = Exclusive, HasControlled = true },
        _ when Transactions.IsControl(statement) => Next() with { Begun = null, HasControlled = true },
        _ when IsInTransaction && Exclusive is null && locks.FirstOrDefault(taken => taken.Mode == LockMode.AccessExclusive) is { } taken =>
            this with { Exclusive = new HeldLock(taken, statement.Span) },
        _ => this,
    };

    private Progress Next() => this with { Transaction = Transaction + 1, Exclusive = null };
}
