namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>Pods of one revision that have not ended: they run, or are about to end.</summary>
/// <param name="Word">Whose they are, as people name it: <c>deployment/shop revision 4</c>, <c>job/import</c>.</param>
/// <param name="Requires">What they require of the gate: an image or a migration; null where they name the gate alone.</param>
/// <param name="Pods">How many.</param>
public sealed record RunningCode(string Word, string? Requires, int Pods)
{
    /// <summary>What the same workload's newest revision requires of the gate; null where that is not known, or it has none.</summary>
    public string? Next { get; init; }

    /// <summary>Another gate that holds that newest revision and waits for running code itself; null where none does.</summary>
    public string? HeldBy { get; init; }
}
