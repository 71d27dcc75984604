namespace SchemaGate.Core.Gates;

/// <summary>When a gate is looked at again, if nothing happens before.</summary>
public static class Recheck
{
    /// <summary>However short the wait has been.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Who has waited a minute is looked at after six seconds more, and who has waited a night as seldom as the spec says: looking adds
    /// about a tenth to a wait, and the server is not asked every second until morning.
    /// </summary>
    /// <param name="usual">The spec's interval.</param>
    /// <param name="waitingSince">When the youngest wait began: a held workload's, or the gate's own. Null where nobody waits.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">
    /// From 0 to 1. Looks are up to a fifth earlier by chance, or a hundred gates that were created at once would ask at once for ever.
    /// </param>
    public static TimeSpan After(TimeSpan usual, DateTimeOffset? waitingSince, DateTimeOffset now, double chance)
    {
        TimeSpan interval = usual;
        if (waitingSince is { } since && (now - since) / 10 < usual)
        {
            interval = (now - since) / 10;
            interval = interval > Shortest ? interval : Shortest;
            interval = interval < usual ? interval : usual;
        }

        return interval * (1 - (chance / 5));
    }
}
