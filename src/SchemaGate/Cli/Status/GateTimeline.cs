using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Status;

/// <summary>Something that happened to a gate, as its status tells.</summary>
/// <param name="Event">
/// Created, ImageSeen, Released, RunStarted, Run and its result, Approved, Overridden; or the verdict since then.
/// </param>
internal sealed record TimelineEntry(DateTimeOffset At, string Event, string Message);

/// <summary>A migration that is required and not applied.</summary>
/// <param name="State">failed or pending.</param>
/// <param name="Risk">Low, Medium, High or Unknown; null where nobody has judged it, or a run is somebody else's.</param>
internal sealed record UnappliedMigration(string Name, string State, string? Risk, string? Message);

/// <summary>What a gate's status says of its past and of what is to come. The status bounds both.</summary>
internal static class GateTimeline
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<TimelineEntry> Of(SchemaGateResource gate) =>
        [.. Entries(gate).Where(entry => entry.At is not null)
            .Select(entry => new TimelineEntry(entry.At!.Value, entry.Event, entry.Message)).OrderBy(entry => entry.At)];

    /// <summary>In the order in which they run.</summary>
    public static IReadOnlyList<UnappliedMigration> Unapplied(SchemaGateStatus? status)
    {
        IReadOnlyList<string> failed = status?.Migrations?.Failed ?? [];
        return [.. failed.Concat(status?.Migrations?.Pending ?? []).Distinct(StringComparer.Ordinal).Select(name =>
        {
            PlannedMigrationStatus? planned = status?.Plan?.Migrations?.FirstOrDefault(migration => migration.Name == name);
            return new UnappliedMigration(
                name, failed.Contains(name, StringComparer.Ordinal) ? "failed" : "pending", planned?.Risk, planned?.Message);
        })];
    }

    private static IEnumerable<(DateTimeOffset? At, string Event, string Message)> Entries(SchemaGateResource gate)
    {
        SchemaGateStatus status = gate.Status ?? new();
        yield return (gate.Metadata.CreationTimestamp.ToOffset(), "Created", "the gate");
        yield return (status.Changelog?.ResolvedAt, "ImageSeen", $"{status.Changelog?.Image} is {status.Changelog?.Digest}");
        foreach (ReleaseStatus release in status.Released ?? [])
        {
            string through = release.Through is { } last ? $", through {last}" : "";
            yield return (release.At, "Released", $"{release.Requirement}{through} ({release.Reason})");
        }

        if (status.Run is { Job: { } job } run)
        {
            string words = $"attempt {run.Attempt ?? 1}, Job {job}";
            yield return (run.StartedAt, "RunStarted", words);
            yield return (run.FinishedAt, $"Run{run.Result}", run.Error?.Message is { } error ? $"{words}: {error}" : words);
        }

        yield return (status.Plan?.Approval?.At, "Approved", $"plan {Short(status.Plan?.Hash)} by {status.Plan?.Approval?.By}");
        yield return (status.Override?.At, "Overridden", $"for {status.Override?.Requires} by {status.Override?.By}");
        if (status.Conditions?.FirstOrDefault(condition => condition.Type == GateConditions.Ready) is { } ready)
        {
            yield return (ready.LastTransitionTime.ToOffset(), status.Verdict ?? nameof(Verdict.Unknown), status.Reason ?? "");
        }
    }

    /// <summary>As much of a plan's hash as tells it from others.</summary>
    public static string Short(string? hash) => hash?[..Math.Min(12, hash.Length)] ?? "";
}
