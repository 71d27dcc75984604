using System.Text.Json;
using k8s.Models;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>
/// A gate's status to and from the domain. Times are whole seconds, as Kubernetes keeps them, so that what is read equals what was written.
/// </summary>
internal static class StatusMapping
{
    /// <summary>Lists of names in status are cut: a status is read by people, and bounded.</summary>
    private const int MostNames = 50;

    public static GateMemory Memory(SchemaGateResource gate)
    {
        if (gate.Status is not { } status)
        {
            return GateMemory.None;
        }

        return new(
            status.ObservedGeneration == gate.Metadata.Generation,
            Enum.TryParse(status.Verdict, out Verdict verdict) ? verdict : Verdict.Unknown,
            status.Changelog?.Digest,
            status.Database?.Identity,
            [.. (status.Conditions ?? []).Select(ToGateCondition)]);
    }

    public static IReadOnlyList<Release> Released(SchemaGateResource gate) =>
        [.. (gate.Status?.Released ?? []).Select(release => new Release(
            gate.Metadata.Name!, release.Requirement ?? "", release.Digest, release.Through, release.Identity,
            release.At ?? DateTimeOffset.UnixEpoch, release.Reason ?? Reasons.Adopted) { Scope = release.Scope })];

    /// <summary>What is on record about a gate. Of a database that the spec names only now, nothing is known yet.</summary>
    public static GateStanding Standing(SchemaGateResource gate)
    {
        GateSpec spec = SpecReader.Read(gate.Spec).Spec;
        GateMemory memory = Memory(gate);
        string? identity = gate.Status?.Database?.Source == Source(gate.Spec.Database) ? memory.Identity : null;
        return new(
            new(gate.Metadata.Name!, identity, spec.Enforcement, spec.Suspend, spec.Policy.Unpinned),
            spec.Changelog.Image,
            memory.SameSpec,
            memory.Verdict,
            gate.Status?.Reason,
            gate.Status?.Message,
            gate.Status?.Changelog?.Image == spec.Changelog.Image ? memory.Digest : null,
            gate.Status?.Migrations?.Through,
            Released(gate))
        {
            Scope = spec.Scope,
            Unread = memory.Conditions.FirstOrDefault(
                condition => condition is { Type: GateConditions.DatabaseReachable, Status: not ConditionStatus.True })?.Reason,
        };
    }

    /// <summary>Whether writing a status would change nothing.</summary>
    public static bool Same(SchemaGateStatus left, SchemaGateStatus? right) => right is not null && Text(left) == Text(right);

    public static SchemaGateStatus Status(
        SchemaGateResource gate, GateInput input, Decision decision, IReadOnlyList<Release> released, HeldObjects held,
        IReadOnlyList<AskedStatus>? asked)
    {
        ChangelogEvidence? image = (input.Changelog as Core.Evidence<ChangelogEvidence>.Found)?.Value;
        DatabaseState? state = (input.Database as Core.Evidence<DatabaseState>.Found)?.Value;
        return new()
        {
            ObservedGeneration = gate.Metadata.Generation,
            Verdict = decision.Verdict.ToString(),
            Reason = decision.Reason,
            Message = decision.Message,
            Changelog = image is null ? Unread(gate.Status?.Changelog, input) : Changelog(image, gate.Status?.Changelog, input.Now),
            Database = state is null
                ? Remembered(gate, input.Fingerprint)
                : new()
                {
                    Source = Source(gate.Spec.Database),
                    Fingerprint = input.Fingerprint,
                    Identity = state.Identity.ToString(),
                    Standby = state.IsStandby,
                    Tool = (state.History?.Tool ?? input.Spec.Database.Tool ?? image?.Migrations.Tool)?.ToString(),
                },
            Migrations = decision.Migrations is { } migrations ? Migrations(migrations) : gate.Status?.Migrations,
            Drift = DriftMapping.Status(input.Drift?.Record),
            Plan = decision switch
            {
                { Migrations: null } => gate.Status?.Plan,
                { Plan: { } plan } => Plan(plan),
                _ => null,
            },
            Run = RunMapping.Status(decision.Run),
            Rehearsal = RehearsalMapping.Status(decision.Rehearsal),
            Notify = NotifyMapping.Status(decision.Notify),
            Override = RunMapping.Status(input.Override, input.Now),
            Loosened = RunMapping.Status(input.Loosened),
            Released = [.. released.Select(ToStatus)],
            Held = Held(held),
            Asked = asked,
            Conditions = [.. decision.Conditions.Select(condition => ToCondition(condition, gate.Metadata.Generation))],
        };
    }

    /// <summary>
    /// What was read of a database stays true of it in an outage, and while its Secret is gone; of another one nothing is known.
    /// </summary>
    /// <param name="gate">The gate as it is stored.</param>
    /// <param name="fingerprint">Its URL's; null where there is no URL.</param>
    public static DatabaseStatus? Remembered(SchemaGateResource gate, string? fingerprint)
    {
        string source = Source(gate.Spec.Database);
        if (gate.Status?.Database is not { } before)
        {
            return null;
        }

        // What an older version wrote has no fingerprint: this URL is taken for the one that it had read.
        return before.Source == source && (fingerprint is null || before.Fingerprint is null || before.Fingerprint == fingerprint)
            ? before with { Fingerprint = before.Fingerprint ?? fingerprint }
            : new() { Source = source, Fingerprint = fingerprint, Identity = DatabaseStatus.Unread };
    }

    private static string Source(DatabaseSpec? spec) =>
        $"{spec?.UrlFrom?.Name}/{spec?.UrlFrom?.Key}" + (spec?.Schema is { } schema ? $"?schema={schema}" : "");

    private static ChangelogStatus Changelog(ChangelogEvidence image, ChangelogStatus? before, DateTimeOffset now) => new()
    {
        Digest = image.Digest,
        Image = image.Source,
        Entries = image.Document.Entries.Count,
        Pending = image.Document.Count(Core.Changelogs.ChangelogStatus.Pending),
        // The time at which this digest was first seen: a status that changed at every look would never be quiet.
        ResolvedAt = before?.Digest == image.Digest && before?.Image == image.Source ? before?.ResolvedAt : WholeSeconds(now).UtcDateTime,
    };

    /// <summary>
    /// What was read stays on record in an outage. What the tag names by now is said though it was not read: what was released under the
    /// tag's old image says nothing of that one.
    /// </summary>
    private static ChangelogStatus? Unread(ChangelogStatus? before, GateInput input) =>
        input.ResolvedDigest is not { } digest || (before?.Digest == digest && before.Image == input.Spec.Changelog.Image) ? before
            : new() { Digest = digest, Image = input.Spec.Changelog.Image, ResolvedAt = WholeSeconds(input.Now).UtcDateTime };

    private static MigrationsStatus Migrations(MigrationSummary summary) => new()
    {
        Required = summary.Required,
        Applied = summary.Applied,
        Progress = $"{summary.Applied}/{summary.Required}",
        Pending = Cut(summary.Pending),
        Failed = Cut(summary.Failed),
        Edited = Cut(summary.Edited),
        Unknown = Cut(summary.Unknown),
        Through = summary.Through,
    };

    private static PlanStatus Plan(PlanSummary plan) => new()
    {
        Hash = plan.Hash,
        Risk = plan.Risk?.ToString() ?? "Unknown",
        Findings = plan.Findings,
        Approval = plan.Approval is { } approval ? new() { By = approval.By, At = WholeSeconds(approval.At).UtcDateTime } : null,
        Migrations = [.. plan.Migrations.Take(MostNames).Select(migration => new PlannedMigrationStatus
        {
            Name = migration.Name,
            Risk = migration.Risk.ToString(),
            Message = migration.Sentence,
        })],
    };

    private static HeldStatus Held(HeldObjects held) => new()
    {
        Workloads = held.Workloads.Count,
        Pods = held.Makers.Count,
        Objects = held.Workloads.Count + held.Makers.Count == 0 ? null : Cut(
            [.. held.Workloads.Order(StringComparer.Ordinal)
                .Concat(held.Makers.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))]),
    };

    private static List<string> Cut(IReadOnlyList<string> names) => [.. names.Take(MostNames)];

    private static ReleaseStatus ToStatus(Release release) => new()
    {
        Requirement = release.Requirement,
        Digest = release.Digest,
        Through = release.Through,
        Identity = release.Identity,
        At = WholeSeconds(release.At).UtcDateTime,
        Reason = release.Reason,
        Scope = release.Scope,
    };

    private static GateCondition ToGateCondition(V1Condition condition) => new(
        condition.Type,
        Enum.TryParse(condition.Status, out ConditionStatus status) ? status : ConditionStatus.Unknown,
        condition.Reason ?? "",
        condition.Message ?? "",
        condition.LastTransitionTime.ToOffset());

    private static V1Condition ToCondition(GateCondition condition, long? generation) => new()
    {
        Type = condition.Type,
        Status = condition.Status.ToString(),
        Reason = condition.Reason,
        Message = condition.Message,
        LastTransitionTime = WholeSeconds(condition.Since).UtcDateTime,
        ObservedGeneration = generation,
    };

    private static string Text(SchemaGateStatus status) => JsonSerializer.Serialize(status, ApiJson.Default.SchemaGateStatus);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

/// <summary>What a gate keeps waiting.</summary>
/// <param name="Workloads">As <c>deployment/NAME</c> or <c>statefulset/NAME</c>.</param>
/// <param name="Makers">Of each pod that waits, who made it: <c>job/NAME</c>, or <c>pod/NAME</c> for itself.</param>
internal sealed record HeldObjects(IReadOnlyList<string> Workloads, IReadOnlyList<string> Makers);
