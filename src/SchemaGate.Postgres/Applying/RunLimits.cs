using System.Globalization;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>What may end a run early: its caller, and its deadline, which begins with this object.</summary>
internal sealed class RunLimits : IDisposable
{
    private readonly TimeSpan? _length;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;

    public RunLimits(TimeSpan? deadline, TimeProvider time, CancellationToken cancellation)
    {
        (_length, Cancellation) = (deadline, cancellation);
        _deadline = new CancellationTokenSource(deadline ?? Timeout.InfiniteTimeSpan, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _deadline.Token);
    }

    /// <summary>The caller's.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The caller's or the deadline's.</summary>
    public CancellationToken Either => _either.Token;

    /// <summary>The failure of a run whose deadline came; null before, and where the caller canceled as well.</summary>
    public DatabaseException? Passed => _deadline.IsCancellationRequested && !Cancellation.IsCancellationRequested
        ? new DatabaseException(
            DatabaseFailure.DeadlineExceeded,
            $"The run's deadline of {_length!.Value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s came before its end.")
        : null;

    /// <summary>
    /// A build that is cut off leaves an invalid index and has to begin again, while it keeps nobody from working: the deadline lets it
    /// finish.
    /// </summary>
    public CancellationToken For(StatementKind kind) => kind == StatementKind.Concurrent ? Cancellation : Either;

    /// <summary>Nothing new begins after the end.</summary>
    public void ThrowIfOver()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Passed is { } passed)
        {
            throw passed;
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _deadline.Dispose();
    }
}
