using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>The sentences of a run that stops.</summary>
internal static partial class ApplyFailures
{
    private const int MostExcerpt = 200;

    /// <summary>What stands in the way before anything runs, or null.</summary>
    public static ApplyFailure? Standing(DatabaseState state, DatabaseUrl url)
    {
        if (state.IsStandby)
        {
            return new ApplyFailure(DatabaseFailure.ReadOnly, $"{url} is a standby. Name the primary in the database URL.", []);
        }

        if (state.History is null && state.HasTables)
        {
            return new ApplyFailure(
                DatabaseFailure.BaselineRequired,
                $"The schema \"{url.Schema}\" has tables but no migration history (Prisma's P3005). "
                    + "Mark the migrations whose changes are already there as applied.",
                ["schemagate resolve --baseline --through <migration>"]);
        }

        return state.History?.Unfinished is [var row, ..] ? Unfinished(row) : null;
    }

    /// <summary>Somebody is at it: what is pending now says nothing of what will be.</summary>
    public static ApplyFailure Running(DatabaseState state) => new(
        DatabaseFailure.LockUnavailable,
        $"A migration run is in progress: server process {state.Lock?.Process} ({state.Lock?.Owner}) holds the lock. "
            + "Look again when it has ended.",
        []);

    /// <summary>The URL leads to another database than the one that was judged.</summary>
    public static ApplyFailure Elsewhere(DatabaseIdentity identity, string judged) => new(
        DatabaseFailure.SettingsUnusable,
        $"This is not the database that was judged: its identity is {identity}, {judged} was judged. "
            + "Check that spec.migrate.urlFrom and spec.database.urlFrom name the same database and schema.",
        []);

    /// <summary>A migration's statements; or the reason why it cannot be run here.</summary>
    public static IReadOnlyList<SqlStatement> Split(Migration migration, out ApplyFailure? refused)
    {
        refused = null;
        IReadOnlyList<SqlStatement> statements = [];
        if (migration.Unjudged is { } problem)
        {
            refused = new ApplyFailure(DatabaseFailure.ScriptRefused, $"{migration.Name}: {problem}.", []) { Migration = migration.Name };
            return [];
        }

        try
        {
            statements = SqlScript.Split(migration.Sql);
        }
        catch (DatabaseException exception)
        {
            refused = new ApplyFailure(exception.Kind, $"{migration.Name}: {exception.Message}", []) { Migration = migration.Name };
        }

        foreach (SqlStatement statement in statements)
        {
            string? reason = statement switch
            {
                { Kind: StatementKind.ClientCopy } =>
                    "COPY from or to the client works in psql only. Write INSERT statements, or load the data outside of the migration",
                { Text: ['\\', ..] } => "a line that begins with \\ is a command of psql, "
                    + "not SQL (newer pg_dumps write \\restrict and \\unrestrict). Remove it",
                _ => null,
            };
            if (reason is not null)
            {
                return Refuse(migration, statement, reason, out refused);
            }
        }

        return statements;
    }

    /// <summary>An index that is there, INVALID, where one was to be created if there is none.</summary>
    public static DatabaseException PassedOver(string index) => new(
        DatabaseFailure.MigrationFailed,
        $"the index {index} exists and is INVALID (an earlier build of it failed), so what asks for its name creates nothing. "
            + $"`{InvalidIndex.Drop(index)}`, then run this again.");

    /// <summary>A migration that failed.</summary>
    public static ApplyFailure Of(Migration migration, ScriptResult result, Remains remains, DatabaseUrl url)
    {
        ScriptFailure failure = result.Failure!;
        PostgresException? server = ServerError(failure);
        PostgresException? quoted = HoldsCredential(failure.Statement) ? null : server;
        (int Line, int Column)? place = Place(migration, failure.Statement, server?.Position ?? 0);
        DatabaseFailure kind = KindOf(failure.Cause, url);
        FailureClass own = kind switch
        {
            // A statement that was cut off by the deadline would take as long again.
            DatabaseFailure.DeadlineExceeded => FailureClass.Permanent,
            // The server's 57014 is the answer to what was asked of it.
            DatabaseFailure.Canceled => FailureClass.Transient,
            _ => FailureClasses.Of(kind, server?.SqlState),
        };
        bool nextRun = remains is Remains.Nothing && (own == FailureClass.Transient || kind == DatabaseFailure.DeadlineExceeded);
        string where = place is { } known
            ? $"{migration.Name}, line {known.Line}, column {known.Column}"
            : $"{migration.Name}, at the end of its transaction";
        return new ApplyFailure(kind, $"{where}: {What(failure, server, url)} {Sentence(remains, nextRun)}", NextCommands(
            migration.Name, kind, remains, nextRun))
        {
            // A row that stays unfinished stops every run (Prisma's P3009) until it is resolved.
            Class = remains switch
            {
                _ when nextRun || own != FailureClass.Transient => own,
                Remains.Committed => FailureClass.Permanent,
                _ => FailureClass.Unknown,
            },
            Migration = migration.Name,
            Line = place?.Line,
            Column = place?.Column,
            Statement = failure.Statement is { } statement ? Shown(statement) : null,
            SqlState = server?.SqlState,
            ServerMessage = quoted?.MessageText,
            Hint = quoted?.Hint,
            RolledBack = remains switch { Remains.Nothing => true, Remains.Committed => false, _ => null },
            NextRun = nextRun,
        };
    }

    /// <summary>The text for the row's <c>logs</c>: in the database itself the server's DETAIL may stand.</summary>
    public static string Logs(ApplyFailure failure, ScriptResult result) => string.Join('\n', new[]
    {
        $"Migration name: {failure.Migration}",
        failure.SqlState is null ? null : $"Database error code: {failure.SqlState}",
        failure.Message,
        failure.ServerMessage is null ? null : $"ERROR: {failure.ServerMessage}",
        failure.ServerMessage is not null && ServerError(result.Failure!)?.Detail is { } detail ? $"DETAIL: {detail}" : null,
        failure.Hint is null ? null : $"HINT: {failure.Hint}",
        failure.Statement is null ? null : $"STATEMENT: {failure.Statement}",
    }.Where(line => line is not null));

    /// <summary>The migration ended, one way or the other, and the history could not be told.</summary>
    public static ApplyFailure Unrecorded(Migration migration, ScriptResult result, DatabaseException cause, DatabaseUrl url) =>
        result.Failure is null
        ? new ApplyFailure(
            cause.Kind,
            $"{migration.Name} ran to its end, but its row in the history could not be finished: {cause.Message}",
            [$"schemagate resolve --applied {Quoted(migration.Name)}"])
        {
            Class = FailureClass.Permanent,
            Migration = migration.Name,
            SqlState = cause.SqlState,
        }
        : Of(migration, result, new Remains.Unrecorded(cause), url);

    private static ApplyFailure Unfinished(HistoryRow row) => new(
        DatabaseFailure.MigrationUnfinished,
        $"{row.Name} started at {row.StartedAt.ToString("u", CultureInfo.InvariantCulture)} and did not finish (Prisma's P3009). "
            + "No migration runs until that is resolved. "
            + (string.IsNullOrWhiteSpace(row.Logs)
                ? "It left no error: its process ended before it could."
                : $"Its error: {Excerpt(row.Logs)}"),
        Resolve(row.Name, rolledBack: false))
    {
        Migration = row.Name,
    };

    private static string What(ScriptFailure failure, PostgresException? server, DatabaseUrl url) =>
        failure.Cause switch
        {
            null => "this transaction is still open at the end of the file, so it was rolled back. End it with COMMIT.",
            OperationCanceledException => $"canceled.{Waited(failure)}",
            _ when server is null => $"{FailureSentences.Of(failure.Cause, url).Message}{Waited(failure)}",
            _ when HoldsCredential(failure.Statement) => $"the server refused it ({server.SqlState}): its words are left out, "
                + $"because the statement holds a credential; the server's log has them.{Waited(failure)}",
            _ => $"{server.MessageText} ({server.SqlState}).{Waited(failure)}",
        };

    private static string Waited(ScriptFailure failure) => failure.Waiting is { } waiting ? $" It waited for {waiting}." : "";

    private static DatabaseFailure KindOf(Exception? cause, DatabaseUrl url) => cause switch
    {
        OperationCanceledException => DatabaseFailure.Canceled,
        null or PostgresException { SqlState: not ("57P01" or "57P02" or "57P05") } => DatabaseFailure.MigrationFailed,
        var other => FailureSentences.Of(other, url).Kind,
    };

    private static string Sentence(Remains remains, bool nextRun) => remains switch
    {
        Remains.Nothing => "It ran in one transaction: nothing of it remains"
            + (nextRun ? ", and its row is marked as rolled back, so that the next run applies it." : "."),
        Remains.Committed { Invalid: [] } => "It ran statement by statement: what it did and committed before remains.",
        Remains.Committed { Invalid: var invalid } => "It ran statement by statement: what it did and committed before remains. "
            + $"It left {string.Join(" and ", invalid)} INVALID: drop that before the statement is tried again, "
            + "because IF NOT EXISTS passes over it.",
        Remains.Unknown { Process: var process } =>
            $"Its session, server process {process}, has not ended yet, so its row was left as it is. "
            + "Once that process is gone from pg_stat_activity, read the history: what it says then is final.",
        Remains.Unrecorded { Cause: var cause } => "The history could not be told either: its row stays unfinished, without logs. "
            + $"({cause.Message}) If the connection broke during the "
            + "commit, the row may yet turn out finished: read the history again before resolving anything.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string[] NextCommands(string migration, DatabaseFailure kind, Remains remains, bool nextRun) => remains switch
    {
        _ when nextRun =>
            [kind == DatabaseFailure.DeadlineExceeded ? "schemagate migrate  # with a longer --deadline" : "schemagate migrate"],
        Remains.Committed { Invalid: var invalid } =>
            [.. invalid.Select(index => $"psql -c {Quoted($"DROP INDEX CONCURRENTLY {index}")}"), .. Resolve(migration, rolledBack: false)],
        _ => Resolve(migration, remains is Remains.Nothing),
    };

    private static string[] Resolve(string migration, bool rolledBack) =>
    [
        $"schemagate resolve --rolled-back {Quoted(migration)}  # "
            + $"{(rolledBack ? "then mend the migration and run it again" : "once nothing of it remains; then it runs again")}",
        $"schemagate resolve --applied {Quoted(migration)}  # once all that it does was done by hand",
    ];

    private static IReadOnlyList<SqlStatement> Refuse(Migration migration, SqlStatement statement, string reason, out ApplyFailure refused)
    {
        (int line, int column) = SqlScript.Locate(migration.Sql, statement.Offset);
        refused = new ApplyFailure(DatabaseFailure.ScriptRefused, $"{migration.Name}, line {line}, column {column}: {reason}.", [])
        {
            Migration = migration.Name,
            Line = line,
            Column = column,
            Statement = Shown(statement),
        };
        return [];
    }

    private static PostgresException? ServerError(ScriptFailure failure) =>
        failure.Cause as PostgresException ?? failure.Cause?.InnerException as PostgresException;

    /// <summary>The server counts characters (code points) from 1 in what it was sent; 0 is no position.</summary>
    private static (int Line, int Column)? Place(Migration migration, SqlStatement? statement, int position)
    {
        if (statement is null)
        {
            return null;
        }

        int within = 0;
        for (int left = position; left > 1 && within < statement.Text.Length; left--)
        {
            within += char.IsSurrogatePair(statement.Text, within) ? 2 : 1;
        }

        return SqlScript.Locate(migration.Sql, statement.Offset + within);
    }

    /// <summary>
    /// CREATE ROLE … PASSWORD 'x', CREATE SUBSCRIPTION … CONNECTION 'postgresql://…', and their like, are shown without what follows.
    /// </summary>
    public static string Shown(SqlStatement statement)
    {
        Match secret = BeforeSecret().Match(statement.Text);
        return Excerpt(secret.Success ? $"{statement.Text.AsSpan(0, secret.Index + secret.Length)} …" : statement.Text);
    }

    /// <summary>
    /// The server's words may quote any part of such a statement, as in <c>syntax error at or near "…"</c>. A column called password is
    /// none.
    /// </summary>
    private static bool HoldsCredential(SqlStatement? statement) => statement is not null && Credential().IsMatch(statement.Text);

    [GeneratedRegex(
        @"://|PASSWORD\s*[=']|^\s*(CREATE|ALTER)\s+(ROLE|USER|GROUP|SUBSCRIPTION|SERVER)\b.*(PASSWORD|CONNECTION|OPTIONS)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking)]
    private static partial Regex Credential();

    [GeneratedRegex("PASSWORD|://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex BeforeSecret();

    private static string Excerpt(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, 100, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostExcerpt ? line : string.Concat(line.AsSpan(0, MostExcerpt), "…");
    }

    private static string Quoted(string name) =>
        name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.')
        ? name
        : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
