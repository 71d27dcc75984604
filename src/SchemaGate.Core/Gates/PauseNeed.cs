namespace SchemaGate.Core.Gates;

/// <summary>
/// Whether a held workload takes a pause or a partition. A StatefulSet's controller has no other way to keep what runs. The birth of a
/// Deployment's new ReplicaSet is refused, and its controller, which asks for it before it touches anything else, tries again: scaling
/// and re-creating what runs goes on, and nothing of the owner's is written. What that leaves open (tried on Kubernetes 1.20 and 1.36)
/// takes a pause, for as long as it is so.
/// </summary>
public static class PauseNeed
{
    /// <param name="workload">A workload that is held.</param>
    /// <param name="revisions">Its revisions.</param>
    public static bool Of(Workload workload, IReadOnlyList<Revision> revisions) => workload.Brake switch
    {
        Brake.Birth => OfDeployment(workload, revisions),
        // Once parted it stays so: at zero nothing runs, and the old revision is still the one to come back to.
        Brake.Partition => workload.Hold?.Partition is not null || Keeps(workload, revisions),
        _ => false,
    };

    /// <summary>Whether another revision runs, which must stay re-creatable.</summary>
    public static bool Keeps(Workload workload, IReadOnlyList<Revision> revisions) =>
        revisions.Any(revision => revision.Active && revision.Template != workload.Template);

    private static bool OfDeployment(Workload workload, IReadOnlyList<Revision> revisions) =>
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
    public static bool IsStale(Workload workload, IReadOnlyList<Revision> revisions) => workload.Brake == Brake.Birth
        && revisions.Aggregate(default(PodCounts), (sum, revision) => sum + revision.Pods) != workload.Reported;
}
