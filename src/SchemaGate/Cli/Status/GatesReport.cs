using System.Text.Json.Serialization;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Status;

/// <summary>What <c>status</c> says of a cluster's gates: its JSON shape, and what its printer prints.</summary>
/// <param name="Namespace">Null for all.</param>
internal sealed record GatesReport(string? Namespace, IReadOnlyList<GateLine> Gates)
{
    /// <summary>A verdict on an earlier spec is none on this one.</summary>
    [JsonIgnore]
    public int ExitCode =>
        Gates.All(gate => gate is { Verdict: nameof(Core.Gates.Verdict.Open), Current: true }) ? ExitCodes.Open : ExitCodes.Blocked;
}

/// <summary>One gate, in the words of its status.</summary>
/// <param name="Verdict">Open, Blocked, Migrating or Unknown.</param>
/// <param name="Current">Whether it was judged since its spec last changed.</param>
/// <param name="Required">How many migrations; this and the next two are null while image or history is unknown.</param>
/// <param name="Held">How many workloads.</param>
/// <param name="Since">Since when it has been ready, or not.</param>
/// <param name="Tool">Whose migrations and history these are; null while nobody has said or read it.</param>
/// <param name="Run">The gate's last run; null where there never was one.</param>
/// <param name="Plan">What a run would do, and who allows it; null where nothing is pending, or somebody else applies the
/// migrations.</param>
/// <param name="Override">Who holds the gate open, whatever closes it; null where nobody does.</param>
internal sealed record GateLine(
    string Namespace,
    string Name,
    string Verdict,
    string Reason,
    string Message,
    bool Current,
    int? Required,
    int? Applied,
    IReadOnlyList<string>? Pending,
    int Held,
    DateTimeOffset? Since,
    string Image,
    string? Identity,
    string? Tool = null,
    RunLine? Run = null,
    PlanStateLine? Plan = null,
    OverrideLine? Override = null)
{
    public static GateLine Of(SchemaGateResource gate)
    {
        GateStanding standing = StatusMapping.Standing(gate);
        MigrationsStatus? migrations = gate.Status?.Migrations;
        string? identity = standing.View.Identity == DatabaseStatus.Unread ? null : standing.View.Identity;
        return new(
            gate.Metadata.NamespaceProperty ?? "",
            gate.Metadata.Name ?? "",
            standing.Verdict.ToString(),
            standing.Reason ?? Reasons.AwaitingDecision,
            standing.Reason is null
                ? "Nobody has judged it yet. If it stays so, look whether the operator runs and watches the namespace."
                : standing.Message ?? "",
            standing.Current,
            migrations?.Required,
            migrations?.Applied,
            migrations?.Pending,
            gate.Status?.Held?.Workloads ?? 0,
            gate.Status?.Conditions?.FirstOrDefault(condition => condition.Type == GateConditions.Ready)?.LastTransitionTime.ToOffset()
                ?? gate.Metadata.CreationTimestamp.ToOffset(),
            standing.Image,
            identity,
            gate.Status?.Database?.Tool ?? gate.Spec.Database?.Tool,
            RunLine.Of(gate.Status?.Run),
            PlanStateLine.Of(gate.Status?.Plan, standing.Reason),
            OverrideLine.Of(gate.Status?.Override));
    }

    public static GateLine Missing(ObjectKey key) => new(
        key.Namespace, key.Name, nameof(Core.Gates.Verdict.Unknown), Reasons.GateNotFound, "There is no such gate. What names it is held.",
        Current: false, null, null, null, 0, null, "", null);
}
