using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;

namespace SchemaGate.Postgres.Connections;

/// <summary>
/// Turns whatever the driver throws into a <see cref="DatabaseException"/> with a sentence of our own: the driver's text may name users.
/// Error codes are PostgreSQL's (appendix A).
/// </summary>
internal static class FailureSentences
{
    /// <summary>Where the server looks for CONNECT (its sources, utils/init/postinit.c).</summary>
    private const string ConnectCheck = "CheckMyDatabase";

    public static DatabaseException Of(Exception exception, DatabaseUrl url) => Innermost(exception) switch
    {
        DatabaseException own => own,
        PostgresException server => OfServer(server, url),
        SocketException socket => OfSocket(socket, url),
        AuthenticationException => Failure(
            DatabaseFailure.TlsFailed,
            $"No encrypted connection to {url.Servers} could be agreed on, or its certificate is not trusted. Check sslmode, "
                + "and sslcert or sslrootcert if the certificate is private."),
        TimeoutException or OperationCanceledException => Failure(
            DatabaseFailure.TimedOut, $"{url.Servers} did not answer in time. Check the network between, its policies, "
                + "and the server's load."),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException => Failure(
            DatabaseFailure.SettingsUnusable, "A certificate or password file that the URL names cannot be read. "
                + "Check its path and format."),
        IOException => Failure(
            DatabaseFailure.Unreachable, $"The connection to {url.Servers} broke. "
                + "Check that it is a PostgreSQL server and that nothing between closes connections."),
        var other => OfDriver(other, url),
    };

    /// <summary>Whether the connection is to blame rather than what was asked: a fresh one may do.</summary>
    public static bool IsBrokenConnection(Exception exception) =>
        Innermost(exception) is PostgresException { SqlState: "57P01" or "57P02" or "57P05" } or IOException or SocketException;

    private static Exception Innermost(Exception exception)
    {
        Exception current = exception;
        while (current is not (PostgresException or SocketException or AuthenticationException or TimeoutException
            or OperationCanceledException)
            && current.InnerException is { } inner)
        {
            current = inner;
        }

        return current;
    }

    private static DatabaseException OfServer(PostgresException error, DatabaseUrl url)
    {
        (DatabaseFailure kind, string sentence) = error.SqlState switch
        {
            "28P01" => (DatabaseFailure.AccessDenied, $"{url.Servers} refused the password or the user. "
                + $"Check both in the database URL.{LineFeed(url)}"),
            "28000" => (DatabaseFailure.AccessDenied,
                $"{url.Servers} refused the user: the role does not exist, may not log in, "
                    + "or pg_hba.conf has no line for it (with or without TLS) from here."),
            "42501" when error.Routine == ConnectCheck => (DatabaseFailure.AccessDenied, $"The URL's user may not connect to {url}: "
                + $"`GRANT CONNECT ON DATABASE {History.HistoryTable.Quote(url.Database)} TO <role>`."),
            "42501" => (DatabaseFailure.PrivilegeMissing,
                $"The URL's user lacks a privilege in {url}: {error.MessageText}. Grant the role what is named there."),
            "3D000" =>
                (DatabaseFailure.DatabaseMissing, $"{url.Servers} has no database \"{url.Database}\". Create it, or correct the URL."),
            "53300" => (DatabaseFailure.TooManyConnections, $"{url.Servers} has no connection left for this user or database. Close some, "
                + "or raise max_connections or the limit."),
            "57P03" => (DatabaseFailure.Unreachable, $"{url.Servers} is starting up, shutting down or recovering. It will be tried again."),
            "57P01" or "57P02" or "57P05" =>
                (DatabaseFailure.Unreachable, $"{url.Servers} closed the connection: it is shutting down, or someone ended the session."),
            "57014" => (DatabaseFailure.TimedOut, $"{url.Servers} canceled the statement: it took too long, or someone canceled it. "
                + "Look for locks and load."),
            "55P03" => (DatabaseFailure.TimedOut, $"{url.Servers} waited too long for a lock that another session holds."),
            "25006" => (DatabaseFailure.ReadOnly, $"{url} is read-only: a standby, or default_transaction_read_only is on. "
                + "Name the primary in the URL."),
            _ => (DatabaseFailure.ServerError, $"{url.Servers} answered with error {error.SqlState}. Its log has the details."),
        };
        return new DatabaseException(kind, sentence, error.SqlState);
    }

    /// <summary>A password may end so, but hardly one does.</summary>
    private static string LineFeed(DatabaseUrl url) =>
        url.Password?.EndsWith('\n') == true ? " The password ends with a line feed (%0A), as echo adds one: encode it without." : "";

    private static DatabaseException OfSocket(SocketException error, DatabaseUrl url) => error.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => Failure(
            DatabaseFailure.Unreachable, $"The host of {url.Servers} has no address. Check its name, "
                + "and the namespace if it is a Service."),
        SocketError.ConnectionRefused => Failure(
            DatabaseFailure.Unreachable, $"{url.Servers} refused the connection. "
                + "Check that PostgreSQL runs there and listens on this port."),
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => Failure(
            DatabaseFailure.Unreachable, $"{url.Servers} cannot be reached. Check the address, the network and its policies."),
        _ => Failure(DatabaseFailure.Unreachable, $"The connection to {url.Servers} failed ({error.SocketErrorCode})."),
    };

    /// <summary>
    /// What the driver finds out by itself has no type or code of its own; two of its sentences are told apart by their first words.
    /// </summary>
    private static DatabaseException OfDriver(Exception error, DatabaseUrl url) => error.Message switch
    {
        var text when text.StartsWith("No password has been provided", StringComparison.Ordinal) => Failure(
            DatabaseFailure.AccessDenied, $"{url.Servers} asks for a password, and the database URL has none."),
        var text when text.StartsWith("SSL connection requested", StringComparison.Ordinal) => Failure(
            DatabaseFailure.TlsFailed, $"{url.Servers} offers no TLS, and the database URL requires it. Turn it on there, "
                + "or write sslmode=disable where the network is trusted."),
        var text when text.Contains("authentication", StringComparison.OrdinalIgnoreCase) => Failure(
            DatabaseFailure.AccessDenied, $"{url.Servers} wants to authenticate in a way that the database URL does not allow or serve."),
        _ => Failure(DatabaseFailure.Unreachable, $"The connection to {url.Servers} failed. "
            + "Check that it is a PostgreSQL server and that the URL's settings fit it."),
    };

    private static DatabaseException Failure(DatabaseFailure kind, string sentence) => new(kind, sentence);
}
