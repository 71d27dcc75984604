using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>The sessions that only older code can have: its pods may be gone, or never have been in this cluster.</summary>
/// <param name="Open">They, by name.</param>
/// <param name="Shared">Names with open sessions that newer code gives, too: these tell nothing.</param>
/// <param name="Problem">Why nobody knows which there are, in a sentence; null where that is known.</param>
internal sealed record OldSessions(IReadOnlyList<OpenSessions> Open, IReadOnlyList<string> Shared, string? Problem)
{
    private static readonly OldSessions s_none = new([], [], null);

    public bool AreOver => Open.Count == 0 && Problem is null;

    /// <param name="evidence">Null where no code gives a name.</param>
    /// <param name="isOld">Whether code that requires this is older.</param>
    public static OldSessions Of(SessionEvidence? evidence, Func<string?, bool> isOld)
    {
        if (evidence is null)
        {
            return s_none;
        }

        ILookup<string, bool> ages = evidence.Named.Where(code => code.Kept is not null)
            .ToLookup(code => code.Kept!, code => isOld(code.Requires), StringComparer.Ordinal);
        HashSet<string> old = [.. ages.Where(name => name.All(isOlder => isOlder)).Select(name => name.Key)];
        NamedCode? unknown = evidence.Named.GroupBy(code => code.ApplicationName, StringComparer.Ordinal)
            .FirstOrDefault(name => name.All(code => code.Kept is null && isOld(code.Requires)))?.First();
        return evidence.Open switch
        {
            _ when unknown is not null => s_none with { Problem = Unknown(unknown) },
            Evidence<IReadOnlyList<OpenSessions>>.Found { Value: var open } => new(
                [.. open.Where(sessions => old.Contains(sessions.ApplicationName))],
                [.. open.Select(sessions => sessions.ApplicationName).Where(name => !old.Contains(name) && ages[name].Contains(true))],
                null),
            _ when old.Count == 0 => s_none,
            Evidence<IReadOnlyList<OpenSessions>>.Missing { Message: var why } => s_none with { Problem = why },
            Evidence<IReadOnlyList<OpenSessions>>.Unreachable { Message: var why } => s_none with { Problem = why },
            _ => s_none,
        };
    }

    /// <summary>The server may make one of two such names: newer code speaks only for a name that is written as its own.</summary>
    private static string Unknown(NamedCode code) =>
        $"the annotation {Names.ApplicationName} of what requires {code.Requires ?? "the gate alone"} has characters that are not "
            + "printable ASCII, which PostgreSQL replaces.";
}
