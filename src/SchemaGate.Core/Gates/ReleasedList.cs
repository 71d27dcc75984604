namespace SchemaGate.Core.Gates;

/// <summary>The releases that a gate's status keeps.</summary>
public static class ReleasedList
{
    private const int Kept = 20;

    /// <summary>
    /// The newest twenty of all that are known, and whatever a live revision rests on; each fact once, by its first time.
    /// </summary>
    public static IReadOnlyList<Release> Of(IEnumerable<Release> known, IReadOnlyList<Release> live)
    {
        List<Release> facts = [];
        foreach (Release release in known.Concat(live).OrderBy(release => release.At))
        {
            if (!facts.Exists(release.SameFact))
            {
                facts.Add(release);
            }
        }

        int first = facts.Count - Kept;
        return [.. facts.Where((release, index) => index >= first || live.Any(release.SameFact))];
    }
}
