using System.Text.Json.Serialization;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Verify;

namespace SchemaGate.Cli.Explain;

/// <summary>What <c>explain</c> says of a gate or a workload: its JSON shape, and what its printer prints.</summary>
/// <param name="Target"><c>gate/shop</c>, <c>deployment/shop</c>, <c>statefulset/db</c>, <c>pod/shop-5d-x7k2p</c> and so on.</param>
/// <param name="Open">Whether the gate is open, or nothing holds the workload.</param>
/// <param name="Message">The answer in a sentence.</param>
/// <param name="Gates">The gate, or those that the workload names.</param>
/// <param name="Workloads">The workload, or those that name the gate.</param>
/// <param name="Next">What opens it, one sentence each; empty where it is open.</param>
internal sealed record ExplainReport(
    string Target,
    string Namespace,
    bool Open,
    string Message,
    IReadOnlyList<GateExplanation> Gates,
    IReadOnlyList<WorkloadExplanation> Workloads,
    IReadOnlyList<string> Next)
{
    [JsonIgnore]
    public int ExitCode => Open ? ExitCodes.Open : ExitCodes.Blocked;
}

/// <param name="Gate">As <c>status</c> shows it.</param>
/// <param name="Meaning">What the reason means.</param>
/// <param name="Conditions">The witnesses' conditions that do not hold, or cannot be told.</param>
internal sealed record GateExplanation(GateLine Gate, string Meaning, IReadOnlyList<ConditionLine> Conditions);

/// <param name="Name"><c>deployment/shop</c>.</param>
/// <param name="Requires">The pod template's annotation.</param>
/// <param name="Held">
/// Whether SchemaGate holds it, as it has noted or as the API server has said in its name; the next three say why and since when, and are
/// null where it does not. Where only the API server has said so, since when is null, too.
/// </param>
/// <param name="Running">Its revisions that have pods, or are to have.</param>
internal sealed record WorkloadExplanation(
    string Name, string? Requires, bool Held, string? Reason, string? Message, DateTimeOffset? Since,
    IReadOnlyList<RunningRevision> Running)
{
    /// <summary>The command that goes back to what runs; null where there is nothing to go back to.</summary>
    [JsonIgnore]
    public string? WayBack { get; init; }
}

/// <summary>A revision that runs meanwhile.</summary>
/// <param name="Name">The ReplicaSet's or ControllerRevision's.</param>
internal sealed record RunningRevision(string Name, string? Requires, int Replicas, int Ready);

/// <summary>What <c>explain</c> says of a reason.</summary>
/// <param name="Verdict">The verdict of a gate with this reason; null, as the next three, for a reason of workloads, releases and
/// conditions.</param>
/// <param name="Ready">The three conditions as kstatus has them.</param>
internal sealed record ReasonReport(
    string Reason, string? Verdict, bool? Ready, bool? Reconciling, bool? Stalled, string Meaning, IReadOnlyList<string> Next);
