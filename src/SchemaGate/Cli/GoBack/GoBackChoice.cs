using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.GoBack;

/// <summary>What <c>--to</c> means: one requirement of one gate, and the revisions on record that have it.</summary>
/// <param name="Requirement">Its value is set.</param>
/// <param name="Revisions">The newest first; none where it is on no record.</param>
internal sealed record GoBackChoice(Requirement Requirement, IReadOnlyList<PastRevision> Revisions)
{
    private const string Wanted = "--to: write an image, a migration's name, or GATE=IMAGE.";

    /// <summary>What is wrong with such a text, in a sentence that does not quote it: it may be a URL with a password. Null where
    /// nothing is.</summary>
    public static string? ProblemOf(string to) => Parts(to) is null ? Wanted : null;

    /// <param name="to">An image or a migration's name, perhaps behind a gate's name and an equals sign.</param>
    /// <param name="past">The workload.</param>
    /// <exception cref="UsageException">It does not tell one requirement.</exception>
    public static GoBackChoice Of(string to, WorkloadPast past)
    {
        (string? gate, string value) = Parts(to) ?? throw new UsageException(Wanted);
        List<Requirement> stated = [.. past.Revisions.SelectMany(revision => Requirements(revision.Requires))
            .Where(requirement => requirement.Value == value && IsOf(requirement, gate)).Distinct()];
        return stated.Count > 0
            ? Of(Single(stated, past), past)
            : OfContainers(gate, value, past) ?? new(new(gate ?? Gate(past), value), []);
    }

    private static (string? Gate, string Value)? Parts(string to)
    {
        (string? gate, string value) = to.Split('=', 2, StringSplitOptions.TrimEntries) is [var named, var behind]
            ? (named, behind)
            : (null, to.Trim());
        return value.Length == 0 || value.Any(char.IsWhiteSpace) || value.Contains("://", StringComparison.Ordinal)
            || (gate is not null && !Requirement.IsName(gate)) ? null : (gate, value);
    }

    private static GoBackChoice Of(Requirement requirement, WorkloadPast past) => new(
        requirement, [.. past.Revisions.Where(revision => Requirements(revision.Requires).Contains(requirement))]);

    /// <summary>By a container's image; null where no revision has it. Of several the newest says what it requires.</summary>
    private static GoBackChoice? OfContainers(string? gate, string image, WorkloadPast past)
    {
        if (past.Revisions.FirstOrDefault(revision => revision.Images.Contains(image, StringComparer.Ordinal)) is not { } found)
        {
            return null;
        }

        List<Requirement> required = [.. Requirements(found.Requires).Where(requirement => IsOf(requirement, gate))];
        Requirement one = required.Count == 0
            ? throw new UsageException(StyledText.Printable($"--to: {found.Word} of {past.Word} has that image and requires "
                + $"{(gate is null ? "no gate" : $"nothing of {gate}")}: nothing says for which migrations it was written."))
            : Single(required, past);
        return one.Value is null
            ? throw new UsageException(StyledText.Printable($"--to: {found.Word} of {past.Word} has that image and requires {one.Gate} "
                + "without an image or a migration: nothing says for which migrations it was written."))
            : Of(one, past) with
            {
                Revisions = [.. past.Revisions.Where(revision => revision.Images.Contains(image, StringComparer.Ordinal)
                    && Requirements(revision.Requires).Contains(one))],
            };
    }

    /// <summary>The only one that the workload names.</summary>
    private static string Gate(WorkloadPast past) => Requirements(past.Requires) switch
    {
        [var only] => only.Gate,
        [] => throw new UsageException($"--to: {past.Word} requires no gate, and no revision of it on record requires that. "
            + "Name the gate: --to GATE=IMAGE."),
        var several => throw new UsageException($"--to: {past.Word} requires {string.Join(", ", several.Select(one => one.Gate))}. "
            + "Name one: --to GATE=IMAGE."),
    };

    private static Requirement Single(List<Requirement> several, WorkloadPast past) => several is [var only]
        ? only
        : throw new UsageException(StyledText.Printable($"--to: several requirements of {past.Word} are meant: "
            + $"{string.Join(", ", several)}. Write one of them."));

    private static bool IsOf(Requirement requirement, string? gate) => gate is null || requirement.Gate == gate;

    private static IReadOnlyList<Requirement> Requirements(string? annotation) => Requirement.Parse(annotation, out _);
}
