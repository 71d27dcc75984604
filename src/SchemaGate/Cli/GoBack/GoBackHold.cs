using System.Globalization;
using SchemaGate.Api;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.GoBack;

/// <summary>Whether a gate would keep older code from starting again, by what is on record.</summary>
/// <param name="Holds">Null where nothing tells.</param>
/// <param name="Sentence">For people.</param>
internal sealed record GoBackHold(bool? Holds, string Sentence)
{
    /// <param name="choice">The requirement and its revisions.</param>
    /// <param name="past">The workload.</param>
    /// <param name="gate">What is on record of the gate.</param>
    /// <param name="missing">The migrations that are required and not applied.</param>
    public static GoBackHold Of(GoBackChoice choice, WorkloadPast past, GateStanding gate, IReadOnlyList<string> missing)
    {
        string name = choice.Requirement.Gate;
        Release? release = ReleaseOf(choice, gate);
        return gate switch
        {
            _ when !past.IsGated => new(false, $"{past.Word} is not gated: nothing holds it."),
            { View.Enforcement: Enforcement.Observe } => new(false, $"The gate {name} holds nothing (enforcement: Observe)."),
            { View.Suspend: true } => new(false, $"The gate {name} is suspended: it holds nothing that it does not hold already."),
            _ when missing.Count > 0 => new(
                true, $"The gate {name} would hold it: the database lacks {Names(missing)}, which it requires."),
            _ when release is { Reason: Reasons.Satisfied } => new(
                false, $"The gate {name} lets it start at once: it was released on {Day(release.At)}."),
            _ when release is not null => new(
                false, $"The gate {name} lets it start at once: it ran here already on {Day(release.At)}."),
            { View.Identity: null or DatabaseStatus.Unread } or { Unread: not null } => new(
                true, $"The gate {name} would hold it: no release is on record, and the gate has not read its database."),
            _ => new(
                false, $"No release is on record. The database has what it requires: the gate {name} lets it start when it has looked."),
        };
    }

    /// <summary>At most five by name.</summary>
    public static string Names(IReadOnlyList<string> names) => names.Count <= 5
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";

    /// <summary>
    /// What the gate has let through in this database. What it took over as it ran counts for revisions that are there, and nobody else.
    /// </summary>
    private static Release? ReleaseOf(GoBackChoice choice, GateStanding gate) => gate.Released.LastOrDefault(release =>
        release.Requirement == choice.Requirement.Value
        && release.Identity is not null && release.Identity == gate.View.Identity
        && (release.Reason == Reasons.Satisfied || (release.Reason == Reasons.Adopted && choice.Revisions.Count > 0)));

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
