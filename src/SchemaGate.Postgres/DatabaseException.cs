namespace SchemaGate.Postgres;

/// <summary>What stands between SchemaGate and a database, in kinds that call for different next steps.</summary>
public enum DatabaseFailure
{
    /// <summary>No connection: name resolution, network, a refused connection, a server that starts or stops.</summary>
    Unreachable,

    /// <summary>The server answered too late.</summary>
    TimedOut,

    /// <summary>The server has no connection left.</summary>
    TooManyConnections,

    /// <summary>An encrypted connection could not be agreed on, or a certificate was not accepted.</summary>
    TlsFailed,

    /// <summary>The server refuses this user: password, <c>pg_hba.conf</c> or privileges.</summary>
    AccessDenied,

    /// <summary>The server took the user, and refuses it something that it has to do (42501).</summary>
    PrivilegeMissing,

    /// <summary>The server has no such database.</summary>
    DatabaseMissing,

    /// <summary>The server is a standby or read-only, and something was to be written.</summary>
    ReadOnly,

    /// <summary>The history table exists but cannot be read.</summary>
    HistoryUnreadable,

    /// <summary>The server's catalog cannot be read.</summary>
    CatalogUnreadable,

    /// <summary>The catalog has more than is read.</summary>
    CatalogTooLarge,

    /// <summary>The schema has tables but no history (Prisma's P3005).</summary>
    BaselineRequired,

    /// <summary>An earlier migration did not finish (Prisma's P3009).</summary>
    MigrationUnfinished,

    /// <summary>A migration failed (Prisma's P3018).</summary>
    MigrationFailed,

    /// <summary>The migration set itself is unusable.</summary>
    SetUnusable,

    /// <summary>A migration has text that cannot be run here, such as <c>COPY FROM STDIN</c>.</summary>
    ScriptRefused,

    /// <summary>The history cannot be corrected as asked (Prisma's P3011, P3012, P3017, and a baseline where there is a history).</summary>
    ResolveRefused,

    /// <summary>Another run holds the migration lock, or has died and is still at work on the server.</summary>
    LockUnavailable,

    /// <summary>The URL leads to a transaction pooler, which cannot hold a session's lock.</summary>
    TransactionPooler,

    /// <summary>libpg_query is not there.</summary>
    ParserMissing,

    /// <summary>
    /// The URL's settings cannot be used, such as a certificate file that cannot be read; or they lead to another database than the one
    /// that was judged.
    /// </summary>
    SettingsUnusable,

    /// <summary>The caller canceled.</summary>
    Canceled,

    /// <summary>The run's own deadline came before its end.</summary>
    DeadlineExceeded,

    /// <summary>Any other error of the server.</summary>
    ServerError,
}

/// <summary>
/// The only exception of this project. Its message is one or two sentences of its own making with the next step; it names neither a
/// user nor a password, and it carries no inner exception, because a driver's text may.
/// </summary>
public sealed class DatabaseException : Exception
{
    public DatabaseException(DatabaseFailure kind, string message, string? sqlState = null)
        : base(message)
    {
        Kind = kind;
        SqlState = sqlState;
    }

    public DatabaseFailure Kind { get; }

    /// <summary>The server's five-character error code (PostgreSQL documentation, appendix A), where the server spoke.</summary>
    public string? SqlState { get; }
}
