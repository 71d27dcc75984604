using System.Collections.Immutable;
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

    public ImmutableList<HeldLock> Held { get; init; } = [];

    public bool IsInTransaction => IsShared || Begun is not null;

    public Progress Before() => IsInTransaction ? this : Next();

    public Progress After(Statement statement, IEnumerable<TableLock> locks) => statement switch
    {
        TransactionControl { Command: TransactionCommand.Begin } => Next() with { Begun = statement.Span, Held = Held },
        _ when Transactions.IsControl(statement) => Next() with { Begun = null },
        _ when IsInTransaction => this with { Held = Held.AddRange(locks.Select(taken => new HeldLock(taken, statement.Span))) },
        _ => this,
    };

    private Progress Next() => this with { Transaction = Transaction + 1, Held = [] };
}
