namespace SchemaGate.Core.Gates;

/// <summary>
/// What is proved already at the birth of a revision: its requirement was satisfied before, in the database as last read. It needs
/// neither database nor leader.
/// </summary>
public static class ReleaseProof
{
    /// <summary>The newest of the gate's releases that satisfies a requirement; null where none does.</summary>
    /// <param name="requirement">What the revision needs.</param>
    /// <param name="gate">What is on record; null where the gate does not exist.</param>
    /// <param name="digest">To what the requirement's image resolves now: a tag may have moved. Null for a migration's name.</param>
    public static Release? Of(Requirement requirement, GateStanding? gate, string? digest) => requirement.IsImage && digest is null
        ? null
        : Candidates(requirement, gate).LastOrDefault(release => !requirement.IsImage || release.Digest == digest);

    /// <summary>Whether it is worth to ask a registry for the digest.</summary>
    public static bool IsPossible(Requirement requirement, GateStanding? gate) => Candidates(requirement, gate).Any();

    /// <summary>
    /// A suspended gate releases nothing. What is not pinned is judged by the gate's own image as it is now. An outage changes nothing of
    /// what was read; a Secret that is gone, or names another database or none, does.
    /// </summary>
    private static IEnumerable<Release> Candidates(Requirement requirement, GateStanding? gate) =>
        requirement.Value is null || gate is null or { View: { Suspend: true } or { Identity: null } }
        || gate.Unread is not (null or Reasons.DatabaseUnreachable) ? []
        : gate.Released.Where(release => release.Gate == requirement.Gate && release.Requirement == requirement.Value
            && release.Reason == Reasons.Satisfied && release.Identity == gate.View.Identity
            && (!requirement.IsImage || release.Scope == gate.Scope));
}
