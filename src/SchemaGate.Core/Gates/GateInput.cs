using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;

namespace SchemaGate.Core.Gates;

/// <summary>What the last decision said, as status keeps it.</summary>
/// <param name="SameSpec">Whether that decision was about the spec as it is now.</param>
/// <param name="Digest">The image's digest then.</param>
/// <param name="Identity">The database's identity then.</param>
public sealed record GateMemory(
    bool SameSpec,
    Verdict Verdict,
    string? Digest,
    string? Identity,
    IReadOnlyList<GateCondition> Conditions)
{
    public static GateMemory None { get; } = new(SameSpec: false, Verdict.Unknown, Digest: null, Identity: null, Conditions: []);
}

/// <summary>A condition as Kubernetes writes it (metav1.Condition), without the generation.</summary>
public sealed record GateCondition(string Type, ConditionStatus Status, string Reason, string Message, DateTimeOffset Since);

public enum ConditionStatus
{
    True,
    False,
    Unknown,
}

/// <summary>That the API server refuses a write, and goes on doing so.</summary>
/// <param name="What">As kubectl names it: <c>deployment/shop</c>.</param>
/// <param name="Words">The API server's own.</param>
public sealed record WriteRefusal(string What, string Words)
{
    public string Message => $"The API server refuses what the operator writes to {What}: {Words}";
}

/// <summary>Everything that a gate's decision rests on.</summary>
/// <param name="SpecProblems">What is wrong with the resource, one sentence each.</param>
/// <param name="Changelog">The image, or null when nobody asked it (a bad spec).</param>
/// <param name="Database">The database, or null when nobody asked it (no database was named).</param>
/// <param name="KnownIdentity">
/// The identity that was last read from this very URL, or while there is none; null where it was never reached.
/// </param>
/// <param name="Released">The releases that status keeps.</param>
/// <param name="Now">The time of the decision.</param>
public sealed record GateInput(
    GateSpec Spec,
    IReadOnlyList<string> SpecProblems,
    Evidence<ChangelogEvidence>? Changelog,
    Evidence<DatabaseState>? Database,
    string? KnownIdentity,
    IReadOnlyList<Release> Released,
    GateMemory Previous,
    DateTimeOffset Now)
{
    /// <summary>What could not be written of what was decided; null where all was.</summary>
    public WriteRefusal? Refused { get; init; }

    /// <summary>What the gate's image names now, as soon as that is known, whatever became of the rest; null where it is not.</summary>
    public string? ResolvedDigest { get; init; }

    /// <summary>When the database was read.</summary>
    public DateTimeOffset DatabaseAt { get; init; }

    /// <summary>What tells this URL from another one, and says nothing else of it; null where there is none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The gate's own runs; null for who runs nothing, such as <c>verify</c>.</summary>
    public RunEvidence? Run { get; init; }

    /// <summary>
    /// What is known of the live schema beside what the applied migrations build; null where nobody compares them.
    /// </summary>
    public DriftEvidence? Drift { get; init; }

    /// <summary>The pods that require anything of the gate and have not ended; null where nobody had to ask.</summary>
    public IReadOnlyList<RunningCode>? RunningCode { get; init; }

    /// <summary>Why nobody knows which CronJobs make pods later, in a sentence; null where that is known, or nobody had to ask.</summary>
    public string? UnlistedCode { get; init; }

    /// <summary>The sessions that code is known by; null where none gives its sessions a name, and where nobody had to ask.</summary>
    public SessionEvidence? Sessions { get; init; }

    /// <summary>What the gate's receiver knows; null for who tells nobody, such as <c>verify</c>.</summary>
    public NotifyEvidence? Notify { get; init; }

    /// <summary>Who last made the gate let more through than before; null where nobody did.</summary>
    public Loosened? Loosened { get; init; }

    /// <summary>The last override that is genuine, whatever it opens and whenever it ended.</summary>
    public Override? Override { get; init; }
}
