using System.Text.Json.Serialization;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Status;

/// <summary>What <c>status</c> says of a cluster's gates: its JSON shape, and what its printer prints.</summary>
/// <param name="Namespace">Null for all.</param>
internal sealed record GatesReport(string? Namespace, IReadOnlyList<GateLine> Gates)
{
    /// <summary>A verdict on an earlier spec is none on this one.</summary>
    [JsonIgnore]
    public int ExitCode =>
        Gates.All(gate => gate.IsOpen) ? ExitCodes.Open : ExitCodes.Blocked;
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
    /// <summary>For whom, as a phrase; null where it is open.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>What opens it, one sentence each; empty where it is open.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>What it keeps waiting: <c>deployment/shop</c>, <c>job/report</c>.</summary>
    public IReadOnlyList<string> HeldObjects { get; init; } = [];

    public IReadOnlyList<UnappliedMigration> Unapplied { get; init; } = [];

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>Its last rehearsal; null where there never was one.</summary>
    public RehearsalLine? Rehearsal { get; init; }

    /// <summary>Its schema beside what the applied migrations build; null where nobody has compared them.</summary>
    public DriftLine? Drift { get; init; }

    [JsonIgnore]
    public bool IsOpen => this is { Verdict: nameof(Core.Gates.Verdict.Open), Current: true };

    public static GateLine Of(SchemaGateResource gate)
    {
        GateStanding standing = StatusMapping.Standing(gate);
        MigrationsStatus? migrations = gate.Status?.Migrations;
        string? identity = standing.View.Identity == DatabaseStatus.Unread ? null : standing.View.Identity;
        return new GateLine(
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
            OverrideLine.Of(gate.Status?.Override))
        {
            HeldObjects = gate.Status?.Held?.Objects ?? [],
            Unapplied = GateTimeline.Unapplied(gate.Status),
            Timeline = GateTimeline.Of(gate),
            Rehearsal = RehearsalLine.Of(gate.Status?.Rehearsal),
            Drift = DriftLine.Of(gate.Status?.Drift),
        }.Advised(runs: gate.Spec.Migrate?.Mode == nameof(MigrateMode.Job));
    }

    public static GateLine Missing(ObjectKey key) => new GateLine(
        key.Namespace, key.Name, nameof(Core.Gates.Verdict.Unknown), Reasons.GateNotFound, "There is no such gate. What names it is held.",
        Current: false, null, null, null, 0, null, "", null).Advised(runs: false);

    /// <param name="runs">Whether it applies its migrations itself.</param>
    private GateLine Advised(bool runs)
    {
        MigrationTool tool = Enum.TryParse(Tool, out MigrationTool named) ? named : MigrationTool.Prisma;
        return Verdict == nameof(Core.Gates.Verdict.Open) ? this : this with
        {
            WaitsFor = WaitWords.For(Reason, runs),
            Next = ReasonGuide.Of(Reason, tool)?.For(Namespace, Name).Next ?? [],
        };
    }
}
