namespace SchemaGate.Core.Gates;

/// <summary>What is to happen to a workload's current revision.</summary>
public abstract record HoldOutcome
{
    private HoldOutcome()
    {
    }

    /// <summary>It may run: it does already, it was released, or nothing is enforced.</summary>
    public sealed record Pass : HoldOutcome;

    /// <summary>It is kept from starting, by this gate (null: by what is wrong with the workload itself).</summary>
    /// <param name="Gate">Which gate.</param>
    /// <param name="Why">What is missing.</param>
    /// <param name="By">What that gate does about it; of several gates, the strictest.</param>
    public sealed record Held(string? Gate, HoldReason Why, Enforcement By = Enforcement.Hold) : HoldOutcome;

    /// <summary>It can never be judged as it is written: admission refuses it.</summary>
    public sealed record Refused(HoldReason Why) : HoldOutcome;
}

/// <summary>
/// Whether a workload's revision is held: a function of the object, its revisions and the gates, the same in admission and in the
/// reconcile loop. It needs no database and no registry, so a released revision is let through with everything else gone.
/// </summary>
public static class HoldDecision
{
    public static HoldOutcome Decide(Workload workload, IReadOnlyList<Revision> revisions, Func<string, GateView?> gates)
    {
        if (!workload.Gated || revisions.Any(revision => revision.Active && revision.Template == workload.Template))
        {
            return new HoldOutcome.Pass();
        }

        IReadOnlyList<Requirement> requirements = Requirement.Parse(workload.Requires, out string? problem);
        if (problem is not null)
        {
            return new HoldOutcome.Refused(new HoldReason.RequirementInvalid(problem));
        }

        if (!workload.TemplateGated)
        {
            return new HoldOutcome.Refused(new HoldReason.TemplateUngated());
        }

        List<RevisionRecord> records = [.. revisions.Where(revision => revision.Template == workload.Template)
            .Select(revision => revision.Record).Append(workload.Record).OfType<RevisionRecord>()];
        HoldOutcome[] outcomes = [.. requirements.Select(
            requirement => Decide(requirement, records, workload, gates(requirement.Gate)))];
        return outcomes.OfType<HoldOutcome.Refused>().FirstOrDefault()
            ?? outcomes.OfType<HoldOutcome.Held>().MaxBy(held => held.By) as HoldOutcome
            ?? new HoldOutcome.Pass();
    }

    /// <summary>The releases of a revision that count in the database that its gate names now.</summary>
    private static HoldOutcome Decide(Requirement requirement, List<RevisionRecord> records, Workload workload, GateView? gate)
    {
        List<Release> releases = [.. records.Select(record => record.For(requirement)).OfType<Release>()];
        if (gate is { Enforcement: Enforcement.Observe } || releases.Exists(release => Counts(release, gate)))
        {
            return new HoldOutcome.Pass();
        }

        if (gate is { Suspend: true } && workload.Hold is null)
        {
            return new HoldOutcome.Pass();
        }

        if (requirement.Value is null && gate is not { Unpinned: PolicyMode.Warn or PolicyMode.Ignore })
        {
            return new HoldOutcome.Refused(new HoldReason.RequirementUnpinned(requirement.Gate));
        }

        return new HoldOutcome.Held(requirement.Gate, Why(requirement, gate, releases.Count > 0), By(gate, workload));
    }

    private static Enforcement By(GateView? gate, Workload workload) => gate switch
    {
        { Enforcement: Enforcement.Pods } when !workload.HoldsPods => Enforcement.Hold,
        { Enforcement: var enforcement } => enforcement,
        null => Enforcement.Hold,
    };

    /// <summary>
    /// Where the gate is gone, or cannot be read, what was let through goes on as it did. Where its database has not been read, nothing
    /// says that it is the one in which the release was earned.
    /// </summary>
    private static bool Counts(Release release, GateView? gate) =>
        gate is null or { Unreadable: not null } || release.Identity is null || release.Identity == gate.Identity;

    private static HoldReason Why(Requirement requirement, GateView? gate, bool releasedElsewhere) => gate switch
    {
        null => new HoldReason.GateNotFound(requirement.Gate),
        { Unreadable: { } problem } => new HoldReason.GateUnreadable(requirement.Gate, problem),
        { Identity: not null } when releasedElsewhere => new HoldReason.DatabaseChanged(requirement),
        _ => new HoldReason.AwaitingDecision(requirement),
    };
}
