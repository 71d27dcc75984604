using SchemaGate.Core.Migrations;

namespace SchemaGate.Postgres.Applying;

/// <summary>Whether trying again can help, where the server has not said what is wrong.</summary>
internal static class FailureClasses
{
    /// <summary>By the server's code, which says more than our kind, where there is one.</summary>
    public static FailureClass Of(DatabaseFailure kind, string? sqlState) => sqlState is null ? Of(kind) : SqlStateClasses.Of(sqlState);

    public static FailureClass Of(DatabaseFailure kind) => kind switch
    {
        // Canceled: whoever canceled ends this run, not the next one. A deadline between two migrations: the next run begins further on.
        DatabaseFailure.Unreachable or DatabaseFailure.TimedOut or DatabaseFailure.TooManyConnections or DatabaseFailure.LockUnavailable
            or DatabaseFailure.Canceled or DatabaseFailure.DeadlineExceeded => FailureClass.Transient,
        // A failover makes a primary of a standby.
        DatabaseFailure.ReadOnly => FailureClass.Transient,
        DatabaseFailure.ServerError => FailureClass.Unknown,
        _ => FailureClass.Permanent,
    };
}
