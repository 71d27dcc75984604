namespace SchemaGate.Core.Gates;

/// <summary>
/// What a held Deployment comes back with from zero replicas. Its controller scales the ReplicaSet of its own template, or else the one
/// that was made last, and no other (<c>FindActiveOrLatest</c> in <c>pkg/controller/deployment/util</c>). Where that one may not start
/// nothing would run, so SchemaGate gives the replicas to what ran itself.
/// </summary>
internal static class Revival
{
    /// <returns>The revision that is to be given the Deployment's replicas; null where its controller does it, or none may start.</returns>
    public static Revision? Of(Workload workload, IReadOnlyList<Revision> revisions, Func<string, GateView?> gates)
    {
        if (workload is not { Brake: Brake.Birth, Wanted: > 0 } || revisions.Any(revision => revision.Active))
        {
            return null;
        }

        // Nobody is asked about what requires nothing.
        bool MayStart(Revision revision) => revision.Requires is null
            || HoldDecision.Decide(AsBirth(revision, workload), [], gates) is HoldOutcome.Pass;
        Revision? scaled = revisions.FirstOrDefault(revision => revision.Template == workload.Template)
            ?? revisions.MaxBy(revision => revision.Made);
        return scaled is null || MayStart(scaled) ? null : revisions.Where(MayStart).MaxBy(revision => revision.Number);
    }

    /// <summary>As its ReplicaSet is judged when it is given pods; that of the workload's template has its hold, too.</summary>
    private static Workload AsBirth(Revision revision, Workload workload) => new(
        Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, revision.Template, revision.Requires,
        revision.Template == workload.Template ? workload.Hold : null, revision.Record);
}
