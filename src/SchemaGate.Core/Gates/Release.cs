using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations.Layouts;

namespace SchemaGate.Core.Gates;

/// <summary>The recorded fact that a requirement was satisfied in one particular database, or was running when first seen.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Requirement">As the pod template states it: an image reference or a migration's name.</param>
/// <param name="Digest">The image's digest as it was resolved for that revision; null for a migration's name.</param>
/// <param name="Through">The last required migration; null when nothing was required or known.</param>
/// <param name="Identity">The database's <see cref="DatabaseIdentity"/> as text; null when it was not known.</param>
/// <param name="At">When.</param>
/// <param name="Reason"><see cref="Reasons.Satisfied"/> or <see cref="Reasons.Adopted"/>.</param>
public sealed record Release(
    string Gate,
    string Requirement,
    string? Digest,
    string? Through,
    string? Identity,
    DateTimeOffset At,
    string Reason)
{
    /// <summary>Which part of the image was required (<see cref="GateSpec.Scope"/>); null for all of the usual directory.</summary>
    public string? Scope { get; init; }

    /// <summary>Whether this is a release of the same requirement in the same database, whenever it was given.</summary>
    public bool SameFact(Release other) =>
        Gate == other.Gate && Requirement == other.Requirement && Digest == other.Digest && Through == other.Through
            && Identity == other.Identity && Scope == other.Scope
            && Reason == other.Reason;

    /// <summary>This release as it is to be remembered: one that the history contradicts must not count in the next outage.</summary>
    public Release Beside(DatabaseState? state) =>
        state is { IsStandby: false } && ContradictedBy(state) ? this with { Reason = Reasons.HistoryRegressed } : this;

    /// <summary>Whether the history of the release's own database lacks what the release says was applied there.</summary>
    public bool ContradictedBy(DatabaseState state) =>
        Reason is Reasons.Satisfied or Reasons.HistoryRegressed && Through is not null && Identity == state.Identity.ToString()
        && !MayHold(state.History ?? MigrationHistory.Empty, Through);

    /// <summary>Where only the file tells what the history calls a migration, nothing contradicts.</summary>
    private static bool MayHold(MigrationHistory history, string name) =>
        MigrationLayouts.Of(history.Tool).KeyOf(name) is null
            || MigrationLayouts.Named(history, set: null, [name]).Applied.ContainsKey(name);
}
