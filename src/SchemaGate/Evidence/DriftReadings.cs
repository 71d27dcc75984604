using SchemaGate.Core;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Folding;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Introspection;

namespace SchemaGate.Evidence;

/// <summary>
/// Compares live schemas with what their applied migrations build. What was found, and what failed, is kept for a while: gates of one
/// tenant share it, and a look need not wait for it. Thread-safe.
/// </summary>
/// <param name="connections">Within each server's share.</param>
/// <param name="histories">Reads the history again.</param>
/// <param name="budget">The memory of all readings.</param>
/// <param name="time">Measures ages.</param>
/// <param name="options">What a URL may name.</param>
internal sealed class DriftReadings(
    DatabaseConnections connections, HistoryReader histories, ReadingBudget budget, TimeProvider time, DatabaseUrlOptions options)
{
    private const string What = "The schema is not compared with what the migrations build";

    /// <summary>More than an operator has gates; a kilobyte each at most.</summary>
    private const int Kept = 4096;

    /// <summary>That are read beside the history's own.</summary>
    private const int MostSchemas = 50;

    /// <summary>For a reading, which goes on beside the look after that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TurnPatience = TimeSpan.FromMinutes(2);

    /// <summary>After a failure, before the catalog is read again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly CatalogReader catalogs = CatalogReader.OfFolded(connections);

    /// <summary>Of all databases at a time: it is nobody's hurry.</summary>
    private readonly TenantPlaces turns = new(3, time);

    private readonly BoundedCache<(string Tenant, string Basis), (Evidence<DriftRecord> Evidence, DateTimeOffset At)> last = new(Kept);

    /// <param name="question">What is compared.</param>
    /// <param name="look">Who asks, and does not wait for long; null: as long as it takes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The comparison; unreachable for the reason NotRead where it is not known yet.</returns>
    public async Task<Evidence<DriftRecord>> ReadAsync(DriftQuestion question, Look? look, CancellationToken cancellation)
    {
        if (Recent(question) is { } known)
        {
            return known;
        }

        Evidence<DriftRecord>? read = look is null
            ? await KeepAsync(question, cancellation)
            : await look.ReadAsync(
                (nameof(DriftReadings), question.Step.Basis), Patience, token => KeepAsync(question, token), cancellation);
        return read ?? Later("The schema is still compared with what the migrations build: the gate is looked at again when that is done.");
    }

    /// <summary>What was found since the comparison that is due again, and what failed a moment ago.</summary>
    private Evidence<DriftRecord>? Recent(DriftQuestion question)
    {
        DateTimeOffset now = time.GetUtcNow();
        return last.TryGet(KeyOf(question), out (Evidence<DriftRecord> Evidence, DateTimeOffset At) known) && known.Evidence switch
        {
            Evidence<DriftRecord>.Found { Value: var record } => now < DriftSteps.DueAt(record, question.Spec.Database.DriftRecheck),
            // It takes as much to find again as a comparison, and is the same until somebody acts.
            Evidence<DriftRecord>.Missing => now < known.At + question.Spec.Database.DriftRecheck,
            _ => now < known.At + Pause,
        }
            ? known.Evidence
            : null;
    }

    private async Task<Evidence<DriftRecord>> KeepAsync(DriftQuestion question, CancellationToken cancellation)
    {
        Evidence<DriftRecord> evidence = await TryAsync(question, cancellation);
        if (evidence is not Evidence<DriftRecord>.Unreachable { Reason: Reasons.NotRead })
        {
            last.Set(KeyOf(question), (evidence, time.GetUtcNow()));
        }

        return evidence;
    }

    private async Task<Evidence<DriftRecord>> TryAsync(DriftQuestion question, CancellationToken cancellation)
    {
        if (!DatabaseUrl.TryParse(question.Url.Trim(), out DatabaseUrl? url, out string? problem, options))
        {
            return new Evidence<DriftRecord>.Missing(Reasons.DriftNotJudged, problem);
        }

        url = question.Spec.Database.Schema is { } schema ? url.WithSchema(schema) : url;
        using IDisposable? turn = await turns.EnterAsync(question.Tenant, TurnPatience, cancellation);
        if (turn is null)
        {
            return Later($"{What} yet: others' are, and its turn did not come. It will be tried again.");
        }

        try
        {
            return await budget.ReadAsync(
                question.Tenant, RiskEvidence.BytesOf(question.Step.Applied), share => CompareAsync(question, url, share), cancellation);
        }
        catch (BudgetException exception)
        {
            return exception.Evidence<DriftRecord>(What, Reasons.DriftNotJudged, Reasons.DriftNotJudged);
        }
        catch (DatabaseException exception) when (exception is { Kind: DatabaseFailure.CatalogTooLarge } or { SqlState: "42501" })
        {
            return new Evidence<DriftRecord>.Missing(Reasons.DriftNotJudged, $"{What}. {exception.Message}");
        }
        catch (DatabaseException exception)
        {
            return new Evidence<DriftRecord>.Unreachable(Reasons.DriftNotJudged, $"{What}. {exception.Message}");
        }
    }

    /// <summary>
    /// The history is read again behind the catalog: what somebody has migrated meanwhile is no drift, and what another server said
    /// under the same URL is none of this database's.
    /// </summary>
    private async Task<Evidence<DriftRecord>> CompareAsync(DriftQuestion question, DatabaseUrl url, ReadingShare share)
    {
        (GateSpec spec, DatabaseState state, DriftStep.Compare step) = (question.Spec, question.State, question.Step);
        FoldedSchema? built = await FoldAsync(
            () => FoldedSchema.Of(RiskEvidence.Parse(step.Applied, time), url.Schema, step.Applied.IsWhole), share.Cancellation);
        if (built is null)
        {
            return Failed();
        }

        DateTimeOffset at = time.GetUtcNow();
        long first = RiskEvidence.BytesOf(step.Applied);
        string[] schemas = [.. built.Schemas.Prepend(url.Schema).Distinct(StringComparer.Ordinal).Take(MostSchemas)];
        Catalog live = await catalogs.ReadAsync(
            url, schemas, share.Cancellation, question.Tenant, bytes => share.MayHold(first + (2 * bytes)));
        DatabaseState now = await histories.ReadAsync(url, spec.Database.Tool, share.Cancellation, tenant: question.Tenant);
        if (now is { IsStandby: true } || !now.IsAsIn(state))
        {
            return Later("The history has changed while the schema was compared with it. The gate looks again by itself.");
        }

        CatalogScope scope = new() { Ignore = [.. spec.Policy.IgnoreDrift ?? []] };
        return await FoldAsync(() => Found(step.Basis, at, FoldedDrift.Of(built, live, scope)), share.Cancellation) ?? Failed();
    }

    private static Evidence<DriftRecord> Found(string basis, DateTimeOffset at, FoldedDrift drift) => new Evidence<DriftRecord>.Found(
        new(basis, at, drift.Changes.Length, Words(drift.Changes.Select(change => CatalogWords.Of(change))))
        {
            Judged = drift.Judged,
            Unjudged = drift.Unjudged,
            UnjudgedFor = Words(drift.Reasons),
        });

    /// <summary>Null where it fails, whatever fails: a gate goes on without a word about drift.</summary>
    private static Task<T?> FoldAsync<T>(Func<T> fold, CancellationToken cancellation)
        where T : class => Task.Run(
        () =>
        {
            try
            {
                return fold();
            }
#pragma warning disable CA1031 // What no case has foreseen in strangers' SQL is no reason to stop their gate.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                return null;
            }
        },
        cancellation);

    private static Evidence<DriftRecord> Failed() => new Evidence<DriftRecord>.Missing(
        Reasons.DriftNotJudged,
        $"{What}: their SQL or the schema has something that SchemaGate fails at, which is its fault. Please report it.");

    private static IReadOnlyList<string> Words(IEnumerable<string> all) =>
        [.. all.Take(DriftRecord.MostFirst).Select(words => BoundedText.Of(words, DriftRecord.LongestWords))];

    private static Evidence<DriftRecord> Later(string message) => new Evidence<DriftRecord>.Unreachable(Reasons.NotRead, message);

    private static (string Tenant, string Basis) KeyOf(DriftQuestion question) => (question.Tenant, question.Step.Basis);
}
