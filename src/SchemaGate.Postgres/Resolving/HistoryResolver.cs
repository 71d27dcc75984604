using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Resolving;

/// <summary>
/// Corrects the history where a person knows better, under the lock that runs take: an unfinished row that is seen under it is nobody's run. All
/// changes are one transaction.
/// </summary>
public sealed class HistoryResolver(TimeProvider time)
{
    /// <summary>Whatever goes wrong, cancellation included, is the result's <see cref="ResolveResult.Failure"/>.</summary>
    /// <param name="set">The migrations' files; for <see cref="ResolveAction.MarkRolledBack"/> it may be empty.</param>
    public async Task<ResolveResult> ResolveAsync(
        DatabaseUrl url, MigrationSet set, ResolveAction action, ResolveOptions options, IProgress<ApplyProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return MigrationApplier.Refusal(url, set) is { } refusal ? Failed(refusal) : await ResolveAsync();
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return Failed(new ApplyFailure(DatabaseFailure.Canceled, "Canceled; nothing was written.", []));
        }
        catch (Exception exception)
        {
            DatabaseException known = FailureSentences.Of(exception, url);
            return Failed(new ApplyFailure(known.Kind, known.Message, []) { SqlState = known.SqlState });
        }

        async Task<ResolveResult> ResolveAsync()
        {
            await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
            await using NpgsqlConnection keeper = await DatabaseConnections.OpenAsync(source, url, cancellation);
            await MigrationLock.AcquireAsync(keeper, options.LockTimeout, time, progress, cancellation);
            try
            {
                return await ResolveLockedAsync(keeper, url, set, action, options, cancellation);
            }
            finally
            {
                await MigrationLock.ReleaseAsync(keeper);
            }
        }
    }

    private static async Task<ResolveResult> ResolveLockedAsync(
        NpgsqlConnection keeper, DatabaseUrl url, MigrationSet set, ResolveAction action, ResolveOptions options, CancellationToken cancellation)
    {
        (DatabaseState state, _) = await HistoryQuery.ReadAsync(keeper, url, cancellation);
        if (state.IsStandby)
        {
            return Failed(ApplyFailures.Standing(state, url)!);
        }

        IReadOnlyList<ResolveStep> steps = new ResolvePlan(state, set).Steps(action);
        List<string> refusals = [.. steps.Where(step => step.IsRefusal).Select(step => step.Resolution.Sentence)];
        if (refusals.Count > 0)
        {
            return Failed(new ApplyFailure(DatabaseFailure.ResolveRefused, string.Join(' ', refusals), []));
        }

        List<HistoryEdit> edits = [.. steps.SelectMany(step => step.Edits)];
        bool creates = state.History is null && edits.Count > 0;
        if (!options.IsDryRun && edits.Count > 0)
        {
            await new HistoryEditor(keeper, url.Schema).WriteAsync(edits, creates, cancellation);
        }

        return new ResolveResult([.. steps.Select(step => step.Resolution)], creates, Failure: null);
    }

    private static ResolveResult Failed(ApplyFailure failure) => new([], CreatesHistory: false, failure);
}
