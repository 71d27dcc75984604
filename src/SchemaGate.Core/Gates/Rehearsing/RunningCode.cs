namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>Pods of one revision that have not ended: they run, are about to end, or are about to be made.</summary>
/// <param name="Word">Whose they are, as people name it: <c>deployment/shop revision 4</c>, <c>job/import</c>.</param>
/// <param name="Requires">
/// What they require of the gate: an image or a migration; null where they name the gate alone, or are of before they named it.
/// </param>
/// <param name="Pods">How many; 0 where there is none now and whatever makes them will make one.</param>
public sealed record RunningCode(string Word, string? Requires, int Pods)
{
    /// <summary>Whether all of them are being deleted, and nothing makes more: they end by themselves.</summary>
    public bool IsEnding { get; init; }

    /// <summary>
    /// Whether it has no pod, and makes one at a time that nobody knows: a CronJob, a workload without replicas, one that waits. It is
    /// told; to wait for it would be to wait for ever.
    /// </summary>
    public bool IsLater { get; init; }

    /// <summary>What the same workload's newest revision requires of the gate; null where that is not known, or it has none.</summary>
    public string? Next { get; init; }

    /// <summary>Whether the gate holds that newest revision because of what is pending.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Another gate that holds that newest revision and waits for running code itself; null where none does.</summary>
    public string? HeldBy { get; init; }
}
