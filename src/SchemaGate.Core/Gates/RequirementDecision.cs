using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates;

/// <summary>Whether one revision's requirement is satisfied.</summary>
public abstract record RequirementOutcome
{
    private RequirementOutcome()
    {
    }

    /// <summary>Every required migration is applied in this database, or was when the release was recorded.</summary>
    public sealed record Satisfied(Release Release) : RequirementOutcome;

    /// <summary>Not satisfied, or not known to be.</summary>
    public sealed record Closed(GateReason Why) : RequirementOutcome
    {
        /// <summary>A constant of <see cref="Reasons"/>.</summary>
        public string Reason => Why.Reason;

        public string Message => Why.Message;
    }
}

/// <summary>
/// Decides about the requirement of one revision, beside the gate's own decision: a revision that needs less than the gate's image is
/// let through while the gate is blocked. Satisfied means required ⊆ applied, by name.
/// </summary>
public static class RequirementDecision
{
    /// <param name="requirement">The requirement; its value is set.</param>
    /// <param name="input">The gate's input, with <see cref="GateInput.Changelog"/> being that of the requirement's own image.</param>
    /// <param name="digest">
    /// The digest to which the requirement's image resolves now; null for a migration's name, or where unknown.
    /// </param>
    public static RequirementOutcome Decide(Requirement requirement, GateInput input, string? digest)
    {
        Judgement judgement = requirement.IsImage ? Judgement.OfImage(input) : Judgement.OfMigration(input, requirement.Value!);
        (GateRule Rule, GateReason Result) closing = GateDecision.Run(judgement, RuleScope.Requirement).Find(pair => pair.Result.Closes);
        if (closing.Result is not { } result)
        {
            return judgement is { Pending.Count: 0, Required: not null, State: { } state }
                ? new RequirementOutcome.Satisfied(new(
                    requirement.Gate, requirement.Value!, digest, judgement.Through,
                    state.Identity.ToString(), input.Now, Reasons.Satisfied)
                {
                    Scope = requirement.IsImage ? input.Spec.Scope : null,
                })
                : new RequirementOutcome.Closed(new GateReason.NotRead());
        }

        return (Opened(requirement, input, digest) ?? Recorded(requirement, input, judgement, digest)) is { } release
            ? new RequirementOutcome.Satisfied(release)
            : new RequirementOutcome.Closed(result);
    }

    /// <summary>
    /// What a person has opened, whatever closes it. The release is for the revisions that begin by then, in whatever database that is.
    /// </summary>
    private static Release? Opened(Requirement requirement, GateInput input, string? digest) =>
        input.Override is not { } opened || !opened.Opens(requirement.Value, input.Now) ? null
        : new(
            requirement.Gate, requirement.Value!, digest, Through: null,
            (input.Database as Evidence<DatabaseState>.Found)?.Value.Identity.ToString() ?? input.KnownIdentity, input.Now,
            Reasons.Overridden);

    /// <summary>
    /// A release outlives an outage: a new revision with a requirement that this database has already satisfied needs no new evidence.
    /// A tag counts only by the digest to which it resolves now, and a release only if it went as far as is required now.
    /// </summary>
    private static Release? Recorded(Requirement requirement, GateInput input, Judgement judgement, string? digest)
    {
        bool outage = judgement.Database is Evidence<DatabaseState>.Unreachable && judgement.SpecProblems.Count == 0 && !input.Spec.Suspend;
        if (!outage || input.KnownIdentity is null || judgement.Required is null)
        {
            return null;
        }

        return input.Released.FirstOrDefault(release => release.Reason == Reasons.Satisfied
            && release.Gate == requirement.Gate
            && release.Identity == input.KnownIdentity
            && release.Through == judgement.Through
            && (requirement.IsImage ? digest is not null && release.Digest == digest : release.Requirement == requirement.Value));
    }
}
