namespace SchemaGate.Core.Gates;

/// <summary>
/// Whether a held Deployment must be paused. Its new ReplicaSet's birth is refused, and the Deployment controller, which asks for it
/// before it touches anything else, tries again: scaling and re-creating what runs goes on, and nothing of the owner's is written. What
/// that leaves open (tried on Kubernetes 1.20 and 1.36) takes a pause, for as long as it is so.
/// </summary>
public static class PauseNeed
{
    /// <param name="workload">A workload that is held.</param>
    /// <param name="revisions">Its revisions.</param>
    public static bool Of(Workload workload, IReadOnlyList<Revision> revisions) =>
        // The old pods would go first.
        workload.Recreates
        // It is born already, so there is no birth to refuse: its release was taken back.
        || revisions.Any(revision => revision.Template == workload.Template)
        // Nothing runs that a change of the replicas would scale; a paused one scales its latest revision.
        || (workload.Wanted > 0 && revisions.Count > 0 && !revisions.Any(revision => revision.Active));

    /// <summary>
    /// Whether the status is another than that of the revisions. The controller does not come to writing it while a birth is refused,
    /// and does in a pause.
    /// </summary>
    public static bool IsStale(Workload workload, IReadOnlyList<Revision> revisions) =>
        revisions.Aggregate(default(PodCounts), (sum, revision) => sum + revision.Pods) != workload.Reported;
}
