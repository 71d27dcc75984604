using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.History;

/// <summary>The server's errors about a history, in sentences.</summary>
internal static class HistoryErrors
{
    /// <param name="error">What the server said.</param>
    /// <param name="url">Which database was asked.</param>
    /// <param name="source">Whose rows were asked for; null where the database itself could not be described.</param>
    public static DatabaseException Unreadable(PostgresException error, DatabaseUrl url, HistorySource? source) => new(
        DatabaseFailure.HistoryUnreadable,
        (error.SqlState, source) switch
        {
            (_, null) =>
                $"The URL's user may not ask {url} which database it is. GRANT EXECUTE ON FUNCTION pg_control_system() to it.",
            ("42501", _) =>
                $"The URL's user may not read the migration history. GRANT USAGE ON SCHEMA {HistoryTable.Quote(source.Table.Schema)} and "
                + $"GRANT SELECT ON {source.Table} to it"
                + (source.Dialect.LockTable(source.Table) is { } table ? $", and on {table}." : "."),
            ("42P01", { Dialect: var dialect }) when dialect.LockTable(source.Table) is { } table =>
                $"{table} is missing, which {source.Guide.Name} makes beside {source.Table}.",
            ("42703", _) =>
                $"{source.Table} lacks a column that {source.Guide.Name}'s history has ({string.Join(", ", source.Dialect.Columns)}).",
            ("57014" or "55P03", _) =>
                $"{source.Table} could not be read within ten seconds. Another session may hold an ACCESS EXCLUSIVE lock on it"
                + $"{(source.Dialect.LocksTable ? $", as {source.Guide.Name} does while it migrates" : "")}: look in pg_locks.",
            _ => $"{source.Table} cannot be read as {source.Guide.Name}'s history (error {error.SqlState}).",
        },
        error.SqlState);

    /// <summary>The server goes on, whatever limit of time it was asked to keep.</summary>
    public static DatabaseException TooSlow(HistoryLook look) => new(
        DatabaseFailure.HistoryUnreadable,
        $"{look.Source?.Table.ToString() ?? "The catalog"} was not read within {look.Limits.Patience.TotalSeconds:0} s, though the server "
        + $"answers. Look at {look.Url.Servers}'s load; where the history is a view, at what that does.");

    /// <summary>Null for what is no fault of a row's.</summary>
    public static DatabaseException? OutOfRange(Exception error, HistorySource? source) =>
        error is InvalidCastException or OverflowException or ArgumentOutOfRangeException
            ? new DatabaseException(
                DatabaseFailure.HistoryUnreadable,
                $"The history table {source?.Table} has a row that no {source?.Guide.Name} wrote: a time out of range.")
            : null;
}
