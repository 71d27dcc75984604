using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates;

/// <summary>A repeatable act on a workload or one of its revisions. The set is closed.</summary>
public abstract record WorkloadAction
{
    private WorkloadAction()
    {
    }

    /// <summary>Write pause, hold and record of a workload, as they are to be.</summary>
    /// <param name="Change">What that means to a person, for the event; null when only the words changed.</param>
    public sealed record Update(Pause Pause, RevisionRecord? Record, HoldOutcome? Change) : WorkloadAction;

    /// <summary>Write the record of a revision; null removes it.</summary>
    public sealed record Mark(string Revision, RevisionRecord? Record) : WorkloadAction;

    /// <summary>Give a revision without pods the workload's replicas: its controller would not (<see cref="Revival"/>).</summary>
    public sealed record Revive(string Revision) : WorkloadAction;
}

/// <summary>What is to be done with one workload that names a gate, and whether it is held after that.</summary>
public sealed record WorkloadPlan(bool Held, IReadOnlyList<WorkloadAction> Actions)
{
    /// <param name="workload">The workload as it is.</param>
    /// <param name="revisions">Its revisions.</param>
    /// <param name="gateName">The gate whose turn it is.</param>
    /// <param name="gates">All gates of the namespace, with the identities as just read.</param>
    /// <param name="outcome">The decision about the workload's requirement on this gate; null where there is none.</param>
    /// <param name="state">The gate's database as just read; null when it was not.</param>
    /// <param name="isStale">Whether the workload's status has been another than its revisions' for long.</param>
    /// <param name="now">The time of the decision.</param>
    public static WorkloadPlan For(
        Workload workload, IReadOnlyList<Revision> revisions, string gateName, Func<string, GateView?> gates,
        RequirementOutcome? outcome, DatabaseState? state, bool isStale, DateTimeOffset now)
    {
        // Revoked first: a workload must not be let through on a record that the history has just contradicted.
        Dictionary<string, RevisionRecord?> marks = Marks(revisions, gates(gateName), gateName, state, now);
        List<Revision> marked = [.. revisions.Select(revision => marks.TryGetValue(revision.Name, out RevisionRecord? record)
            ? revision with { Record = record } : revision)];
        RevisionRecord? record = Released(
            workload with { Record = Own(workload, revisions, gates(gateName), gateName, state, now) },
            marked,
            gates,
            outcome);
        HoldOutcome hold = Explained(HoldDecision.Decide(workload with { Record = record }, marked, gates), gateName, outcome);
        Pause pause = Pause.For(hold, workload, before: null, isStale || PauseNeed.Of(workload, marked), now);
        List<WorkloadAction> actions = [.. marks.Select(mark => new WorkloadAction.Mark(mark.Key, mark.Value))];
        Pause present = new(workload.Paused, workload.Hold) { Partition = workload.Partition, HistoryLimit = workload.HistoryLimit };
        if (pause != present || !Same(record, workload.Record)
            || (record is null && workload.StrayRecord))
        {
            actions.Add(new WorkloadAction.Update(pause, record, IsTold(pause.Hold, workload.Hold) ? null : hold));
        }

        // Where its controller is not paused it goes on with the rollout: its pods wait.
        if (pause is { Hold: not null, Paused: true } && hold is not HoldOutcome.Held { By: Enforcement.Pods }
            && Revival.Of(workload, marked, gates) is { } revived)
        {
            actions.Add(new WorkloadAction.Revive(revived.Name));
        }

        return new(pause.Hold is not null, actions);
    }

    /// <summary>
    /// What the records of revisions are to be: one that runs is adopted, one that does not run loses a release that the history
    /// contradicts. Nothing running is ever taken back.
    /// </summary>
    private static Dictionary<string, RevisionRecord?> Marks(
        IReadOnlyList<Revision> revisions, GateView? gate, string gateName, DatabaseState? state, DateTimeOffset now)
    {
        Dictionary<string, RevisionRecord?> marks = new(StringComparer.Ordinal);
        foreach (Revision revision in revisions)
        {
            RevisionRecord? record = revision.Active
                ? Adopted(revision, gate, gateName, state, now)
                : Revoked(revision.Record, gateName, state);
            if (!Same(record, revision.Record))
            {
                marks[revision.Name] = record;
            }
        }

        return marks;
    }

    /// <summary>
    /// What was let through because the gate's status proves it gets that very release. What was made while nobody was asked gets no other.
    /// </summary>
    private static RevisionRecord? Adopted(Revision revision, GateView? gate, string gateName, DatabaseState? state, DateTimeOffset now)
    {
        Requirement? requirement = Requirement.Parse(revision.Requires, out _).FirstOrDefault(requirement => requirement.Gate == gateName);
        if (requirement is null || state is null || revision.Record?.For(requirement) is not null)
        {
            return revision.Record;
        }

        string identity = state.Identity.ToString();
        Release? release = gate?.Released.LastOrDefault(release => release.Requirement == requirement.Value
            && release.Reason == Reasons.Satisfied && release.Identity == identity)
            ?? (revision.Unasked ? null : new(gateName, requirement.Value ?? gateName, null, null, identity, now, Reasons.Adopted));
        return release is null ? revision.Record : (revision.Record ?? new(revision.Template, [])).With(release);
    }

    private static RevisionRecord? Revoked(RevisionRecord? record, string gateName, DatabaseState? state)
    {
        if (record is null || state is null or { IsStandby: true })
        {
            return record;
        }

        List<Release> kept = [.. record.Releases.Where(release => release.Gate != gateName || !release.ContradictedBy(state))];
        if (kept.Count == record.Releases.Count)
        {
            return record;
        }

        return kept.Count == 0 ? null : record with { Releases = kept };
    }

    /// <summary>
    /// The Deployment controller copies the workload's record over that of the revision with its template. So the two are judged alike:
    /// else each would be written over by the other for ever. And a ReplicaSet that somebody deletes is born again from the workload's.
    /// </summary>
    private static RevisionRecord? Own(
        Workload workload, IReadOnlyList<Revision> revisions, GateView? gate, string gateName, DatabaseState? state, DateTimeOffset now)
    {
        Revision? running = revisions.FirstOrDefault(revision => revision.Active && revision.Template == workload.Template);
        return running is null
            ? Revoked(workload.Record, gateName, state)
            : Adopted(running with { Record = workload.Record ?? running.Record }, gate, gateName, state, now);
    }

    /// <summary>A fact that is recorded already is not recorded again: each write would ask for the next.</summary>
    private static RevisionRecord? Released(
        Workload workload, IReadOnlyList<Revision> revisions, Func<string, GateView?> gates, RequirementOutcome? outcome)
    {
        RevisionRecord? known = workload.Record ?? revisions.FirstOrDefault(revision => revision.Template == workload.Template)?.Record;
        return outcome is RequirementOutcome.Satisfied { Release: var release }
            && known?.Releases.Any(release.SameFact) != true
            && HoldDecision.Decide(workload, revisions, gates) is not HoldOutcome.Pass
                ? (known ?? new(workload.Template, [])).With(release)
                : workload.Record;
    }

    /// <summary>
    /// What admission would refuse stands here already, so it is held. The decision's own words are better than "not judged yet", but
    /// only about the gate whose turn it is: two gates must not write over each other's words for ever.
    /// </summary>
    private static HoldOutcome Explained(HoldOutcome hold, string gateName, RequirementOutcome? outcome)
    {
        HoldOutcome.Held? held = hold switch
        {
            HoldOutcome.Held itself => itself,
            HoldOutcome.Refused refused => new(Gate: null, refused.Why),
            _ => null,
        };
        return held?.Gate == gateName && outcome is RequirementOutcome.Closed closed
            ? held with { Why = new HoldReason.Closed(gateName, closed.Why) }
            : held ?? hold;
    }

    private static bool IsTold(Hold? now, Hold? before) => now?.Reason == before?.Reason && now?.Template == before?.Template;

    private static bool Same(RevisionRecord? left, RevisionRecord? right) =>
        ReferenceEquals(left, right)
        || (left is not null && right is not null && left.Template == right.Template && left.Releases.SequenceEqual(right.Releases));
}
