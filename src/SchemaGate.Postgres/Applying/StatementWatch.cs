using Npgsql;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Watches one migration's statements from the connection that keeps the history, which is idle meanwhile: how long they take, and whom
/// they wait for.
/// </summary>
internal sealed class StatementWatch(
    NpgsqlConnection keeper, int process, string migration, TimeSpan? lockTimeout, TimeProvider time, IProgress<ApplyProgress>? progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(10);

    /// <summary>Twice at least within the time that a statement may wait for a lock, so that who held it was seen.</summary>
    private readonly TimeSpan _pause = lockTimeout < 2 * Pause ? lockTimeout.Value / 2 : Pause;

    /// <summary>What the statement waited for when it was looked at last.</summary>
    public LockWait? Waiting { get; private set; }

    /// <summary>Ends, or fails, as the statement does.</summary>
    /// <param name="running">The statement.</param>
    /// <param name="number">Its place among the migration's, from 1.</param>
    public async Task OverAsync(Task running, SqlStatement statement, int number, int total)
    {
        Waiting = null;
        long start = time.GetTimestamp();
        (TimeSpan saidAt, int? saidOf) = (-MostSilence, null);
        while (!await EndsAsync(running))
        {
            Waiting = await LookAsync(connection => LockWait.OfAsync(connection, process), null);
            await LockQueue.CancelWaitersAsync(keeper, process);
            TimeSpan elapsed = time.GetElapsedTime(start);
            if (elapsed >= Pause && (elapsed - saidAt >= MostSilence || saidOf != Waiting?.Process))
            {
                (saidAt, saidOf) = (elapsed, Waiting?.Process);
                progress?.Report(new ApplyProgress.Running(migration, number, total, statement.Line, elapsed, Waiting));
            }
        }

        await running;
    }

    /// <summary>See <see cref="InvalidIndexes"/>; none where nobody can be asked.</summary>
    public Task<IReadOnlyList<string>> InvalidIndexesAsync() => LookAsync(InvalidIndexes.ReadAsync, []);

    private async Task<bool> EndsAsync(Task running)
    {
        using CancellationTokenSource ended = new();
        await Task.WhenAny(running, Task.Delay(_pause, time, ended.Token));
        await ended.CancelAsync();
        return running.IsCompleted;
    }

    /// <summary>A look that fails is no news of the statement.</summary>
    private async Task<T> LookAsync<T>(Func<NpgsqlConnection, Task<T>> look, T otherwise)
    {
        try
        {
            return await look(keeper);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return otherwise;
        }
    }
}
