using System.Data;
using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Tells the history how a migration ended, on a new connection if the old one is gone. Where all of a migration was rolled back for a
/// reason that passes, its row is marked as rolled back, as <c>resolve --rolled-back</c> would: the next run needs no person. That is done
/// only once the session is known to have ended, because one that still commits would leave a migration that is applied and a row that says
/// it is to be run again.
/// </summary>
internal sealed class MigrationEnding(NpgsqlDataSource source, RunnerSession session, DatabaseUrl url, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostReconnecting = TimeSpan.FromSeconds(15);

    /// <summary>Null where the migration is applied. A commit whose answer was lost shows here: then the row is finished.</summary>
    public async Task<ApplyFailure?> RecordAsync(NpgsqlConnection keeper, Migration migration, string id, ScriptResult result)
    {
        if (result is { InTransaction: true, Failure: null })
        {
            return null;
        }

        try
        {
            try
            {
                return await RecordOnAsync(keeper, migration, id, result);
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException
                && keeper.State != ConnectionState.Open)
            {
                await using NpgsqlConnection another = await ReconnectAsync();
                return await RecordOnAsync(another, migration, id, result);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or DatabaseException)
        {
            return ApplyFailures.Unrecorded(migration, result, FailureSentences.Of(exception, url), url);
        }
    }

    private async Task<ApplyFailure?> RecordOnAsync(NpgsqlConnection connection, Migration migration, string id, ScriptResult result)
    {
        HistoryWriter writer = new(connection, url.Schema);
        if (result.Failure is null)
        {
            await writer.FinishAsync(id);
            return null;
        }

        // Statement by statement: what a session still builds may yet be of use.
        bool isOver = result.IsEnded || await session.IsGoneAsync(connection, end: result.InTransaction, time);
        Remains remains = (isOver, result.InTransaction) switch
        {
            (false, _) => new Remains.Unknown(session.Process),
            (_, true) => new Remains.Nothing(),
            _ => new Remains.Committed(await LeftInvalidAsync(connection, result.Failure)),
        };
        ApplyFailure failure = ApplyFailures.Of(migration, result, remains, url);
        if (remains is Remains.Unknown)
        {
            return failure;
        }

        // A row that somebody else finished does not say that this migration is applied.
        return await writer.FailAsync(id, ApplyFailures.Logs(failure, result), failure.NextRun)
            || failure.Kind == DatabaseFailure.HistoryUnreadable ? failure : null;
    }

    private static async Task<IReadOnlyList<string>> LeftInvalidAsync(NpgsqlConnection connection, ScriptFailure failure) =>
        failure switch
        {
            { PassedOver: { } index } => [index],
            { Statement.Kind: Parsing.StatementKind.Concurrent } =>
                [.. (await InvalidIndexes.ReadAsync(connection)).Except(failure.InvalidBefore, StringComparer.Ordinal)],
            _ => [],
        };

    /// <summary>A server that restarts is back within seconds, or this run cannot wait for it.</summary>
    private async Task<NpgsqlConnection> ReconnectAsync()
    {
        using CancellationTokenSource limit = new(MostReconnecting, time);
        while (true)
        {
            try
            {
                return await DatabaseConnections.OpenAsync(source, url, CancellationToken.None);
            }
            catch (DatabaseException exception) when (FailureClasses.Of(exception.Kind) == FailureClass.Transient
                && !limit.IsCancellationRequested)
            {
                await Task.Delay(Pause, time);
            }
        }
    }
}
