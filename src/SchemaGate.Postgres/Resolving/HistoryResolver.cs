using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Resolving;

/// <summary>
/// Corrects the history where a person knows better, under the lock that runs take: an unfinished row that is seen under it is nobody's
/// run. All changes are one transaction.
/// </summary>
public sealed class HistoryResolver(TimeProvider time)
{
    /// <summary>Whatever goes wrong, cancellation included, is the result's <see cref="ResolveResult.Failure"/>.</summary>
    /// <param name="set">The migrations' files; for <see cref="ResolveAction.MarkRolledBack"/> it may be empty.</param>
    public async Task<ResolveResult> ResolveAsync(
        DatabaseUrl url, MigrationSet set, ResolveAction action, ResolveOptions options, IProgress<ApplyProgress>? progress,
        CancellationToken cancellation)
    {
        try
        {
            return MigrationApplier.Refusal(url, set) is { } refusal
                ? ResolveResult.Failed(refusal)
                : await ResolveAsync(new(url, set, action, options, cancellation), progress);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return ResolveResult.Failed(new ApplyFailure(DatabaseFailure.Canceled, "Canceled; nothing was written.", []));
        }
        catch (Exception exception)
        {
            DatabaseException known = FailureSentences.Of(exception, url);
            return ResolveResult.Failed(new ApplyFailure(known.Kind, known.Message, []) { SqlState = known.SqlState });
        }
    }

    private async Task<ResolveResult> ResolveAsync(Request request, IProgress<ApplyProgress>? progress)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(request.Url);
        await using NpgsqlConnection keeper = await DatabaseConnections.OpenAsync(source, request.Url, request.Cancellation);
        await PoolerProbe.RequireSessionsAsync(source, keeper, request.Url, request.Cancellation);
        await MigrationLock.AcquireAsync(keeper, request.Options.LockTimeout, time, progress, request.Cancellation);
        try
        {
            ResolveResult result = await ResolveLockedAsync(keeper, request);
            return result with { Notes = await RunNotes.OfIndexesAsync(keeper) };
        }
        finally
        {
            await MigrationLock.ReleaseAsync(keeper);
        }
    }

    private async Task<ResolveResult> ResolveLockedAsync(NpgsqlConnection keeper, Request request)
    {
        DatabaseState state = (await HistoryQuery.ReadPrismaAsync(keeper, request.Url, request.Cancellation)).State;
        if (state.IsStandby)
        {
            return ResolveResult.Failed(ApplyFailures.Standing(state, request.Url)!);
        }

        IReadOnlyList<ResolveStep> steps = new ResolvePlan(state, request.Set).Steps(request.Action);
        List<string> refusals = [.. steps.Where(step => step.IsRefusal).Select(step => step.Resolution.Sentence)];
        if (refusals.Count > 0)
        {
            return ResolveResult.Failed(new ApplyFailure(DatabaseFailure.ResolveRefused, string.Join(' ', refusals), []));
        }

        List<HistoryEdit> edits = [.. steps.SelectMany(step => step.Edits)];
        // It may yet commit: the migration would then run twice, or be marked as done before it is.
        if (edits.OfType<HistoryEdit.RollBack>().FirstOrDefault()?.Row is { } row
            && await LeftSession.FindAsync(keeper, row, time, request.Cancellation) is { } left)
        {
            return ResolveResult.Failed(new ApplyFailure(
                DatabaseFailure.LockUnavailable, $"The run of {row.Name} has died, but not all of it. {left} Wait for that, or end it: "
                    + $"`{LeftSession.End(left.Process)}`.", []));
        }

        bool creates = state.History is null && edits.Count > 0;
        if (!request.Options.IsDryRun && edits.Count > 0)
        {
            await new HistoryEditor(keeper, request.Url.Schema).WriteAsync(edits, creates, request.Cancellation);
        }

        return new ResolveResult([.. steps.Select(step => step.Resolution)], creates, Failure: null);
    }

    private sealed record Request(
        DatabaseUrl Url, MigrationSet Set, ResolveAction Action, ResolveOptions Options, CancellationToken Cancellation);
}
