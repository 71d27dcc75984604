using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>Decides in admission, as HoldJudge does: from what is on record, and from what runs where that is not enough.</summary>
internal sealed class ModelJudge(ModelDatabase database, ModelGate gate)
{
    public HoldOutcome Decide(Workload workload, IReadOnlyList<Revision> revisions) =>
        HoldDecision.Decide(workload, revisions, name => name == "shop" ? gate.View : null);

    /// <returns>What is decided without a look at the revisions, and the workload with what is proved.</returns>
    public (HoldOutcome Outcome, Workload Proved) Prove(Workload workload, int template)
    {
        HoldOutcome outcome = Decide(workload, []);
        if (outcome is not HoldOutcome.Held)
        {
            return (outcome, workload);
        }

        Workload proved = Proved(workload, template);
        return (Decide(proved, []), proved);
    }

    /// <returns>The revisions are not read where the workload passes without.</returns>
    public (HoldOutcome Outcome, Workload Proved, IReadOnlyList<Revision> Revisions) Judge(
        Workload workload, int template, Func<IReadOnlyList<Revision>> read)
    {
        (HoldOutcome outcome, Workload proved) = Prove(workload, template);
        if (outcome is HoldOutcome.Pass)
        {
            return (outcome, proved, []);
        }

        IReadOnlyList<Revision> revisions = read();
        return (Decide(proved, revisions), proved, revisions);
    }

    private Workload Proved(Workload workload, int template) =>
        Requirement.Parse(workload.Requires, out _) is [var requirement]
        && ReleaseProof.Of(requirement, gate.Standing, database.Resolve(template)) is { } release
        && workload.Record?.Releases.Any(release.SameFact) != true
            ? workload with { Record = (workload.Record ?? new(workload.Template, [])).With(release) }
            : workload;
}
