using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SchemaGate.Telemetry;

/// <summary>What this process does, as it is counted and timed. Costs nothing while nobody listens.</summary>
internal static class Instruments
{
    public const string Name = "SchemaGate";

    private static readonly Meter Meter = new(Name, ProductVersion.Text);

    private static readonly Histogram<double> ReconcileDuration = Metrics.ReconcileDuration.Histogram(Meter);
    private static readonly Histogram<double> EvidenceDuration = Metrics.EvidenceDuration.Histogram(Meter);
    private static readonly Histogram<double> AdmissionDuration = Metrics.AdmissionDuration.Histogram(Meter);
    private static readonly Histogram<double> HoldDuration = Metrics.HoldDuration.Histogram(Meter);
    private static readonly Histogram<double> RunDuration = Metrics.RunDuration.Histogram(Meter);
    private static readonly Histogram<double> RehearsalDuration = Metrics.RehearsalDuration.Histogram(Meter);
    private static readonly Counter<long> RunsStarted = Metrics.RunsStarted.Counter(Meter);
    private static readonly Counter<long> Transitions = Metrics.Transitions.Counter(Meter);
    private static readonly Counter<long> Releases = Metrics.Releases.Counter(Meter);
    private static readonly Counter<long> Approvals = Metrics.Approvals.Counter(Meter);
    private static readonly Counter<long> Overrides = Metrics.Overrides.Counter(Meter);
    private static readonly Counter<long> Loosenings = Metrics.Loosenings.Counter(Meter);
    private static readonly Counter<long> Notifications = Metrics.Notifications.Counter(Meter);

    /// <summary>
    /// What may never happen is there with zero, so that its first time is a change: a series that appears has none.
    /// </summary>
    public static void Begin()
    {
        foreach (Counter<long> counter in (Counter<long>[])[RunsStarted, Approvals, Overrides, Loosenings])
        {
            counter.Add(0);
        }
    }

    public static void Turned(string verdict, string reason) =>
        Transitions.Add(1, Labels.Verdict.Of(verdict), Labels.Reason.Of(reason));

    /// <param name="reason">Why, as the release says.</param>
    public static void Released(string reason) => Releases.Add(1, Labels.Reason.Of(reason));

    /// <param name="kind">The workload's, in small letters.</param>
    /// <param name="held">How long it was.</param>
    public static void LetGo(string kind, TimeSpan held) => HoldDuration.Record(held.TotalSeconds, Labels.Kind.Of(kind));

    public static void RunStarted() => RunsStarted.Add(1);

    /// <param name="result">As the status says.</param>
    /// <param name="failure">The class of its failure; null where it did not fail.</param>
    /// <param name="took">From its Job's beginning; null where there never was one.</param>
    public static void RunEnded(string result, string? failure, TimeSpan? took)
    {
        TagList tags = [Labels.RunResult.Of(result)];
        if (failure is not null)
        {
            tags.Add(Labels.RunError.Of(failure));
        }

        RunDuration.Record(took?.TotalSeconds ?? 0, tags);
    }

    /// <param name="result">As the status says.</param>
    /// <param name="took">From its Job's beginning.</param>
    public static void RehearsalEnded(string result, TimeSpan took) =>
        RehearsalDuration.Record(took.TotalSeconds, Labels.RehearsalResult.Of(result));

    public static void Approved() => Approvals.Add(1);

    public static void Overridden() => Overrides.Add(1);

    public static void Loosened() => Loosenings.Add(1);

    /// <param name="result">A value of <see cref="Labels.NotifyResult"/>.</param>
    public static void Notified(string result) => Notifications.Add(1, Labels.NotifyResult.Of(result));

    /// <summary>Measures how long a look waits for a witness.</summary>
    /// <param name="witness">A value of <see cref="Labels.Witness"/>.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="outcome">What was read, as a value of <see cref="Labels.Evidence"/>, and the reason of what was not found.</param>
    public static async Task<T> ReadAsync<T>(string witness, Func<Task<T>> read, Func<T, (string Evidence, string? Reason)> outcome)
    {
        long started = Stopwatch.GetTimestamp();
        (string Evidence, string? Reason) end = ("Unreachable", "Exception");
        try
        {
            T value = await read();
            end = outcome(value);
            return value;
        }
        finally
        {
            TagList tags = [Labels.Witness.Of(witness), Labels.Evidence.Of(end.Evidence)];
            if (end.Reason is { } reason)
            {
                tags.Add(Labels.EvidenceError.Of(reason));
            }

            EvidenceDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    /// <summary>Measures an answer to the API server.</summary>
    /// <param name="hook">The webhook's name.</param>
    /// <param name="answer">Answers; whether it allowed what was asked for, null where it could not be told.</param>
    public static async Task ReviewAsync(string hook, Func<Task<bool?>> answer)
    {
        long started = Stopwatch.GetTimestamp();
        bool? isAllowed = null;
        try
        {
            isAllowed = await answer();
        }
        finally
        {
            string result = isAllowed switch
            {
                true => "Allowed",
                false => "Refused",
                null => "Failed",
            };
            AdmissionDuration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds, Labels.Hook.Of(hook), Labels.Admission.Of(result));
        }
    }

    /// <summary>Measures one look at a gate.</summary>
    public static async Task<T> ReconcileAsync<T>(Func<Task<T>> reconcile)
    {
        long started = Stopwatch.GetTimestamp();
        TagList tags = [];
        try
        {
            return await reconcile();
        }
        catch (Exception exception)
        {
            // Its kind only: a text may hold what a log may not.
            tags.Add("error.type", exception.GetType().FullName);
            throw;
        }
        finally
        {
            ReconcileDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        }
    }
}
