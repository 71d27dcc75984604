using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Core.Gates;

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
        if (Unasked(requirement, gate) is { } answer)
        {
            return answer;
        }

        bool unpinned = requirement.Value is null;
        Requirement asked = requirement with { Value = requirement.Value ?? gate!.Image };
        if (gate!.Opened is not null && gate.Opened == asked.Value)
        {
            return new VerdictAnswer.Overridden(asked);
        }

        // Without a requirement the gate's spec is the question: an answer from before it changed is none.
        return (!unpinned || gate.Current) && gate.Released.Any(release => Counts(release, asked, gate))
            ? new VerdictAnswer.Satisfied(asked)
            : Why(asked, gate, workloads);
    }

    /// <summary>The answer where no requirement is asked for; null where one is.</summary>
    private static VerdictAnswer? Unasked(Requirement requirement, GateStanding? gate) => gate switch
    {
        null => new VerdictAnswer.GateNotFound(requirement.Gate),
        { View.Enforcement: Enforcement.Observe } => new VerdictAnswer.NotEnforced(requirement.Gate),
        { View.Unpinned: PolicyMode.Block } when requirement.Value is null => new VerdictAnswer.RequirementUnpinned(requirement.Gate),
        _ => null,
    };

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
            return new VerdictAnswer.Suspended(asked.Gate);
        }

        List<Release> own = [.. gate.Released.Where(release => IsOf(release, asked))];
        if (own.Exists(release => release.Reason == Reasons.HistoryRegressed && release.Identity == gate.View.Identity))
        {
            return new VerdictAnswer.HistoryRegressed(asked);
        }

        return own.Exists(release => release.Reason == Reasons.Satisfied && release.Identity != gate.View.Identity)
            ? new VerdictAnswer.DatabaseChanged(asked)
            : OwnImage(asked, gate) ?? Held(asked, workloads) ?? new VerdictAnswer.RequirementUnknown(asked);
    }

    private static VerdictAnswer? OwnImage(Requirement asked, GateStanding gate) => gate switch
    {
        _ when asked.Value != gate.Image => null,
        { Current: true, Verdict: not Verdict.Open, Reason: { } reason } => new VerdictAnswer.OnRecord(reason, gate.Message ?? ""),
        _ => new VerdictAnswer.AwaitingDecision(asked),
    };

    /// <summary>A hold's message begins with the name of the gate that it is about; another gate's says nothing here.</summary>
    private static VerdictAnswer? Held(Requirement asked, IReadOnlyList<Workload> workloads)
    {
        List<Workload> asking = [.. workloads.Where(workload => Requirement.Parse(workload.Requires, out _).Contains(asked))];
        string prefix = HoldWords.Prefix(asked.Gate);
        Hold? hold = asking.Where(workload => workload.Hold?.Template == workload.Template).Select(workload => workload.Hold)
            .FirstOrDefault(hold => hold!.Message.StartsWith(prefix, StringComparison.Ordinal));
        return (asking.Count, hold) switch
        {
            (0, _) => null,
            (_, null) => new VerdictAnswer.AwaitingDecision(asked),
            _ => new VerdictAnswer.OnRecord(hold.Reason, hold.Message[prefix.Length..]),
        };
    }

    private static bool IsOf(Release release, Requirement asked) => release.Gate == asked.Gate && release.Requirement == asked.Value;
}
