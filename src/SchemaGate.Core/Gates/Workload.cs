namespace SchemaGate.Core.Gates;

/// <summary>By what a revision of a workload that is held is kept from taking the place of the one that runs.</summary>
public enum Brake
{
    /// <summary>Its ReplicaSet is not made; <c>spec.paused</c> where that is not enough (<see cref="PauseNeed"/>).</summary>
    Birth,

    /// <summary><c>spec.updateStrategy.rollingUpdate.partition</c>, above any ordinal.</summary>
    Partition,

    /// <summary>
    /// Nothing that is written to it. A Rollout's ReplicaSet is not made; a DaemonSet's controller makes pods of the newest template, so a
    /// change of the template is refused.
    /// </summary>
    Refusal,
}

/// <summary>A workload as far as its hold depends on it.</summary>
/// <param name="Gated">Whether the workload carries the gated label.</param>
/// <param name="TemplateGated">Whether its pod template does.</param>
/// <param name="Paused"><c>spec.paused</c>.</param>
/// <param name="PauseAsked">Whether the owner asked for a pause by annotation (<see cref="Names.Paused"/>).</param>
/// <param name="Template">The pod template's <see cref="TemplateHash"/>.</param>
/// <param name="Requires">The pod template's annotation <see cref="Names.Requires"/>.</param>
/// <param name="Hold">What SchemaGate noted when it began to hold the workload.</param>
/// <param name="Record">What this template was released for, as the workload itself says.</param>
/// <param name="StrayRecord">
/// Whether it carries a record that proves nothing (another template's, another key's). The Deployment controller would copy it to its
/// ReplicaSet again and again.
/// </param>
public sealed record Workload(
    bool Gated,
    bool TemplateGated,
    bool Paused,
    bool PauseAsked,
    string Template,
    string? Requires,
    Hold? Hold,
    RevisionRecord? Record,
    bool StrayRecord = false)
{
    /// <summary>Whether it was let through, in whatever database: its pods are made again (<see cref="RevisionRecord.Covers"/>).</summary>
    public bool WasLetThrough => Record?.Covers(Requirement.Parse(Requires, out _)) ?? false;

    public Brake Brake { get; init; }

    /// <summary>Whether each of its pods is asked about (<see cref="Names.HoldPods"/>).</summary>
    public bool HoldsPods { get; init; }

    /// <summary>The partition of a StatefulSet's rolling update; null where none is written.</summary>
    public int? Partition { get; init; }

    /// <summary>How many old ReplicaSets without pods a Deployment keeps; null where that is the default, or no Deployment's.</summary>
    public int? HistoryLimit { get; init; }

    /// <summary>Whether its old pods go before its new ones come (strategy Recreate).</summary>
    public bool Recreates { get; init; }

    /// <summary><c>spec.replicas</c>.</summary>
    public int Wanted { get; init; } = 1;

    /// <summary>Its pods as its own status says.</summary>
    public PodCounts Reported { get; init; }
}

/// <summary>How many pods there are, and how many of them are ready and available.</summary>
public readonly record struct PodCounts(int Replicas, int Ready, int Available)
{
    public static PodCounts operator +(PodCounts left, PodCounts right) =>
        new(left.Replicas + right.Replicas, left.Ready + right.Ready, left.Available + right.Available);
}

/// <summary>A revision of a workload that exists: a ReplicaSet or a ControllerRevision.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Template">Its pod template's <see cref="TemplateHash"/>.</param>
/// <param name="Requires">Its pod template's annotation <see cref="Names.Requires"/>.</param>
/// <param name="Active">Whether it has, or is to have, pods: it runs and must stay re-creatable.</param>
/// <param name="Record">What it was released for.</param>
public sealed record Revision(string Name, string Template, string? Requires, bool Active, RevisionRecord? Record)
{
    /// <summary>Its pods as its own status says.</summary>
    public PodCounts Pods { get; init; }

    /// <summary>When its object was made, in UTC.</summary>
    public DateTime Made { get; init; }

    /// <summary>A Deployment's count of it, the highest for what it was set to last; null where nobody has counted it.</summary>
    public long? Number { get; init; }

    /// <summary>Whether it was made while nobody was asked: that it runs proves nothing.</summary>
    public bool Unasked { get; init; }
}

/// <summary>A gate as far as a hold depends on it.</summary>
/// <param name="Identity">The database in which it judges, as last read; null while none ever was.</param>
public sealed record GateView(string Name, string? Identity, Enforcement Enforcement, bool Suspend, PolicyMode Unpinned)
{
    /// <summary>Why it is there and cannot be read; null where it can be. Nothing that it says counts then.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The releases that its status keeps.</summary>
    public IReadOnlyList<Release> Released { get; init; } = [];
}
