namespace SchemaGate.Core.Gates;

/// <summary>The answer to who asks whether a requirement is released.</summary>
/// <param name="Released">Whether whoever waits for it may go on.</param>
/// <param name="Reason">A constant of <see cref="Reasons"/>.</param>
/// <param name="Message">One or two sentences for people.</param>
public sealed record VerdictAnswer(bool Released, string Reason, string Message);

/// <summary>
/// Whether a requirement counts as released, for someone who waits for it outside of any workload that SchemaGate holds: a pod's init
/// container, a pipeline. It rests on what is on record; a requirement that nobody has judged is not judged here.
/// </summary>
/// <remarks>
/// It mirrors <see cref="HoldDecision"/> for a workload that is held: whoever asks is waiting already, so a suspended gate lets nobody go.
/// Unlike a revision's own record, a release by adoption counts for nobody else: it says what ran, not what was applied.
/// </remarks>
public static class VerdictDecision
{
    /// <param name="requirement">What is waited for; without a value the gate's own image is meant, where its policy allows that.</param>
    /// <param name="gate">The gate; null where it does not exist (yet, or any more).</param>
    /// <param name="workloads">Those that name the gate: they tell why a requirement is not released, never that it is.</param>
    public static VerdictAnswer Decide(Requirement requirement, GateStanding? gate, IReadOnlyList<Workload> workloads)
    {
        if (gate is null)
        {
            return new(
                false,
                Reasons.GateNotFound,
                $"There is no SchemaGate {requirement.Gate} in this namespace (yet). Apply it, or mend the name.");
        }

        if (gate.View.Enforcement == Enforcement.Observe)
        {
            return new(true, Reasons.NotEnforced, $"The gate {requirement.Gate} only observes: nobody is kept waiting.");
        }

        if (requirement.Value is null && gate.View.Unpinned == PolicyMode.Block)
        {
            return new(
                false,
                Reasons.RequirementUnpinned,
                $"The gate {requirement.Gate} must be asked for an image or a migration: {requirement.Gate}=<image or migration>.");
        }

        bool unpinned = requirement.Value is null;
        Requirement asked = requirement with { Value = requirement.Value ?? gate.Image };
        if (gate.Opened is not null && gate.Opened == asked.Value)
        {
            return new(
                true,
                Reasons.Overridden,
                $"A person holds the gate open for {asked}: see its condition {GateConditions.Overridden}.");
        }

        // Without a requirement the gate's spec is the question: an answer from before it changed is none.
        return (!unpinned || gate.Current) && gate.Released.Any(release => Counts(release, asked, gate))
            ? new(true, Reasons.Satisfied, $"{asked} is released.")
            : Why(asked, gate, workloads);
    }

    private static bool Counts(Release release, Requirement asked, GateStanding gate) =>
        IsOf(release, asked)
        && release.Reason == Reasons.Satisfied
        && release.Identity is not null && release.Identity == gate.View.Identity
        && (!IsJudged(asked, gate) || (release.Digest == gate.Digest && release.Through == gate.Through));

    /// <summary>
    /// Whether the gate's last decision was about this very requirement. Then an older release of the same text counts no more: the tag
    /// may have moved, or more may be required than then.
    /// </summary>
    private static bool IsJudged(Requirement asked, GateStanding gate)
        => gate.Current && gate.Digest is not null && asked.Value == gate.Image;

    private static VerdictAnswer Why(Requirement asked, GateStanding gate, IReadOnlyList<Workload> workloads)
    {
        if (gate.View.Suspend)
        {
            return new(false, Reasons.Suspended, $"The gate {asked.Gate} is suspended (spec.suspend): it releases nothing that waits.");
        }

        if (gate.Released
            .Any(release => IsOf(release, asked) && release.Reason == Reasons.HistoryRegressed && release.Identity == gate.View.Identity))
        {
            return new(
                false,
                Reasons.HistoryRegressed,
                $"{asked} was released, and the history has lost migrations since. It opens when they are applied again.");
        }

        if (gate.Released
            .Any(release => IsOf(release, asked) && release.Reason == Reasons.Satisfied && release.Identity != gate.View.Identity))
        {
            return new(
                false, Reasons.DatabaseChanged,
                $"{asked} was released in another database than the one that the gate names now. It opens when this one has its migrations.");
        }

        return OwnImage(asked, gate) ?? Held(asked, workloads) ?? new(
            false, Reasons.RequirementUnknown,
            $"Nobody has judged {asked}: no gated workload and no gate's image asks for it. Set the gate's spec.changelog.image to it, or mend the requirement.");
    }

    private static VerdictAnswer? OwnImage(Requirement asked, GateStanding gate) =>
        asked.Value != gate.Image ? null
        : gate is { Current: true, Verdict: not Verdict.Open, Reason: { } reason } ? new(false, reason, gate.Message ?? "")
        : NotYet(asked);

    /// <summary>A hold's message begins with the name of the gate that it is about; another gate's says nothing here.</summary>
    private static VerdictAnswer? Held(Requirement asked, IReadOnlyList<Workload> workloads)
    {
        List<Workload> asking = [.. workloads.Where(workload => Requirement.Parse(workload.Requires, out _).Contains(asked))];
        Hold? hold = asking.Where(workload => workload.Hold?.Template == workload.Template).Select(workload => workload.Hold)
            .FirstOrDefault(hold => hold!.Message.StartsWith($"{asked.Gate}: ", StringComparison.Ordinal));
        return asking.Count == 0 ? null
            : hold is null ? NotYet(asked)
            : new(false, hold.Reason, hold.Message[(asked.Gate.Length + 2)..]);
    }

    private static VerdictAnswer NotYet(Requirement asked) => new(
        false, Reasons.AwaitingDecision,
            $"{asked} has not been judged yet. `kubectl get schemagate {asked.Gate}` shows what the gate waits for.");

    private static bool IsOf(Release release, Requirement asked) => release.Gate == asked.Gate && release.Requirement == asked.Value;
}
