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
    public sealed record Held(string? Gate, string Reason, string Message) : HoldOutcome;

    /// <summary>It can never be judged as it is written: admission refuses it.</summary>
    public sealed record Refused(string? Gate, string Reason, string Message) : HoldOutcome;
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
        problem ??= workload.TemplateGated
            ? null
            : $"the pod template lacks the label {Names.Gated}: \"true\", by which its pods are known";
        if (problem is not null)
        {
            return new HoldOutcome.Refused(null, Reasons.RequirementInvalid, $"{problem}.");
        }

        List<RevisionRecord> records = [.. revisions.Where(revision => revision.Template == workload.Template)
            .Select(revision => revision.Record).Append(workload.Record).OfType<RevisionRecord>()];
        HoldOutcome[] outcomes = [.. requirements.Select(
            requirement => Decide(requirement, records, workload.Hold is not null, gates(requirement.Gate)))];
        return outcomes.OfType<HoldOutcome.Refused>().FirstOrDefault()
            ?? outcomes.OfType<HoldOutcome.Held>().FirstOrDefault() as HoldOutcome
            ?? new HoldOutcome.Pass();
    }

    /// <summary>The releases of a revision that count in the database that its gate names now.</summary>
    private static HoldOutcome Decide(Requirement requirement, List<RevisionRecord> records, bool isHeld, GateView? gate)
    {
        List<Release> releases = [.. records.Select(record => record.For(requirement)).OfType<Release>()];
        if (gate is { Enforcement: Enforcement.Observe } || releases.Exists(release => Counts(release, gate)))
        {
            return new HoldOutcome.Pass();
        }

        if (gate is { Suspend: true } && !isHeld)
        {
            return new HoldOutcome.Pass();
        }

        if (requirement.Value is null && gate is not { Unpinned: PolicyMode.Warn or PolicyMode.Ignore })
        {
            return new HoldOutcome.Refused(
                null,
                Reasons.RequirementUnpinned,
                $"{Names.Requires} names the gate {requirement.Gate} without a requirement; write {requirement.Gate}=<image or migration>.");
        }

        (string reason, string message) = Why(requirement, gate, releases.Count > 0);
        return new HoldOutcome.Held(requirement.Gate, reason, message);
    }

    private static bool Counts(Release release, GateView? gate) =>
        gate?.Identity is null || release.Identity is null || release.Identity == gate.Identity;

    private static (string Reason, string Message) Why(Requirement requirement, GateView? gate, bool releasedElsewhere) => gate switch
    {
        null => (
            Reasons.GateNotFound,
            $"There is no SchemaGate {requirement.Gate} in this namespace (yet). Apply it, or mend the annotation {Names.Requires}."),
        _ when releasedElsewhere => (
            Reasons.DatabaseChanged,
            $"{requirement} was released in another database than the one that the gate names now. It opens when this one has its migrations."),
        _ => (
            Reasons.AwaitingDecision,
            $"{requirement} has not been judged yet. `kubectl get schemagate {requirement.Gate}` shows what the gate waits for."),
    };
}
