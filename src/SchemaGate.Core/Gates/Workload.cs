namespace SchemaGate.Core.Gates;

/// <summary>A workload as far as its hold depends on it.</summary>
/// <param name="Gated">Whether the workload carries the gated label.</param>
/// <param name="TemplateGated">Whether its pod template does.</param>
/// <param name="Paused"><c>spec.paused</c>.</param>
/// <param name="PauseAsked">Whether the owner asked for a pause by annotation (<see cref="Names.Paused"/>).</param>
/// <param name="Template">The pod template's <see cref="TemplateHash"/>.</param>
/// <param name="Requires">The pod template's annotation <see cref="Names.Requires"/>.</param>
/// <param name="Hold">What SchemaGate noted when it paused the workload.</param>
/// <param name="Record">What this template was released for, as the workload itself says.</param>
public sealed record Workload(
    bool Gated,
    bool TemplateGated,
    bool Paused,
    bool PauseAsked,
    string Template,
    string? Requires,
    Hold? Hold,
    RevisionRecord? Record);

/// <summary>A revision of a workload that exists: a ReplicaSet.</summary>
/// <param name="Name">The ReplicaSet's name.</param>
/// <param name="Template">Its pod template's <see cref="TemplateHash"/>.</param>
/// <param name="Requires">Its pod template's annotation <see cref="Names.Requires"/>.</param>
/// <param name="Active">Whether it has, or is to have, pods: it runs and must stay re-creatable.</param>
/// <param name="Record">What it was released for.</param>
public sealed record Revision(string Name, string Template, string? Requires, bool Active, RevisionRecord? Record);

/// <summary>A gate as far as a hold depends on it.</summary>
/// <param name="Identity">The database in which it judges, as last read; null while it is not known.</param>
/// <param name="Released">The releases that the gate's status keeps.</param>
public sealed record GateView(
    string Name, string? Identity, Enforcement Enforcement, bool Suspend, PolicyMode Unpinned, IReadOnlyList<Release>? Released = null)
{
    /// <summary>
    /// Whether this database has satisfied a requirement already. Only a gate that denies asks: what it refuses is never stored, so
    /// nothing could be judged for it later. A tag counts as the gate last resolved it.
    /// </summary>
    public bool HasSatisfied(Requirement requirement) => Enforcement == Enforcement.Deny && (Released ?? []).Any(release =>
        release.Reason == Reasons.Satisfied && release.Requirement == requirement.Value && release.Identity == Identity);
}
